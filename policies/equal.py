"""The policy is its quotation, field by field: what was offered beside what was issued and booked (S0-25)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.told import answer_told
from common import formats
from policies.models import Invoice, InvoiceLine, Policy, PolicyVersion, Section, Transaction
from products.language import Product, read_answer
from products.selectors import compiled
from quotations.offer import Offer, amount, spoken

Value = str | date | Decimal | None
FIRST_TERM = (Transaction.ISSUE, Transaction.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Compared:
    """One field: its chapter, its name, what was offered and what was issued."""

    chapter: str
    field: str
    quoted: Value
    issued: Value
    words: tuple[str, str] | None = None  # as they are read, where that is another text than what is compared
    currency: str = "EUR"  # of its amounts

    @property
    def equal(self) -> bool:
        return self.quoted == self.issued

    @property
    def both(self) -> tuple[str, str]:
        """The two values as they are read."""
        return self.words or (written(self.quoted, self.currency), written(self.issued, self.currency))


def written(value: Value, currency: str) -> str:
    """A value in the reader's language with its currency; nothing where there is none."""
    if isinstance(value, Decimal):
        return formats.money(value, currency)
    return formats.day(value) if isinstance(value, date) else value or ""


def compared(policy: Policy) -> list[Compared]:
    """Every field of the quotation on the ordered plan beside the first version and its invoice, in the same order."""
    version = PolicyVersion.objects.filter(policy=policy).order_by("number")[0]
    invoice = Invoice.objects.filter(version=version, credits=None).order_by("pk").first()
    quotation = policy.order.quotation
    offer = Offer(quotation.evaluation, policy.order.plan, policy.order.on)
    names, product = names_of(version), compiled(version.product_version)
    rows = [
        *contract(policy, version, offer),
        *answers(quotation.assessment.application.answers, version.answers, product),
        *cover(version, offer, names),
        *terms(offer.evaluation["terms"], version.terms, names),
        *prices(version, invoice, offer, names),
        *payments(invoice, offer),
    ]
    return [replace(row, currency=product.definition.currency) for row in rows]


def names_of(version: PolicyVersion) -> dict[str, str]:
    """Units of cover and terms as the product names them to the reader."""
    definition, language = compiled(version.product_version).definition, (get_language() or "en")[:2]
    named: dict[str, Any] = {part.key: part.names for part in definition.sections}
    named |= {term.key: term.names for term in definition.terms}
    return {key: spoken(texts, language) for key, texts in named.items()}


def differing(policy: Policy) -> list[Compared]:
    """The fields that differ: none, or something is wrong."""
    return [row for row in compared(policy) if not row.equal]


def contract(policy: Policy, version: PolicyVersion, offer: Offer) -> Iterator[Compared]:
    """What, by whom and how long. Whose it is isn't compared: a name that an application tells changes no party."""
    application = policy.order.quotation.assessment.application
    chapter = _("Contract")
    editions = str(application.version.number), str(version.product_version.number)
    yield Compared(
        chapter, _("Product version"), str(application.version_id), str(version.product_version_id), editions
    )
    names = str(application.adviser or ""), str(policy.adviser or "")
    yield Compared(chapter, _("Adviser"), str(application.adviser_id or ""), str(policy.adviser_id or ""), names)
    yield Compared(chapter, _("Start of cover"), offer.starts_on, policy.starts_on)
    yield Compared(chapter, _("Valid from"), offer.starts_on, version.valid_from)
    if not policy.versions.exclude(transaction__in=FIRST_TERM).exists():  # a later term has another end
        yield Compared(chapter, _("End of the term"), offer.ends_on, policy.renews_on)


def answers(told: dict[str, Any], kept: dict[str, Any], product: Product) -> Iterator[Compared]:
    """What the customer answered, in the order in which it was asked."""
    language = (get_language() or "en")[:2]
    labels = {part.spec.key: spoken(part.spec.label, language) for part in product.questions}
    for key in dict.fromkeys([*labels, *sorted({*told, *kept})]):
        if key not in told and key not in kept:
            continue
        words = in_words(product, key, told.get(key)), in_words(product, key, kept.get(key))
        yield Compared(_("Answers"), labels.get(key, key), said(told.get(key)), said(kept.get(key)), words)


def in_words(product: Product, key: str, value: Any) -> str:
    """An answer as the application's form writes it; one that the product doesn't ask for, as it stands."""
    if value is None or key not in product.keys:
        return said(value)
    return answer_told(product, key, read_answer(product, key, value), (get_language() or "en")[:2])


def said(value: Any) -> str:
    """A value as text, lists and records by their order."""
    return "" if value is None else str(value)


