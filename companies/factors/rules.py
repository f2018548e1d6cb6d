"""At which doors of a company a second factor is asked; of administrators it always is (S2-12, threats A16)."""

from collections.abc import Collection
from datetime import date

from common.db import step
from companies.actor import Actor
from companies.doors import BY_LOGIN, Door
from companies.models import DoorRule
from companies.trail import record


def asking_doors() -> set[Door]:
    """The doors of the current company at which everybody needs a second factor."""
    return {Door(door) for door in DoorRule.objects.filter(second_factor=True).values_list("door", flat=True)}


@step
def set_asking_doors(*, doors: Collection[Door], actor: Actor, on: date) -> None:
    """Ask for a second factor at these doors and at no other. It holds from the next page on, for those inside too."""
    rules = {rule.door: rule for rule in DoorRule.objects.select_for_update().order_by("pk")}
    for door in sorted(BY_LOGIN):
        rule = rules.get(door) or DoorRule(door=door, second_factor=False)
        asked = door in doors
        if asked != rule.second_factor:
            rule.second_factor = asked
            rule.save(update_fields=["second_factor"] if rule.pk else None)
            record(rule, "door.factor", actor=actor, on=on, door=door.value, asked=asked)
