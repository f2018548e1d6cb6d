"""What the papers of a quotation say, put together from the application, its assessment and the offer."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from acceptance.selectors import find_decision
from applications.filler import client_name, filler_name
from applications.letterhead import addressee_of, holder_name, lines_of
from applications.models import Application
from common.formats import day_in_prose
from companies.actor import ActorKind
from companies.models import Company
from companies.models.people import name_of
from documents.rendering.contents import (
    Addressee,
    Adviser,
    ApplicationCopyContent,
    Charge,
    Clause,
    Commission,
    Cover,
    Fact,
    Instalment,
    IpidContent,
    Plan,
    Premium,
    Question,
    QuestionGroup,
    QuotationContent,
    Step,
    SummaryContent,
    Tax,
)
from products.ipid import ipid_lines
from products.language import Product as Compiled
from products.language import read_answer
from products.models import Channel
from products.selectors import compiled
from products.withdrawing import TIME_OF_COVER, keeps
from quotations.models import Quotation
from quotations.offer import Offer, amount, spoken
from quotations.services.orders import fact_words

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
        lines = self.offer.premium["tax_lines"]
        return tuple(self.tax(row) for row in lines if amount(row["base"]) or amount(row["amount"]))

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


def quotation_content(quotation: Quotation, company: Company, language: str = "") -> QuotationContent:
    """The quotation by name (S0-18)."""
    words = wording_of(quotation, company, language)
    application = words.application
    with translation.override(words.language):
        return QuotationContent(
            number=quotation.number,
            issued_on=quotation.valid_from,
            law=company.country,
            rehearsal=company.is_rehearsal,
            product=words.product_name,
            edition=words.edition,
            subject=_("For %(name)s") % {"name": words.holder_name},
            currency=company.currency,
            addressee=words.addressee,
            adviser=words.adviser,
            application_number=application.number,
            applied_on=application.submitted_on,
            starts_on=words.offer.starts_on,
            ends_on=words.offer.ends_on,
            valid_until=quotation.valid_until - timedelta(days=1),
            risk=words.risk,
            cover=words.cover,
            premium=words.premium,
            plans=words.plans,
            clauses=words.clauses,
            terms=(words.conditions,),
            commission=words.commission,
            order_fact=fact_words(quotation),
            withdrawal_days=words.definition.withdrawal.days,
            withdrawal_keeps=keeps(words.definition) == TIME_OF_COVER,
            enclosures=(words.information, _("Copy of your application")),
            summarised=words.definition.ipid is None,
            released_by=released_by(application, words.language),
        )


def released_by(application: Application, language: str) -> str:
    """Who accepted what the robot left to a person; empty where the robot accepted."""
    decision = find_decision(application)
    if decision is None:
        return ""
    day = day_in_prose(decision.on, language)
    return _("Accepted by %(name)s on %(day)s.") % {"name": name_of(decision, "signed_by"), "day": day}


def ipid_content(quotation: Quotation, company: Company, language: str = "") -> IpidContent:
    """The information document of the chosen cover, by name (S0-14, S0-19)."""
    words = wording_of(quotation, company, language)
    ipid = words.definition.ipid
    if ipid is None:
        raise ValueError(f"Product {words.definition.key} has no information document.")
    return IpidContent(
        number=quotation.number,
        issued_on=quotation.valid_from,
        law=company.country,
        rehearsal=company.is_rehearsal,
        kind=words.say(ipid.type_name),
        product=words.say(ipid.product_name),
        prepared_for=words.holder_name,
        **ipid_lines(quotation.evaluation["ipid"], words.language),
    )


def summary_content(quotation: Quotation, company: Company, language: str = "") -> SummaryContent:
    """What is insured, what decided the price and how the contract ends, where there is no information document."""
    words = wording_of(quotation, company, language)
    with translation.override(words.language):
        return SummaryContent(
            number=quotation.number,
            issued_on=quotation.valid_from,
            law=company.country,
            rehearsal=company.is_rehearsal,
            product=words.product_name,
            edition=words.edition,
            currency=company.currency,
            prepared_for=words.holder_name,
            starts_on=words.offer.starts_on,
            ends_on=words.offer.ends_on,
            cover=words.cover,
            decided=words.risk,
            premium=words.premium,
            clauses=words.clauses,
            renewal=words.say(words.definition.renewal.text),
            cancellation=words.say(words.definition.cancellation.text),
            withdrawal=words.say(words.definition.withdrawal.text),
        )


def application_content(quotation: Quotation, company: Company, language: str = "") -> ApplicationCopyContent:
    """The application as submitted, question by question (S0-20)."""
    words = wording_of(quotation, company, language)
    application = words.application
    with translation.override(words.language):
        return ApplicationCopyContent(
            number=application.number,
            issued_on=application.submitted_on,
            law=company.country,
            rehearsal=company.is_rehearsal,
            version=1,
            product=words.product_name,
            edition=words.edition,
            applicant=words.holder_name,
            filled_in_by=filled_in_words(application, company),
            submitted_at=application.submitted_at,
            time_zone=company.time_zone,
            submitted_how=sent_how(application),
            groups=(product_questions(words), *person_questions(words)),
            declaration=declaration_of(application),
            confirmation=confirmation_of(application, company),
            decision=_("Your application was accepted."),
        )


def filled_in_words(application: Application, company: Company) -> str:
    """Who filled it in and for whom, as the copy says it (S0-05)."""
    names = {"client": client_name(application.parties), "filler": filler_name(application), "company": company.name}
    if application.filled_in_by == ActorKind.ADVISER:
        return _("%(filler)s, adviser, on behalf of %(client)s") % names
    if application.filled_in_by == ActorKind.EMPLOYEE:
        return _("%(filler)s of %(company)s on behalf of %(client)s") % names
    return names["client"]


def sent_how(application: Application) -> str:
    """By which way it came in."""
    if application.filled_in_by == ActorKind.EMPLOYEE:
        return _("by our office")
    if application.filled_in_by == ActorKind.ADVISER:
        by_client = application.declared_by == ActorKind.VISITOR
        return _("by the applicant, from the adviser's application") if by_client else _("by the adviser")
    return _("by the adviser's link") if application.channel == Channel.ADVISER else _("on our website")


def declaration_of(application: Application) -> str:
    """What was declared, in the words of who did."""
    if application.declared_by == ActorKind.VISITOR:
        return _("I have answered all questions truthfully and left nothing out.")
    return _(
        "The applicant gave these answers. He was told that they must be true and complete, and that wrong or "
        "incomplete answers can have consequences."
    )


def confirmation_of(application: Application, company: Company) -> str:
    """Who declared it."""
    if application.declared_by == ActorKind.VISITOR:
        name = client_name(application.parties)
        return _("Confirmed by %(name)s when the application was submitted.") % {"name": name}
    return _("Declared by %(name)s when the application was submitted.") % {
        "name": filled_in_words(application, company)
    }


def product_questions(words: Wording) -> QuestionGroup:
    """The questions of the product in the wording of its version; what the system filled in says so."""
    return QuestionGroup(
        title=words.product_name,
        questions=tuple(
            Question(
                number=str(place),
                text=words.say(spec.label),
                answer=words.answer(key),
                records=words.records(key),
                answered_by=_("the system") if spec.set_by_system else words.holder_name,
                help=words.say(spec.help),
                why=words.say(spec.why),
            )
            for place, (key, spec) in enumerate(words.submitted(), 1)
        ),
    )


def person_questions(words: Wording) -> list[QuestionGroup]:
    """Who applies and who else was named, with the day of birth masked."""
    numbers = count(1)
    return [
        QuestionGroup(
            title=title,
            questions=tuple(
                Question(number=f"P{next(numbers)}", text=label, answer=value, answered_by=words.holder_name, kind=kind)
                for label, value, kind in details_of(party, words.company.country)
            ),
        )
        for title, party in [(_("Policyholder"), words.holder), *words.others]
    ]


def details_of(party: Mapping[str, Any], country: str) -> list[tuple[str, str, Any]]:
    """What was told of a party: label, words, and what must not stand in full on paper."""
    name, *address = lines_of(party, country)
    rows = [
        (_("Name"), name, ""),
        (_("Registration number in the trade register"), party.get("registration_number"), ""),
        (_("Date of birth"), party.get("birth_date"), "birth_date"),
        (_("Address"), ", ".join(address), ""),
        (_("E-mail"), party.get("email"), ""),
        (_("Phone"), party.get("phone"), ""),
    ]
    return [(label, str(value), kind) for label, value, kind in rows if value]


def wording_of(quotation: Quotation, company: Company, language: str = "") -> Wording:
    """The words of a quotation on the plan that was asked for."""
    return Wording(quotation.assessment.application, Offer(quotation.evaluation, quotation.plan), company, language)
