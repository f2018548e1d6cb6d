"""Customers of a pool: insurers, broker groups, broker companies and intermediaries, each a party with its own file
(S1-16, S1-17).
"""

from datetime import date

from django.utils.translation import gettext_lazy as _

from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.trail import record
from relations.models import BENEATH, Party, PartyRole, RoleCode
from relations.services.parties import Person, find_match, register_party, serialise


@step
def register_member(*, person: Person, role: RoleCode, beneath: Party | None, on: date, actor: Actor) -> Party:
    """Take in a party in its role, a broker company beneath its group, an intermediary beneath his company.

    Raises BusinessError for one that is known already, and for a place that its role doesn't have.
    """
    check_place(role, beneath, on)
    party = register_new(person=person, on=on, actor=actor)
    PartyRole.objects.create(party=party, code=role, beneath=beneath, valid_from=on)
    record(party, "role.given", actor=actor, on=on, role=role.value)
    return party


@step
def register_new(*, person: Person, on: date, actor: Actor) -> Party:
    """Take in somebody nobody has met before; raises BusinessError naming the party that matches by two keys."""
    serialise([person])
    known = find_match(person)
    if known is not None:
        raise BusinessError(
            _("%(name)s is known already as %(number)s."), params={"name": known.name, "number": known.number}
        )
    return register_party(person=person, on=on, actor=actor)


def check_place(role: RoleCode, beneath: Party | None, on: date) -> None:
    """Company before person: an intermediary stands beneath a broker company, that alone or beneath a group."""
    above = BENEATH[role]
    if beneath is None:
        if role == RoleCode.INTERMEDIARY:
            raise BusinessError(
                _("An intermediary works for a broker company. Take in the company first."), field="beneath"
            )
        return
    if above is None or not beneath.roles.filter(code=above, valid_from__lte=on, valid_until=None).exists():
        raise BusinessError(
            _("%(name)s can't stand above a party of this kind: %(role)s."),
            params={"name": beneath.name, "role": role.label},
            field="beneath",
        )
