"""The steps of a price, in order, and what they add up to."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.products.second.amounts import step_is_amount
from tests.products.second.faults import Fault
from tests.products.second.figures import combined, to_cent, to_multiple
from tests.products.second.functions import total
from tests.products.second.scope import Scope, at

MOST = Decimal(10) ** 12
KINDS = ("premium", "tax", "fee", "rounding")


@dataclass
class Price:
    """What a plan's premium is made of."""

    steps: list[tuple[str, Any]] = field(default_factory=list)
    tax_lines: list[tuple[Any, ...]] = field(default_factory=list)
    sections: list[tuple[str, Decimal, Decimal | None]] = field(default_factory=list)  # key, net, insured sum
    sums: dict[str, Decimal] = field(default_factory=dict)
    commission: list[tuple[str, Decimal]] = field(default_factory=list)


def rate(scope: Scope, plan: dict[str, Any]) -> Price:
    """All steps for one plan."""
    scope = scope.within(plan_values(plan))
    scope.parts = []
    taken = sections_taken(scope)
    price, steps = Price(), scope.document["rating"]["steps"]
    for index, step in enumerate(steps):
        if "section" in step and step["section"] not in [row["key"] for row in taken]:
            continue
        take_step(scope, price, step, f"rating.steps[{index}]")
    add_up(scope, price, scope.values[steps[-1]["key"]], f"rating.steps[{len(steps) - 1}]")
    price.sections = [(row["key"], net_of(scope, row["key"]), insured_sum(scope, row)) for row in taken]
    for row in scope.document.get("commission", []):
        percent = combined("/", Decimal(str(row["percent"])), Decimal(100))
        price.commission.append((row["receiver"], to_cent(combined("*", price.sums["premium"], percent))))
    return price


def plan_values(plan: dict[str, Any]) -> dict[str, Any]:
    """What a formula knows of the plan."""
    return {
        "plan": plan["key"],
        "plan_instalments": Decimal(str(plan["instalments"])),
        "plan_surcharge_percent": Decimal(str(plan.get("surcharge_percent", 0))),
    }


def sections_taken(scope: Scope) -> list[dict[str, Any]]:
    rows = enumerate(scope.document["sections"])
    return [row for index, row in rows if scope.holds(row, f"sections[{index}]")]


def insured_sum(scope: Scope, section: dict[str, Any]) -> Decimal | None:
    if "insured_sum" not in section:
        return None
    place = scope.document["sections"].index(section)
    found: Decimal = scope.work(section["insured_sum"], f"sections[{place}].insured_sum")
    return found


def take_step(scope: Scope, price: Price, step: dict[str, Any], path: str) -> None:
    """Work a step out, round it, add it to its kind and list it."""
    holds = step.get("when") is None or scope.work(step["when"], path)
    formula = step["formula"] if holds else step.get("otherwise")
    if formula is None:
        return
    with at(path):
        value = rounded(scope, step, scope.work(formula, path))
        add_component(scope, price, step, value)
    scope.values[step["key"]] = value
    if holds and step.get("listed", True):
        price.steps.append((step["key"], value))


def rounded(scope: Scope, step: dict[str, Any], value: Any) -> Any:
    """By its rounding; an amount to the cent by default and at most 12 digits before the point."""
    amount, rounding = step_is_amount(step, scope.document), step.get("rounding")
    if isinstance(rounding, dict):
        value = to_multiple(value, Decimal(str(rounding["to"])), rounding.get("mode", "half_up"))
    elif rounding is None and amount:
        value = to_cent(value)
    if amount and value.copy_abs() >= MOST:
        raise Fault("amount_too_large")
    return value


def add_component(scope: Scope, price: Price, step: dict[str, Any], value: Any) -> None:
    """Add a whole number of cents to its kind; a tax with base and rate is a line of its section."""
    component = step.get("component")
    if component is None:
        return
    if value != to_cent(value):
        raise Fault("not_whole_cents")
    scope.parts.append((component["kind"], step.get("section"), value))
    scope = scope.within({step["key"]: value})
    found = {part: scope.work(component[part], "") for part in ("base", "rate") if part in component}
    if component["kind"] == "tax" and len(found) == 2:
        section = next(row for row in scope.document["sections"] if row["key"] == step["section"])
        tax = next(row for row in scope.document["taxes"] if row["key"] == section["tax"])
        told = [scope.work(tax[part], "") for part in ("country", "due_on")]
        price.tax_lines.append((section["key"], found["base"], found["rate"], value, *told))


def add_up(scope: Scope, price: Price, told: Decimal, path: str) -> None:
    """net + tax + fees + rounding = total, which isn't negative; the small difference is rounding."""
    price.sums = {name: total([value for kind, _, value in scope.parts if kind == name]) for name in KINDS}
    difference = combined("-", told, total(list(price.sums.values())))
    if difference.copy_abs() > Decimal(str(scope.document["rating"].get("rounding_limit", 0))):
        raise Fault("total_differs", path)
    if told < 0:
        raise Fault("negative_total", path)
    price.sums["rounding"] = combined("+", price.sums["rounding"], difference)
    price.sums["total"] = told


def net_of(scope: Scope, section: str) -> Decimal:
    return total([value for kind, where, value in scope.parts if kind == "premium" and where == section])
