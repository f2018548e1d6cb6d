"""Rules of acceptance changed in a draft: added, changed, moved, taken away, each time checked as a whole (S0-09)."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.trail import record
from products.language import check, fingerprint
from products.models import ProductVersion
from products.services.drafting import check_draft
from products.services.life import NotSound

Rules = list[dict[str, Any]]
UP, DOWN = "up", "down"


@step
def put_rule(*, version_id: int, rule: Mapping[str, Any], key: str | None, actor: Actor, on: date) -> ProductVersion:
    """Put a rule in the place of the one named `key`, or behind all others.

    Raises NotSound with each finding's path inside the rule, BusinessError where the draft is another's or none.
    """

    def put(rules: Rules) -> Rules:
        place = place_of(rules, key) if key else len(rules)
        if any(row["key"] == rule["key"] for n, row in enumerate(rules) if n != place):
            raise BusinessError(_("There is a rule %(key)s already.") % {"key": rule["key"]}, field="key")
        return [*rules[:place], {**(rules[place] if key else {}), **rule}, *rules[place + 1 :]]

    return change_rules(version_id, put, key=str(rule["key"]), actor=actor, on=on)


@step
def remove_rule(*, version_id: int, key: str, actor: Actor, on: date) -> ProductVersion:
    """Take a rule out of a draft."""
    return change_rules(version_id, lambda rules: without(rules, key), key=key, actor=actor, on=on)


@step
def move_rule(*, version_id: int, key: str, way: str, actor: Actor, on: date) -> ProductVersion:
    """Move a rule one place up or down; reasons are told in this order."""

    def moved(rules: Rules) -> Rules:
        place = place_of(rules, key)
        rest = without(rules, key)
        target = max(place - 1, 0) if way == UP else place + 1
        return [*rest[:target], rules[place], *rest[target:]]

    return change_rules(version_id, moved, key=key, actor=actor, on=on)


def change_rules(
    version_id: int, change: Callable[[Rules], Rules], *, key: str, actor: Actor, on: date
) -> ProductVersion:
    """Lock the draft, change its rules, check the whole document, keep it with its new hash."""
    version = ProductVersion.objects.select_for_update(of=("self",)).select_related("product").get(pk=version_id)
    check_draft(version, actor)
    definition = {**version.definition, "acceptance": change(list(version.definition.get("acceptance") or []))}
    if found := [error for error in check(definition)["errors"] if not error["path"].startswith("cases[")]:
        raise NotSound(_("The rule isn't sound yet."), found)
    version.definition, version.sha256 = definition, fingerprint(definition)
    version.save(update_fields=["definition", "sha256"])
    record(version, "product.rules_changed", actor=actor, on=on, number=version.number, rule=key)
    return version


def place_of(rules: Rules, key: str) -> int:
    """Where a rule stands."""
    for place, row in enumerate(rules):
        if row["key"] == key:
            return place
    raise BusinessError(_("There is no rule %(key)s any more.") % {"key": key})


def without(rules: Rules, key: str) -> Rules:
    """The other rules."""
    place = place_of(rules, key)
    return rules[:place] + rules[place + 1 :]
