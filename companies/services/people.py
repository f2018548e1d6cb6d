"""The people of a company: switched on and off, their post, who administers, and whose sessions end (S1-12, S2-04)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils.translation import gettext as _

from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.doors import Door
from companies.models import Company, Membership
from companies.scope import company_scope
from companies.trail import record


def member_for_update(membership_id: int) -> Membership:
    """The one way to lock a membership. An administrator's locks those of all administrators first, in order, so that
    two who remove each other meet here.
    """
    list(Membership.objects.select_for_update().filter(administrator=True, on=True).order_by("pk"))
    return Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=membership_id)


def check_another(membership: Membership, actor: Actor) -> None:
    """Nobody changes his own access (the database refuses it too)."""
    if actor.user_id == membership.user_id:
        raise BusinessError(_("Your own access is changed by another administrator."), code="own_access")


def check_administrator_left(membership: Membership, company: Company) -> None:
    """Refuse to take the last administrator from a company that administers itself (S2-04)."""
    others = Membership.objects.filter(administrator=True, on=True, user__is_active=True).exclude(pk=membership.pk)
    if company.own_administrator_at is not None and membership.administrator and membership.on and not others.exists():
        raise BusinessError(
            _("%(name)s is the last administrator. Make somebody else one first."),
            params={"name": str(membership.user)},
            code="last_administrator",
        )


@step
def switch_member(*, company: Company, membership_id: int, turn_on: bool, actor: Actor, on: date) -> int | None:
    """Switch an employee on or off without deleting anything; off, his sessions end at once, and his login in the
    rehearsal goes too.

    How many sessions ended; None where he has a membership in another company as well, so that they aren't this
    company's to end: here he gets in no more either way. Raises BusinessError for oneself and the last administrator.
    """
    membership = member_for_update(membership_id)
    check_another(membership, actor)
    if membership.on == turn_on:
        return 0
    if not turn_on:
        check_administrator_left(membership, company)
    membership.on = turn_on
    membership.save(update_fields=["on"])
    record(membership, "member.on" if turn_on else "member.off", actor=actor, on=on)
    likewise_in_rehearsal(company, membership, actor=actor, on=turn_on)
    return 0 if turn_on else end_sessions_of(membership)


def likewise_in_rehearsal(company: Company, membership: Membership, *, actor: Actor, **change: bool) -> None:
    """The same change of his login in the company's rehearsal twin, if both are there."""
    twin = Company.objects.filter(rehearsal_of=company).first()
    if twin is not None:
        with company_scope(twin.pk, door=actor.door, actor=actor):
            Membership.objects.filter(user=membership.user_id, door=membership.door).update(**change)


@step
def change_post(*, membership_id: int, post: str, actor: Actor, on: date) -> Membership:
    """Another post of an employee, in the company's own words; it gives no right."""
    membership = member_for_update(membership_id)
    if membership.post != post:
        membership.post = post
        membership.save(update_fields=["post"])
        record(membership, "member.post_changed", actor=actor, on=on, changed=["post"])
    return membership


@step
def set_administrator(
    *, company: Company, membership_id: int, administrator: bool, actor: Actor, on: date
) -> Membership:
    """Make a live employee administrator, or no more. Raises BusinessError for oneself, for the last one, and for who
    is switched off or comes by another door.
    """
    membership = member_for_update(membership_id)
    check_another(membership, actor)
    if membership.administrator == administrator:
        return membership
    if administrator and (membership.door != Door.OFFICE or not membership.on):
        raise BusinessError(
            _("Expected an employee whose login is switched on, found %(name)s, whose isn't."),
            params={"name": str(membership.user)},
        )
    if not administrator:
        check_administrator_left(membership, company)
    membership.administrator = administrator
    membership.save(update_fields=["administrator"])
    record(membership, "member.administrator" if administrator else "member.no_administrator", actor=actor, on=on)
    likewise_in_rehearsal(company, membership, actor=actor, administrator=administrator)
    return membership


@step
def end_sessions(*, membership_id: int, actor: Actor, on: date) -> int | None:
    """End somebody's sessions at once; None where he is at another company too, then they are his own to end."""
    membership = Membership.objects.get(pk=membership_id)
    ended = end_sessions_of(membership)
    if ended:
        record(membership, "member.sessions_ended", actor=actor, on=on, sessions=ended)
    return ended


def end_sessions_of(membership: Membership) -> int | None:
    """The database ends them, for administrators only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.end_sign_ins(%s)", [membership.pk])
        (ended,) = cursor.fetchone()
    return None if ended is None else int(ended)


def works_elsewhere(membership: Membership) -> bool:
    """Whether the person has a live membership in another company."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.works_elsewhere(%s)", [membership.pk])
        (elsewhere,) = cursor.fetchone()
    return bool(elsewhere)


@dataclass(frozen=True, slots=True)
class Session:
    """A live session of one of the company's people; its key is known to nobody."""

    membership_id: int
    process: str
    address: str | None
    agent: str
    started_at: datetime
    seen_at: datetime
    verified_at: datetime | None
    factor: str


def who_is_in() -> list[Session]:
    """The live sessions of the current company's people, by the database, for administrators only; latest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT membership, process, host(address), agent, started_at, seen_at, verified_at, factor "
            "FROM sec.presence()"
        )
        return [Session(*row) for row in cursor.fetchall()]


def last_seen() -> dict[int, datetime]:
    """When each of the company's people was last seen, by membership; for administrators only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT membership, seen_at FROM sec.last_seen()")
        return dict(cursor.fetchall())
