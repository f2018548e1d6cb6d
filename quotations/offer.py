"""The offer inside a quotation, read back from its JSON: what documents print and a policy is issued from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from common.periods import months_later

Texts = Mapping[str, str]
ZERO = Decimal("0.00")


def amount(text: Any) -> Decimal:
    """An amount or rate as it stands in the JSON."""
    return Decimal(str(text))


def spoken(texts: Texts | None, language: str) -> str:
    """A text in a language, else in English, else in whichever there is."""
    if not texts:
        return ""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()))


@dataclass(frozen=True)
class Offer:
    """A priced offer on one payment plan. Amounts are Decimal in the product's currency, rates are percent.

    Nobody is insured for days before his order: what would start or be due earlier starts and is due on `ordered_on`.
    """

    evaluation: Mapping[str, Any]
    plan: str
    ordered_on: date = date.min

    @cached_property
    def chosen(self) -> Mapping[str, Any]:
        """The plan of this offer with its instalments."""
        found: Mapping[str, Any] = next(row for row in self.evaluation["plans"] if row["plan"] == self.plan)
        return found

    @cached_property
    def premium(self) -> Mapping[str, Any]:
        """The price on this plan."""
        found: Mapping[str, Any] = self.chosen["premium"] or self.evaluation["premium"]
        return found

    @property
    def net(self) -> Decimal:
        return amount(self.premium["net"])

    @property
    def tax(self) -> Decimal:
        return amount(self.premium["tax"])

    @property
    def fees(self) -> Decimal:
        """Fees of the price and of the plan, and the final rounding."""
        return amount(self.premium["fees"]) + amount(self.chosen["fees"]) + amount(self.premium["rounding"])

    @property
    def total(self) -> Decimal:
        return amount(self.chosen["total"])

    @property
    def starts_on(self) -> date:
        """The first day of cover. Offers from before products said it hold it as an answer."""
        told = self.evaluation.get("starts_on") or self.evaluation["answers"].get("start_date")
        return max(date.fromisoformat(told or self.evaluation["as_of"]), self.ordered_on)

    @property
    def ends_on(self) -> date:
        """The day on which the first term is over (half open)."""
        months = min((section["term_months"] for section in self.premium["sections"]), default=12)
        return months_later(self.starts_on, months)

    @property
    def instalments(self) -> list[tuple[date, Decimal]]:
        """Days and amounts of the plan; their sum is the total."""
        return [
            (max(date.fromisoformat(row["due_on"]), self.ordered_on), amount(row["amount"]))
            for row in self.chosen["instalments"]
        ]

    def commission(self, receiver: str) -> Decimal:
        """What a receiver earns of this premium."""
        return sum((amount(row["amount"]) for row in self.premium["commission"] if row["receiver"] == receiver), ZERO)

    def components(self, kind: str) -> list[Mapping[str, Any]]:
        """The parts of the price of a kind: premium, fee, tax, rounding."""
        return [row for row in self.premium["components"] if row["kind"] == kind]
