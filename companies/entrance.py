"""Who stands at a company's door. The database finds out and sets the context in the same statement: by the session
that logged in, by a secret link, or for anybody at the front office (companies.schema_context).
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from companies.actor import KIND_AT, Actor
from companies.doors import PROCESS_OF, SEGMENTS, Door
from companies.models import Company
from companies.schema_context import COLUMNS
from companies.signing import ask

SEGMENT_OF = {door: segment for segment, door in SEGMENTS.items()}
BY_LOGIN = (
    "SELECT e.*, set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', "
    "jsonb_strip_nulls(jsonb_build_object('kind', %s::text, 'door', %s::text, 'user_id', %s::bigint, "
    "'membership_id', e.membership_id, 'party_id', e.party_id, "
    "'administrator', nullif(e.administrator, false)))::text, true) FROM sec.enter_door(%s, %s, %s, %s) e"
)
OPENLY = (
    "SELECT e.*, set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', "
    "jsonb_strip_nulls(jsonb_build_object('kind', %s::text, 'door', %s::text, 'case_id', e.case_id, "
    "'link_id', e.link_id))::text, true) FROM sec.enter_openly(%s, %s, %s) e"
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session of a login: when it last proved a second factor and which (None: by password alone)."""

    verified_at: datetime | None
    factor: str


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A live secret link: what it opens and for whom."""

    link_id: int
    case_id: int
    kind: str
    addressee: str


@dataclass(frozen=True, slots=True)
class Entrance:
    """A company as its door shows it, who is in, and the live membership or link found there (None: no access).

    With `needs_factor` the context is set only after a second factor was proved.
    """

    company: Company
    sign_in: SignedIn | None = None
    membership_id: int | None = None
    party_id: int | None = None
    administrator: bool = False
    needs_factor: bool = False
    link: OpenLink | None = None


def company_of(row: "tuple[object, ...]") -> Company:
    """The company in the first columns of a row."""
    company = Company(**dict(zip(COLUMNS, row, strict=False)))
    company._state.adding = False
    return company


def enter_by_login(slug: str, door: Door, *, session_key: str, user_id: int | None) -> Entrance | None:
    """Enter a company's door with a session that logged in; None where there's no such company."""
    kind = KIND_AT[door].value
    rows = ask(
        BY_LOGIN,
        [str(uuid.uuid4()), kind, door.value, user_id, slug, door.value, session_key, user_id],
    )
    if not rows:
        return None
    signed_in, verified_at, factor, membership_id, party_id, administrator, needs = rows[0][len(COLUMNS) :][:7]
    return Entrance(
        company_of(rows[0]),
        sign_in=SignedIn(verified_at, factor or "") if signed_in else None,
        membership_id=membership_id,
        party_id=party_id,
        administrator=bool(administrator),
        needs_factor=bool(needs) and verified_at is None,
    )


def enter_openly(slug: str, door: Door, secret: str) -> Entrance | None:
    """Enter the front office, or a Case by its secret link; an unknown, expired, revoked or foreign one is None."""
    rows = ask(OPENLY, [str(uuid.uuid4()), KIND_AT[door].value, door.value, slug, door.value, secret])
    if not rows:
        return None
    link_id, case_id, kind, addressee = rows[0][len(COLUMNS) :][:4]
    link = OpenLink(link_id, case_id, kind, addressee) if link_id else None
    return Entrance(company_of(rows[0]), link=link)


def my_memberships() -> list[tuple[str, str, str]]:
    """The doors that the login of the context may go through: (slug, company's name, door)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT slug, name, door FROM sec.my_memberships()")
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


def my_ways() -> list[Way]:
    """The doors behind which the login of the context has a live membership."""
    return [Way(called(slug, name), Door(door), address_of(slug, Door(door))) for slug, name, door in my_memberships()]


def called(slug: str, name: str) -> str:
    """A company as a list of doors names it; its rehearsal bears the same name and must be told from it."""
    return _("%(company)s, rehearsal") % {"company": name} if slug.endswith("-rehearsal") else name


def address_of(slug: str, door: Door) -> str:
    """Where a company's door stands: here, or under the address of the process that opens it."""
    path = f"/{slug}/{SEGMENT_OF[door]}/"
    if settings.PROCESS in {"manage", PROCESS_OF[door]}:
        return path
    return (settings.OFFICE_URL if PROCESS_OF[door] == "office" else settings.PUBLIC_URL) + path


def actor_at(entrance: Entrance, door: Door, *, user_id: int | None) -> Actor:
    """The principal as services know it."""
    link = entrance.link
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
