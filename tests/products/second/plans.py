"""Payments of a plan: the total divided on cents, its fees, due days and refusals."""

from datetime import date
from decimal import Decimal
from typing import Any

from tests.products.second.days import later_by_months
from tests.products.second.faults import Fault
from tests.products.second.scope import Scope, at


def halves_up(above: int, below: int) -> int:
    """Whole cents, a half up."""
    return (2 * above + below) // (2 * below)


def cents(amount: Any) -> int:
    return int(Decimal(str(amount)).scaleb(2))


def divide(total: int, plan: dict[str, Any], deposit: int) -> list[int]:
    """The parts of a total by the plan's division."""
    count, division = int(plan["instalments"]), plan.get("division", "cumulative")
    if division == "cumulative":
        ends = [halves_up(total * number, count) for number in range(count + 1)]
        return [end - start for start, end in zip(ends, ends[1:], strict=False)]
    if division == "last_takes_rest":
        return last_takes_rest(total, count)
    if division == "deposit":
        first = min(deposit * halves_up(total, count), total)
        return [first, *anew(total - first, count - deposit, 0, 0)]
    return anew(total, count, cents(plan.get("minimum_instalment", 0)), cents(plan.get("minimum_last", 0)))


def last_takes_rest(total: int, count: int) -> list[int]:
    """Never more than is left."""
    parts: list[int] = []
    for _ in range(count - 1):
        parts.append(min(halves_up(total, count), total - sum(parts)))
    return [*parts, total - sum(parts)]


def anew(total: int, count: int, minimum: int, minimum_last: int) -> list[int]:
    """What is left by the parts that remain, at least the minimum; a small last part joins the one before."""
    parts: list[int] = []
    for remaining in range(count, 0, -1):
        left = total - sum(parts)
        if minimum and parts and not left:
            break
        parts.append(left if remaining == 1 else min(max(halves_up(left, remaining), minimum), left))
    if len(parts) > 1 and parts[-1] < minimum_last:
        small = parts.pop()
        parts[-1] += small
    return parts


def payments(scope: Scope, plan: dict[str, Any], total: Decimal, path: str) -> tuple[list[Decimal], list[date]]:
    """The parts without fee and their due days, each counted from the first day."""
    deposit = 0
    if plan.get("division") == "deposit":
        shares = scope.work(plan["deposit"], path)
        if shares != int(shares) or not 1 <= shares < int(plan["instalments"]):
            raise Fault("deposit", path)
        deposit = int(shares)
    parts = divide(cents(total), plan, deposit)
    first: date = scope.work(scope.document["payment"]["first_due"], path)
    shift = max(deposit - 1, 0)
    with at(path):
        days = [
            later_by_months(first, (number + (shift if number else 0)) * int(plan["interval_months"]))
            for number in range(len(parts))
        ]
    return [Decimal(part).scaleb(-2) for part in parts], days


def refusal(scope: Scope, plan: dict[str, Any], instalment: Decimal, total: Decimal, path: str) -> str | None:
    """The key of the first refusal that holds."""
    scope = scope.within({"instalment": instalment, "premium_total": total})
    for index, row in enumerate(plan.get("refusals", [])):
        if scope.holds(row, f"{path}.refusals[{index}]"):
            return str(row["key"])
    return None
