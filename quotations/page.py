"""What a quotation's page shows, in the reader's language: cover, price by part, plans, terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application
from common.formats import amount as written
from common.formats import percent
from companies.models import Company
from quotations.models import Quotation
from quotations.offer import Offer, amount
from quotations.wording import Wording

COVER = {"insured": ("check", ""), "restrictions": ("alert", "mind"), "not_insured": ("cross", "no")}


@dataclass(frozen=True, slots=True)
class CoverLine:
    """One line of what is insured, what is limited, what isn't insured."""

    icon: str
    css: str
    text: str
    insured_sum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A payment plan to choose: `first` is its first instalment, `said` how the amounts run."""

    key: str
    name: str
    first: Decimal
    total: Decimal
    said: str
    instalments: tuple[tuple[date, Decimal], ...]


class QuotationPage:
    """One quotation as its page shows it. Amounts are in the company's currency."""

    def __init__(self, quotation: Quotation, application: Application, company: Company, language: str) -> None:
        self.quotation, self.offer = quotation, Offer(quotation.evaluation, quotation.plan)
        self.words = Wording(application, self.offer, company)
        self.words.language = self.words.product.language(language)
        self.name = self.words.holder_name

    @property
    def product_name(self) -> str:
        return self.words.product_name

    @property
    def address(self) -> str:
        """Street and town of the policyholder on one line."""
        return ", ".join(" ".join(line.split()) for line in self.words.addressee.lines[1:])

    @property
    def covers(self) -> list[CoverLine]:
        """The sections with their insured sums, then the lines of the information document that apply."""
        sections = [
            CoverLine("check", "", row.name, row.insured_sum if isinstance(row.insured_sum, Decimal) else None)
            for row in self.words.cover
        ]
        lines = [
            CoverLine(*COVER[row["heading"]], self.words.say(row["text"]))
            for heading in COVER
            for row in self.quotation.evaluation["ipid"]
            if row["heading"] == heading and row["mark"] != "none"
        ]
        return sections + lines

    @property
    def clauses(self) -> list[tuple[str, str]]:
        """Title and text of each term."""
        return [(clause.title, clause.text) for clause in self.words.clauses]

    @property
    def price(self) -> list[tuple[str, Decimal]]:
        """The price of the plan that was asked for, part by part; the parts add up to the total."""
        names = {section.key: self.words.say(section.names) for section in self.words.definition.sections}
        sections: dict[str, Decimal] = {}
        for row in self.offer.components("premium"):
            sections[row["section"] or ""] = sections.get(row["section"] or "", Decimal("0.00")) + amount(row["amount"])
        parts = [(premium_name(names.get(key, ""), len(sections)), value) for key, value in sections.items()]
        parts += [(charge.name, charge.amount) for charge in self.words.charges]
        parts += [(f"{tax.name} {percent(tax.rate)}", tax.amount) for tax in self.words.taxes]
        rounding = amount(self.offer.premium["rounding"])
        return parts + ([(_("Rounding"), rounding)] if rounding else [])

    @property
    def plans(self) -> list[PlanRow]:
        """Every plan that may be chosen, in the product's order."""
        return [self.plan(row) for row in self.words.allowed_plans]

    def plan(self, row: Mapping[str, Any]) -> PlanRow:
        parts = tuple((date.fromisoformat(part["due_on"]), amount(part["amount"])) for part in row["instalments"])
        return PlanRow(
            key=row["plan"],
            name=self.words.say(row["names"]),
            first=parts[0][1],
            total=amount(row["total"]),
            said=in_runs([value for _day, value in parts]),
            instalments=parts,
        )

    @property
    def chosen(self) -> PlanRow:
        """The plan that was asked for."""
        return self.plan(self.offer.chosen)

    @property
    def withdrawal(self) -> str:
        """The right to withdraw, as the product says it."""
        return self.words.say(self.words.definition.withdrawal.text)


def premium_name(section: str, count: int) -> str:
    """One section is simply the premium; several are named."""
    return _("Premium for %(section)s") % {"section": section} if section and count > 1 else _("Premium")


def in_runs(amounts: list[Decimal]) -> str:
    """How many instalments of which amount: 187.27 and 3 × 187.26; one payment is said in words."""
    if len(amounts) == 1:
        return _("One payment")
    runs = [(amounts.count(value), value) for value in dict.fromkeys(amounts)]
    words = [f"{count} × {written(value)}" if count > 1 else written(value) for count, value in runs]
    if len(words) == 1:
        return words[0]
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
