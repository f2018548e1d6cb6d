"""The words of an application and its offer, in a language: names, answers, cover, premium, plans. Pages and papers of
quotation and policy share them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications.letterhead import addressee_of, holder_name
from applications.models import Application
from common.formats import day_in_prose
from companies.models import Company
from documents.rendering.contents import (
    Addressee,
    Adviser,
    Charge,
    Clause,
    Commission,
    Cover,
    Fact,
    Instalment,
    Plan,
    Premium,
    Step,
    Tax,
)
from products.language import Product as Compiled
from products.language import read_answer
from products.selectors import compiled
from quotations.models import Quotation
from quotations.offer import Offer, amount, spoken

PERCENT = Decimal(100)
YEAR = 12  # months


class Wording:
    """One application's words: names, answers, premium, plans; what quotation and policy share. In its own language,
    unless another is asked for.
    """

    def __init__(self, application: Application, offer: Offer, company: Company, language: str = "") -> None:
        self.application, self.offer, self.company = application, offer, company
        self.language = language or application.language
        self.product: Compiled = compiled(application.version)
        self.definition = self.product.definition
        self.holder: Mapping[str, Any] = application.parties["policyholder"]

    def say(self, texts: Mapping[str, str] | None) -> str:
        """A text of the product."""
        return spoken(texts, self.language)

    @property
    def product_name(self) -> str:
        return self.say(self.definition.names)

    @property
    def edition(self) -> str:
        return str(self.offer.evaluation["edition"] or "")

    @property
    def conditions(self) -> str:
        """The conditions that belong to the contract."""
        return _("Conditions of %(product)s, edition %(edition)s") % {
            "product": self.product_name,
            "edition": self.edition,
        }

    @property
    def information(self) -> str:
        """The paper that tells of the cover: the law's information document, or a plain summary where there is none."""
        return _("Summary of cover") if self.definition.ipid is None else _("Insurance product information document")

    @property
    def holder_name(self) -> str:
        return holder_name(self.application)

    @property
    def addressee(self) -> Addressee:
        """Name and address as they stand in the window."""
        return addressee_of(self.application, self.company.country)

    @property
    def others(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Who else was named, by what the product calls the role: who is insured, who pays."""
        parties = self.application.parties
        told = [(self.say(role.names), parties.get(role.role)) for role in self.definition.parties]
        return [(name, party) for name, party in told if party and party is not self.holder]

    @property
    def adviser(self) -> Adviser | None:
        party = self.application.adviser
        return Adviser(name=party.name, phone=party.phone) if party else None

    @property
    def risk(self) -> tuple[Fact, ...]:
        """The questions that were asked and the answers as given, without those of the system."""
        return tuple(
            Fact(label=self.say(spec.label), value=self.answer(key)) for key, spec in self.asked() if spec.to_applicant
        )

    def asked(self) -> list[tuple[str, Any]]:
        """Key and question of the asked set, in order."""
        specs = {part.spec.key: part.spec for part in self.product.questions}
        return [(key, specs[key]) for key in self.offer.evaluation["asked"]]

    def submitted(self) -> list[tuple[str, Any]]:
        """What the application holds: the asked set without what an acceptor set."""
        return [(key, spec) for key, spec in self.asked() if spec.set_by is None]

    def answer(self, key: str) -> str:
        """An answer in the reader's words."""
        value = self.application.answers.get(key)
        if value is None or value == []:
            return _("none")
        return self.product.answer_in_words(key, read_answer(self.product, key, value), self.language)

    def records(self, key: str) -> tuple[tuple[tuple[str, str], ...], ...]:
        """The records of a list: of each its fields' labels with the answers in words; none of another question."""
        told = self.application.answers.get(key)
        if self.product.types[key].kind != "list" or not told:
            return ()
        typed = read_answer(self.product, key, told)
        return tuple(tuple(record) for record in self.product.records_in_words(key, typed, self.language))

    @property
    def cover(self) -> tuple[Cover, ...]:
        """One row a section that is taken."""
        return tuple(
            Cover(
                name=self.section_name(row["key"]),
                scope=f"{self.scope(row['key'])} {self.sooner(row)}".strip(),
                insured_sum=amount(row["insured_sum"]) if row["insured_sum"] else _("by the conditions"),
                excess=_("see the clauses") if self.offer.evaluation["terms"] else _("by the conditions"),
            )
            for row in self.offer.premium["sections"]
        )

    def sooner(self, row: Mapping[str, Any]) -> str:
        """Until when a section is insured that ends before the others."""
        until = self.offer.end_of(row)
        words = {"day": day_in_prose(until, self.language)}
        return _("Insured until %(day)s, 00:00.") % words if until < self.offer.ends_on else ""

    def scope(self, section: str) -> str:
        """What a section covers: the lines of the information document grouped under its name, else its first line."""
        rows, name = self.offer.evaluation["ipid"], self.section_name(section)
        own = [self.say(row["text"]) for row in rows if row["heading"] == "insured" and self.say(row["group"]) == name]
        first = [self.say(row["text"]) for row in rows if row["heading"] == "type_of_insurance"]
        ended = [line if line.endswith((".", "!", "?")) else f"{line}." for line in own]
        return " ".join(ended) or next(iter(first), "") or self.say(self.definition.description)

    @property
    def premium(self) -> Premium:
        """The worksheet from the first step to the total."""
        rows = [row for row in self.offer.premium["steps"] if self.is_shown(row)]
        adding = self.adding(rows)
        return Premium(
            steps=tuple(
                Step(
                    name=self.section_name(row["section"]),
                    how=self.say(row["how"]),
                    amount=amount(row["value"]),
                    on_the_way=row["key"] not in adding,
                )
                for row in rows
            ),
            net=self.offer.net,
            charges=self.charges,
            taxes=self.taxes,
            rounding=amount(self.offer.premium["rounding"]),
            total=self.offer.total,
            yearly=self.offer.months == YEAR,
        )

    def adding(self, rows: list[Mapping[str, Any]]) -> set[str]:
        """The steps that add up to the net premium: of each part the last in its section with its amount. All, where
        that isn't the sum, since then none is told from a value on the way.
        """
        parts = {(part["section"], amount(part["amount"])) for part in self.offer.components("premium")}
        last = {(row["section"], amount(row["value"])): row for row in rows}
        found = [row for place, row in last.items() if place in parts]
        whole = sum((amount(row["value"]) for row in found), Decimal(0)) == self.offer.net
        return {row["key"] for row in (found if whole else rows)}

    def is_shown(self, row: Mapping[str, Any]) -> bool:
        """Whether a step stands on paper: an amount that leads to the net premium."""
        return bool(row["listed"]) and row["type"] == "money" and row["value"] is not None and self.is_net(row)

    def section_name(self, key: str | None) -> str:
        """The cover unit a step belongs to, as the reader calls it."""
        names = {section.key: section.names for section in self.definition.sections}
        return self.say(names[key]) if key in names else self.product_name

    def is_net(self, row: Mapping[str, Any]) -> bool:
        """Whether a step leads to the net premium; tax, fees and the total have rows of their own."""
        others = {part["key"] for part in self.offer.premium["components"] if part["kind"] != "premium"}
        totals = {step.key for step in self.definition.rating.steps if step.total}
        return row["key"] not in others | totals

    @property
    def charges(self) -> tuple[Charge, ...]:
        names = fee_names(self.offer, self.definition.languages)
        fees = [row for row in self.offer.components("fee") if amount(row["amount"])]
        found = [
            Charge(name=self.say(names[row["key"]]), amount=amount(row["amount"]), taxed=row["taxed"]) for row in fees
        ]
        if plan_fees := amount(self.offer.chosen["fees"]):
            found.append(Charge(name=_("Costs of paying in instalments"), amount=plan_fees, taxed=False))
        return tuple(found)

    @property
    def taxes(self) -> tuple[Tax, ...]:
        """Each tax by its rate, over all sections together; a second one over the same section stands apart."""
        found: dict[tuple[Any, ...], Tax] = {}
        seen: Counter[tuple[Any, ...]] = Counter()
        for row in self.offer.premium["tax_lines"]:
            if amount(row["base"]) or amount(row["amount"]):
                tax = self.tax(row)
                kind, section = (tax.name, tax.rate), (row["section"], tax.name, tax.rate)
                before = found.get(key := (*kind, seen[section]))
                seen[section] += 1
                found[key] = tax.beside(before) if before else tax
        return tuple(found.values())

    def tax(self, row: Mapping[str, Any]) -> Tax:
        """One line of a tax; where none is due it has no rate, and says why."""
        names = {tax.key: tax.names for tax in self.definition.taxes}
        due = amount(row["rate"]) or amount(row["amount"])
        return Tax(
            rate=amount(row["rate"]) / PERCENT if due else None,
            base=amount(row["base"]),
            amount=amount(row["amount"]),
            name=self.say(None if due else row.get("exemption")) or self.say(names.get(row["tax"])),
        )

    def plan(self, row: Mapping[str, Any], *, chosen: bool) -> Plan:
        parts = tuple(
            Instalment(due_on=date.fromisoformat(part["due_on"]), amount=amount(part["amount"]))
            for part in row["instalments"]
        )
        cheapest = min(amount(plan["total"]) for plan in self.allowed_plans)
        return Plan(
            name=self.say(row["names"]),
            instalments=parts,
            total=amount(row["total"]),
            surcharge=amount(row["total"]) - cheapest,
            chosen=chosen,
        )

    @property
    def allowed_plans(self) -> list[Mapping[str, Any]]:
        return [plan for plan in self.offer.evaluation["plans"] if plan["allowed"]]

    @property
    def plans(self) -> tuple[Plan, ...]:
        return tuple(self.plan(row, chosen=row["plan"] == self.offer.plan) for row in self.allowed_plans)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        terms = self.offer.evaluation["terms"]
        return tuple(
            Clause(code=code, title=self.say(row["names"]), text=self.say(row["text"]))
            for code, row in zip(codes_of([row["key"] for row in terms]), terms, strict=True)
        )

    @property
    def commission(self) -> Commission | None:
        """What the adviser earns, in euros; nothing where there is none."""
        party, earned = self.application.adviser, self.offer.commission("adviser")
        later = None if self.definition.renewal.kind == "ends" else earned
        return Commission(recipient=party.name, first_year=earned, later_years=later) if party and earned else None


def codes_of(keys: Sequence[str]) -> list[str]:
    """Clauses by the first part of their keys, T01 of T01_LOCK; by whole keys where two would be called the same."""
    short = [key.split("_")[0] for key in keys]
    return short if len(set(short)) == len(keys) else [key.replace("_", " ") for key in keys]


def in_each(languages: Sequence[str], word: str) -> dict[str, str]:
    """A word of ours in each of these languages."""
    found = {}
    for language in languages:
        with translation.override(language):
            found[language] = _(word)
    return found


def fee_names(offer: Offer, languages: Sequence[str]) -> dict[str, Mapping[str, str]]:
    """What each fee is called, in the product's languages: as its step says how it comes about, else simply costs."""
    how = {row["key"]: row["how"] for row in offer.premium["steps"]}
    costs = in_each(languages, gettext_noop("Costs"))
    return {row["key"]: row.get("names") or how.get(row["key"]) or costs for row in offer.components("fee")}


def wording_of(quotation: Quotation, company: Company, language: str = "") -> Wording:
    """The words of a quotation on the plan that was asked for."""
    return Wording(quotation.assessment.application, Offer(quotation.evaluation, quotation.plan), company, language)
