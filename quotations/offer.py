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
RATE = Decimal("0.0001")  # as an invoice keeps a rate in percent


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
        return months_later(self.starts_on, self.months)

    @property
    def months(self) -> int:
        """How long the first term is: as long as the longest of its covers."""
        return max((section["term_months"] for section in self.premium["sections"]), default=12)

    def end_of(self, section: Mapping[str, Any]) -> date:
        """The day on which a cover is over (half open), which may be sooner than the term is."""
        return min(months_later(self.starts_on, section["term_months"]), self.ends_on)

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

    @property
    def section_taxes(self) -> dict[str, Mapping[str, Any]]:
        """The tax of each section as one row, in however many lines it was worked out: their sum, at their one rate; of
        several rates at that of the sum over the section's taxed parts, in percent to four decimals.
        """
        lines: dict[str, list[Mapping[str, Any]]] = {}
        for row in self.premium["tax_lines"]:
            lines.setdefault(row["section"], []).append(row)
        return {section: self.joined(section, rows) for section, rows in lines.items()}

    def joined(self, section: str, rows: list[Mapping[str, Any]]) -> Mapping[str, Any]:
        """The lines of a section's tax as one."""
        due = sum((amount(row["amount"]) for row in rows), ZERO)
        rates = {amount(row["rate"]) for row in rows if amount(row["amount"])} or {amount(rows[0]["rate"])}
        parts = [row for kind in ("premium", "fee") for row in self.components(kind)]
        base = sum((amount(row["amount"]) for row in parts if row["section"] == section and row.get("taxed")), ZERO)
        rate = sum(rates, ZERO) if len(rates) == 1 or base <= ZERO else (due / base * 100).quantize(RATE)
        return {**rows[0], "amount": str(due), "rate": str(rate)}

    def components(self, kind: str) -> list[Mapping[str, Any]]:
        """The parts of the price of a kind: premium, fee, tax, rounding."""
        return [row for row in self.premium["components"] if row["kind"] == kind]
