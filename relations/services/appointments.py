"""Which advisers may sell for this company."""

from datetime import date

from common.db import step
from companies.actor import Actor
from companies.models import Company, Membership
from companies.trail import record
from relations.models import Appointment, Party


@step
def appoint(
    *, party: Party, code: str, broker_company: Company | None, lines_of_business: list[str], on: date, actor: Actor
) -> Appointment:
    """Let an adviser sell the given lines of business from a day on; the code stands in his links (S0-03)."""
    appointment = Appointment.objects.create(
        party=party, code=code, broker_company=broker_company, lines_of_business=lines_of_business, valid_from=on
    )
    record(party, "adviser.appointed", actor=actor, on=on, code=code)
    return appointment


@step
def suspend_appointment(*, appointment: Appointment, on: date, actor: Actor) -> Appointment:
    """Stop an adviser's new business from a day on; his link says so (S0-03)."""
    appointment.suspended_from = on
    appointment.save(update_fields=["suspended_from"])
    record(appointment.party, "adviser.suspended", actor=actor, on=on, code=appointment.code)
    return appointment


@step
def bind_membership(*, party: Party, membership: Membership) -> None:
    """A login at the advisers' door stands for this party."""
    party.membership = membership
    party.save(update_fields=["membership"])
