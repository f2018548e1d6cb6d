"""Who stands at a company's door: found by definer functions before any context is set."""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from companies.actor import KIND_AT, Actor
from companies.doors import PROCESS_OF, SEGMENTS, Door
from companies.links import hash_of
from companies.models import Company

SEGMENT_OF = {door: segment for segment, door in SEGMENTS.items()}
COLUMNS = (
    "id",
    "slug",
    "name",
    "kind",
    "country",
    "currency",
    "language",
    "time_zone",
    "rehearsal_of_id",
    "rehearsal_day",
)
AT_DOOR = (
    "SELECT c.id, c.slug, c.name, c.kind, c.country, c.currency, c.language, c.time_zone, c.rehearsal_of_id, "
    "c.rehearsal_day, m.membership_id, m.party_id, m.administrator "
    "FROM companies_company c LEFT JOIN sec.membership_at(c.id, %s, %s) m ON true WHERE c.slug = %s"
)


@dataclass(frozen=True, slots=True)
class Entrance:
    """A company as its door shows it, and the live membership found there (None: no access)."""

    company: Company
    membership_id: int | None
    party_id: int | None
    administrator: bool


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A live secret link: what it opens and for whom."""

    link_id: int
    case_id: int
    kind: str
    addressee: str


def find_entrance(slug: str, door: Door, user_id: int | None) -> Entrance | None:
    """The company behind a slug with the user's live membership at the door; None where there's no such company."""
    with connection.cursor() as cursor:
        cursor.execute(
            AT_DOOR,
            [user_id, door.value, slug],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    company = Company(**dict(zip(COLUMNS, row[: len(COLUMNS)], strict=True)))
    company._state.adding = False
    membership_id, party_id, administrator = row[len(COLUMNS) :]
    return Entrance(company, membership_id, party_id, bool(administrator))


def find_link(company_id: int, secret: str) -> OpenLink | None:
    """The live link of a secret inside the company; an unknown, expired, revoked or foreign one is None alike."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT link_id, case_id, kind, addressee FROM sec.enter_link(%s, %s)", [hash_of(secret), company_id]
        )
        row = cursor.fetchone()
    return OpenLink(*row) if row else None


def memberships_of(user_id: int) -> list[tuple[str, str, str]]:
    """The doors a user may go through: (slug, company's name, door), for the landing page."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT slug, name, door FROM sec.memberships(%s)", [user_id])
        return list(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Way:
    """One door a person may go through."""

    company: str
    door: Door
    url: str

    @property
    def title(self) -> str:
        """As a menu names it: the company and the door."""
        return f"{self.company}, {self.door.label}"


def ways_of(user_id: int) -> list[Way]:
    """The doors behind which a login has a live membership."""
    return [Way(name, Door(door), address_of(slug, Door(door))) for slug, name, door in memberships_of(user_id)]


def address_of(slug: str, door: Door) -> str:
    """Where a company's door stands: here, or under the address of the process that opens it."""
    path = f"/{slug}/{SEGMENT_OF[door]}/"
    if settings.PROCESS in {"manage", PROCESS_OF[door]}:
        return path
    return (settings.OFFICE_URL if PROCESS_OF[door] == "office" else settings.PUBLIC_URL) + path


def actor_at(entrance: Entrance, door: Door, *, user_id: int | None, link: OpenLink | None = None) -> Actor:
    """The principal as services know it."""
    return Actor(
        kind=KIND_AT[door],
        door=door,
        user_id=user_id,
        membership_id=entrance.membership_id,
        party_id=entrance.party_id,
        case_id=link.case_id if link else None,
        link_id=link.link_id if link else None,
        administrator=entrance.administrator,
    )
