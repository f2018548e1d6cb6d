"""The premium for a part of a term: an offer whose every amount is cut to the share of the days, to the cent."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from common.money import cents
from quotations.offer import ZERO, Offer, amount


@dataclass(frozen=True)
class Enjoyed(Offer):
    """An offer over the days of cover that were enjoyed, until a day (half open)."""

    until: date = date.max

    @property
    def ends_on(self) -> date:
        return self.until


def enjoyed(offer: Offer, *, until: date) -> Enjoyed:
    """What of an offer's premium belongs to the days from its start until a day; nothing where cover hadn't begun.

    Each component and tax line is rounded by itself (half away from zero); the totals are their sums, in one payment.
    """
    days, whole = max((until - offer.starts_on).days, 0), (offer.ends_on - offer.starts_on).days

    def part(told: Any) -> Decimal:
        return cents(amount(told) * days / whole)

    evaluation = deepcopy(dict(offer.evaluation))
    plan = next(row for row in evaluation["plans"] if row["plan"] == offer.plan)
    premium = plan["premium"] = deepcopy(dict(offer.premium))
    cut(premium, part)
    plan["fees"] = str(part(plan["fees"]))
    total = sum((amount(premium[name]) for name in ("net", "tax", "fees", "rounding")), amount(plan["fees"]))
    plan["total"] = premium["total"] = str(total)
    plan["instalments"] = [{"number": 1, "due_on": until.isoformat(), "amount": str(total)}]
    evaluation["starts_on"] = offer.starts_on.isoformat()
    return Enjoyed(evaluation, offer.plan, until=until)


def cut(premium: dict[str, Any], part: Any) -> None:
    """Every amount of a price cut to its part; sums are made of the parts, so that they add up."""
    for row in premium["components"]:
        row["amount"], row["base"] = str(part(row["amount"])), row["base"] and str(part(row["base"]))
    for row in premium["tax_lines"]:
        row["amount"], row["base"] = str(part(row["amount"])), str(part(row["base"]))
    for row in premium["commission"]:
        row["amount"] = str(part(row["amount"]))
    for section in premium["sections"]:
        section["net"] = str(summed(premium, "premium", section["key"]))
    premium["steps"] = []
    premium["net"] = str(summed(premium, "premium"))
    premium["fees"] = str(summed(premium, "fee"))
    premium["rounding"] = str(summed(premium, "rounding"))
    premium["tax"] = str(sum((amount(row["amount"]) for row in premium["tax_lines"]), ZERO))


def summed(premium: Mapping[str, Any], kind: str, section: str | None = None) -> Decimal:
    """The components of a kind, of one section or of all."""
    rows = [row for row in premium["components"] if row["kind"] == kind and section in {None, row["section"]}]
    return sum((amount(row["amount"]) for row in rows), ZERO)