def cover(version: PolicyVersion, offer: Offer, names: dict[str, str]) -> Iterator[Compared]:
    """Each unit of cover with its sum, its term and the parts of its premium."""
    rows: dict[str, Section] = {row.key: row for row in version.sections.prefetch_related("components")}
    offered = {row["key"]: row for row in offer.premium["sections"]}
    for key in sorted({*rows, *offered}):
        row, told, name = rows.get(key), offered.get(key), names.get(key, key)
        offered_sum = sum_of(told["insured_sum"]) if told else None
        yield Compared(_("Cover"), f"{name}: {_('sum insured')}", offered_sum, kept_sum(row) if row else None)
        ends = offer.end_of(told) if told else None, row.valid_until if row else None
        yield Compared(_("Cover"), f"{name}: {_('until')}", *ends)
        parts = {part.kind: part.amount for part in row.components.all()} if row else {}
        priced = {part["key"]: amount(part["amount"]) for part in offer.components("premium") if part["section"] == key}
        kinds = sorted({*parts, *priced})
        for kind in kinds:
            label = f"{name}: {_('premium')}" if len(kinds) == 1 else f"{name}: {part_name(offer, kind)}"
            yield Compared(_("Premium"), label, priced.get(kind), parts.get(kind))


def part_name(offer: Offer, kind: str) -> str:
    """A part of a section's premium as the product says how it came to be; its key where the product says nothing."""
    language = (get_language() or "en")[:2]
    how = {row["key"]: spoken(row["how"], language) for row in offer.premium["steps"]}
    return how.get(kind) or kind.replace("_", " ")


def sum_of(text: Any) -> Decimal | None:
    return amount(text) if text else None


def kept_sum(row: Section) -> Decimal | None:
    return sum_of(row.objects_insured[0]["sum"]) if row.objects_insured else None


def terms(offered: list[dict[str, Any]], kept: list[dict[str, Any]], names: dict[str, str]) -> Iterator[Compared]:
    """The terms by their wording in every language."""
    old, new = ({row["key"]: row for row in found} for found in (offered, kept))
    language = (get_language() or "en")[:2]
    for key in sorted({*old, *new}):
        words = tuple(spoken((rows.get(key) or {}).get("text"), language) for rows in (old, new))
        name = names.get(key) or spoken((new.get(key) or old.get(key) or {}).get("names"), language) or key
        yield Compared(_("Terms"), name, said(old.get(key)), said(new.get(key)), (words[0], words[1]))


def prices(version: PolicyVersion, invoice: Invoice | None, offer: Offer, names: dict[str, str]) -> Iterator[Compared]:
    """What it costs, on the policy and on its invoice."""
    for name, label in (("net", _("Net")), ("tax", _("Tax")), ("fees", _("Fees")), ("total", _("Total"))):
        yield Compared(_("Premium"), f"{label}, {_('policy')}", getattr(offer, name), getattr(version, name))
        if invoice is not None:
            yield Compared(_("Premium"), f"{label}, {_('invoice')}", getattr(offer, name), getattr(invoice, name))
    if invoice is not None:
        taxes = tax_by_section(invoice)
        for key, row in offer.section_taxes.items():
            if due := amount(row["amount"]):
                name, found = names.get(key, ""), taxes.get(key, (None, None))
                yield Compared(_("Premium"), f"{name}: {_('tax')}", due, found[0])
                rates = amount(row["rate"]), found[1]
                words = percent(rates[0]), percent(rates[1])
                yield Compared(_("Premium"), f"{name}: {_('tax rate')}", *rates, words)


def percent(rate: Decimal | None) -> str:
    """A rate that is kept in percent, as it is read."""
    return formats.percent(rate / 100) if rate is not None else ""


def tax_by_section(invoice: Invoice) -> dict[str, tuple[Decimal, Decimal]]:
    """The tax of each section on an invoice, with its rate in percent."""
    found: dict[str, tuple[Decimal, Decimal]] = {}
    lines: list[InvoiceLine] = list(invoice.lines.select_related("section").order_by("position"))
    for line in lines:
        if line.section is not None and line.tax_class != "exempt":
            before = found.get(line.section.key, (Decimal(0), line.tax_percent))[0]
            found[line.section.key] = (before + line.tax, line.tax_percent)
    return found


def payments(invoice: Invoice | None, offer: Offer) -> Iterator[Compared]:
    """The plan, and each instalment with its day and amount."""
    if invoice is None:
        return
    language = (get_language() or "en")[:2]
    plans = {row["plan"]: spoken(row["names"], language) for row in offer.evaluation["plans"]}
    words = plans[offer.plan], plans.get(invoice.plan, invoice.plan)
    yield Compared(_("Payment"), _("Plan"), offer.plan, invoice.plan, words)
    booked = [(row.due_on, row.amount) for row in invoice.instalments.order_by("position")]
    for place in range(max(len(booked), len(offer.instalments))):
        one, other = (rows[place] if place < len(rows) else (None, None) for rows in (offer.instalments, booked))
        label = _("Instalment %(place)s") % {"place": place + 1}
        yield Compared(_("Payment"), f"{label}, {_('due on')}", one[0], other[0])
        yield Compared(_("Payment"), f"{label}, {_('amount')}", one[1], other[1])
