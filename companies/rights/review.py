"""The periodic look at who holds what: each employee with protocols is confirmed by another, or loses them (S2-15)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.models import Confirmation, Grant, Membership
from companies.rights.grants import check_another
from companies.rights.matrix import live_grants
from companies.trail import record


@dataclass(frozen=True, slots=True)
class Due:
    """An employee with protocols: when he was last confirmed (None: never), and the day by which he must be."""

    membership: Membership
    protocols: list[str]
    confirmed_on: date | None
    due_on: date

    @property
    def mark(self) -> str:
        """What the reader saw when he confirmed it."""
        return " · ".join(self.protocols)

    def overdue(self, on: date) -> bool:
        """Whether the day has come."""
        return self.due_on <= on


def to_confirm() -> list[Due]:
    """Everybody with a live login who holds a protocol, soonest first; two queries."""
    last = dict(Confirmation.objects.values_list("membership").annotate(last=Max("on")))
    grants: dict[int, list[Grant]] = defaultdict(list)
    for grant in live_grants():
        if grant.membership.on:
            grants[grant.membership_id].append(grant)
    rows = [due_of(held, last.get(key)) for key, held in grants.items()]
    return sorted(rows, key=lambda row: (row.due_on, str(row.membership.user).casefold()))


def due_of(grants: list[Grant], confirmed_on: date | None) -> Due:
    """`settings.REVIEW_DAYS` after the last confirmation, or after the first of the protocols was given."""
    since = confirmed_on or min(grant.given_at.date() for grant in grants)
    names = [grant.protocol.name for grant in grants]
    return Due(grants[0].membership, names, confirmed_on, since + timedelta(days=settings.REVIEW_DAYS))


def overdue(on: date) -> int:
    """How many employees wait for a confirmation."""
    return sum(row.overdue(on) for row in to_confirm())


@step
def confirm_rights(*, membership: Membership, actor: Actor, on: date) -> Confirmation:
    """An administrator confirms that what an employee holds is still right. Raises BusinessError for himself."""
    check_another(membership, actor)
    if actor.membership_id is None:
        raise BusinessError(_("Rights are confirmed by an employee."), code="employee")
    names = Grant.objects.filter(membership=membership, taken_at=None).values_list("protocol__name", flat=True)
    confirmation = Confirmation.objects.create(
        membership=membership, protocols=sorted(names), by_id=actor.membership_id, on=on
    )
    record(membership, "rights.confirmed", actor=actor, on=on, protocols=len(confirmation.protocols))
    return confirmation
