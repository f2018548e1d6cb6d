"""Companies below a company: first the company, then its first employee, who takes in everybody else (S1-28 to S1-33).

A page can't enter the new company, so each step is promised here and carried out by a worker that stands in this one.
"""

from datetime import date, datetime

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.db import step
from common.errors import BusinessError
from companies.actor import ROBOT, Actor
from companies.doors import Door
from companies.jobs import enqueue
from companies.models import Company, CompanyKind, Founding, Invitation, Membership
from companies.models.company import RESERVED_SLUGS
from companies.scope import company_scope
from companies.services.founding import found_company
from companies.services.invitations import invite
from companies.trail import record

FOUND, INVITE_FIRST = "company.found", "company.invite_first"


def confirmations() -> dict[int, datetime | None]:
    """The companies below the current one: since when each works by itself (None: nobody has confirmed yet). Nothing
    else of them is seen from above.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT company, confirmed_at FROM sec.founded()")
        return dict(cursor.fetchall())


@step
def ask_for_company(
    *, party_id: int, name: str, slug: str, kind: CompanyKind, language: str, actor: Actor, on: date
) -> Founding:
    """A company of its own for a party: `slug` is the place in its addresses. Raises BusinessError if it is taken."""
    check_slug(slug)
    founding = Founding.objects.create(party_id=party_id, name=name, slug=slug, kind=kind, language=language)
    record(founding, "company.asked_for", actor=actor, on=on, slug=slug)
    enqueue(FOUND, key=f"{FOUND}:{founding.pk}", founding=founding.pk)
    return founding


def check_slug(slug: str) -> None:
    """An address is one company's alone, its rehearsal twin's included."""
    used = slug in RESERVED_SLUGS or slug.endswith("-rehearsal") or Company.objects.filter(slug=slug).exists()
    if used or Founding.objects.filter(slug=slug).exists():
        raise BusinessError(_("“%(slug)s” is taken. Choose another address."), params={"slug": slug}, field="slug")


@step
def found_below(*, founding_id: int, above: Company, on: date) -> Company:
    """Make the company that was asked for, empty but for its modules, parts and protocols; once."""
    founding = Founding.objects.select_for_update(of=("self",)).get(pk=founding_id)
    if founding.made is not None:
        return founding.made
    made = found_company(
        slug=founding.slug,
        name=founding.name,
        kind=CompanyKind(founding.kind),
        country=above.country,
        currency=above.currency,
        language=founding.language,
        time_zone=above.time_zone,
        founded_by=above,
        on=on,
    )
    founding.made = made
    founding.save(update_fields=["made"])
    record(founding, "company.founded_below", actor=ROBOT, on=on, slug=made.slug)
    with company_scope(made.pk, door=Door.WORKER, actor=ROBOT):
        record(made, "company.founded_from_above", actor=ROBOT, on=on, slug=above.slug)
    return made


@step
def invite_first(*, founding_id: int, name: str, email: str, actor: Actor, on: date) -> Founding:
    """Have the first administrator of a company below invited; until he confirms, another may be invited instead.

    Raises BusinessError before the company is set up, after somebody has confirmed, and for an employee of this one.
    """
    founding = Founding.objects.select_for_update(of=("self",)).get(pk=founding_id)
    check_order(founding)
    email = email.strip().lower()
    if Membership.objects.filter(user__email=email, door=Door.OFFICE, on=True).exists():
        raise BusinessError(
            _("%(email)s works here. A company below is administered by somebody of its own."),
            params={"email": email},
            field="email",
        )
    founding.administrator_name, founding.administrator_email, founding.invited_at = name, email, timezone.now()
    founding.save(update_fields=["administrator_name", "administrator_email", "invited_at"])
    record(founding, "company.first_invited", actor=actor, on=on, slug=founding.slug)
    enqueue(INVITE_FIRST, key=f"{INVITE_FIRST}:{founding.pk}:{founding.invited_at.isoformat()}", founding=founding.pk)
    return founding


def check_order(founding: Founding) -> None:
    """First the company, then its first employee, and after him nobody comes from above."""
    if founding.made_id is None:
        raise BusinessError(
            _("%(name)s isn't set up yet: first the company, then its employees."),
            params={"name": founding.name},
            code="order",
        )
    if confirmations().get(founding.made_id) is not None:
        raise BusinessError(
            _("%(name)s administers itself: its own administrator invites everybody else."),
            params={"name": founding.name},
            code="confirmed",
        )


@step
def send_first(*, founding_id: int, on: date) -> Invitation | None:
    """Write the invitation inside the company below; one that was written before holds no more. None where somebody
    has confirmed meanwhile.
    """
    founding = Founding.objects.select_related("made").get(pk=founding_id)
    made = founding.made
    if made is None or confirmations().get(made.pk) is not None:
        return None
    with company_scope(made.pk, door=Door.WORKER, actor=ROBOT):
        Invitation.objects.filter(taken_at=None, revoked_at=None).update(revoked_at=timezone.now())
        return invite(
            email=founding.administrator_email,
            name=founding.administrator_name,
            language=founding.language,
            door=Door.OFFICE,
            administrator=True,
            actor=ROBOT,
            on=on,
        )
