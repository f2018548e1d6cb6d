from datetime import date

from django.db.models import Q, QuerySet

from companies.actor import Actor
from companies.doors import WHOLE
from relations.models import Address, Appointment, BankAccount, Party


def visible_to(actor: Actor) -> QuerySet[Party]:
    """Parties an actor may see: all of the company in the office; through other doors the wall shows those of visible
    cases.
    """
    if actor.door in WHOLE:
        return Party.objects.all()
    if actor.party_id is None and actor.case_id is None:
        return Party.objects.none()
    return Party.objects.all()


def standing(actor: Actor) -> QuerySet[Party]:
    """Visible parties that stand by themselves: not those that were merged into another."""
    return visible_to(actor).filter(merged_into=None)


def kept_of(party: Party) -> Party:
    """The party itself, or the one it was merged into: one party per company and person."""
    return party.merged_into or party


def account_on(party_id: int, on: date) -> BankAccount | None:
    """The party's bank account on a day."""
    holds = Q(valid_until=None) | Q(valid_until__gt=on)
    return BankAccount.objects.filter(holds, party=party_id, valid_from__lte=on).first()


def address_on(party_id: int, on: date) -> Address | None:
    """The party's address on a day."""
    holds = Q(valid_until=None) | Q(valid_until__gt=on)
    return Address.objects.filter(holds, party=party_id, valid_from__lte=on).first()


def find_appointment(*, code: str, on: date) -> Appointment | None:
    """The appointment behind an adviser's code if it holds on the day and isn't suspended."""
    return (
        Appointment.objects.select_related("party")
        .filter(Q(valid_until=None) | Q(valid_until__gt=on), code=code, valid_from__lte=on)
        .filter(Q(suspended_from=None) | Q(suspended_from__gt=on))
        .first()
    )


def appointment_of(party_id: int) -> Appointment | None:
    """The adviser's appointment, whatever its state."""
    return Appointment.objects.filter(party=party_id).order_by("-valid_from").first()


def holds_on(appointment: Appointment, on: date) -> bool:
    """Whether an appointment lets its adviser sell on a day."""
    ended = appointment.valid_until is not None and appointment.valid_until <= on
    suspended = appointment.suspended_from is not None and appointment.suspended_from <= on
    return appointment.valid_from <= on and not ended and not suspended


def appointments_on(on: date) -> QuerySet[Appointment]:
    """The appointments that hold on a day, by the advisers' names."""
    return (
        Appointment.objects.select_related("party")
        .filter(Q(valid_until=None) | Q(valid_until__gt=on), valid_from__lte=on)
        .filter(Q(suspended_from=None) | Q(suspended_from__gt=on))
        .order_by("party__sort_key", "pk")
    )
