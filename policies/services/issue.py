"""An order becomes customer, policy, version, sections, invoice, entry, open items and portfolio link: all or nothing
(DESIGN section 3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from common.db import step
from common.money import cents, split
from companies.actor import Actor
from companies.jobs import enqueue
from companies.series import next_number
from companies.trail import record
from ledger.services import Draft, Posted, Posting, Role, credit, debit, post_many
from policies.models import (
    Instalment,
    InsurerShare,
    Invoice,
    InvoiceLine,
    Policy,
    PolicyVersion,
    PremiumComponent,
    Section,
    Transaction,
)
from products.models import Product
from products.selectors import compiled
from quotations.models import Order
from quotations.offer import ZERO, Offer, amount
from relations.models import Party
from relations.services.parties import Person, register_customer

PAPERS = "policy.papers"


@dataclass(frozen=True, slots=True)
class Issued:
    """What an order became."""

    policy: Policy
    invoice: Invoice


@step
def issue_policy(*, order: Order, actor: Actor, on: date) -> Issued:
    """Issue the policy of an order and book its invoice, in one transaction; mails and papers are promised in it.

    The policy equals the quotation on the ordered plan (S0-25). The ledger is written last, since its numbers are
    locked.
    """
    quotation = order.quotation
    application = quotation.assessment.application
    product = application.version.product
    offer = Offer(quotation.evaluation, order.plan, order.on)
    holder = register_customer(
        person=person_of(application.parties["policyholder"], application.language),
        case_id=quotation.case_id,
        on=on,
        actor=actor,
        known=application.known,
    )
    quotation.case.customer = holder
    quotation.case.save(update_fields=["customer"])
    policy = Policy.objects.create(
        number=next_number("policy", on=on),
        case=quotation.case,
        order=order,
        product=product,
        holder=holder,
        adviser=application.adviser,
        starts_on=offer.starts_on,
        renews_on=offer.ends_on,
    )
    version = PolicyVersion.objects.create(
        policy=policy,
        number=1,
        transaction=Transaction.ISSUE,
        product_version=application.version,
        answers=application.answers,
        terms=offer.evaluation["terms"],
        evaluation=quotation.evaluation,
        plan=order.plan,
        valid_from=offer.starts_on,
        net=offer.net,
        tax=offer.tax,
        fees=offer.fees,
        total=offer.total,
    )
    sections = add_sections(version, offer, product=product)
    record(policy, "policy.issued", actor=actor, on=on, number=policy.number)
    invoice = draw_invoice(policy, version, offer, sections=sections, debtor=holder, on=on)
    posted = book_invoice(invoice, offer, product=product, sections=sections, actor=actor)
    record(
        invoice,
        "invoice.booked",
        actor=actor,
        on=on,
        number=invoice.number,
        entry=posted.name,
        instalments=len(offer.instalments),
    )
    enqueue(PAPERS, key=f"{PAPERS}:{policy.pk}", policy=policy.pk, invoice=invoice.pk)
    return Issued(policy, invoice)


def person_of(told: dict[str, Any], language: str) -> Person:
    """The policyholder as he stands in the application."""
    address = told.get("address") or {}
    return Person(
        kind=told.get("kind") or "person",
        given_name=told.get("given_names") or "",
        family_name=told["name"],
        email=(told.get("email") or "").lower(),
        phone=told.get("phone") or "",
        birth_date=date.fromisoformat(told["birth_date"]) if told.get("birth_date") else None,
        street=address.get("street") or "",
        house_number=address.get("house_number") or "",
        postcode=address.get("postcode") or "",
        city=address.get("city") or "",
        country=address.get("country") or "",
        language=language,
    )


def add_sections(version: PolicyVersion, offer: Offer, *, product: Product) -> dict[str, Section]:
    """Cover units with their premium components, and who carries them."""
    definition = compiled(version.product_version).definition
    names = {section.key: section.names for section in definition.sections}
    countries = {row["section"]: row["country"] for row in offer.premium["tax_lines"]}
    sections = Section.objects.bulk_create(
        [
            Section(
                version=version,
                key=row["key"],
                names=names[row["key"]],
                valid_from=offer.starts_on,
                valid_until=offer.ends_on,
                tax_country=countries.get(row["key"], definition.country),
                objects_insured=[{"sum": row["insured_sum"]}] if row["insured_sum"] else [],
            )
            for row in offer.premium["sections"]
        ]
    )
    by_key = {section.key: section for section in sections}
    PremiumComponent.objects.bulk_create(
        [
            PremiumComponent(
                section=by_key[row["section"]],
                kind=row["key"],
                base=row["base"] and amount(row["base"]),
                rate=row["rate"] and amount(row["rate"]),
                amount=amount(row["amount"]),
            )
            for row in offer.components("premium")
        ]
    )
    InsurerShare.objects.bulk_create(
        [
            InsurerShare(section=section, insurer=product.insurer, percent=Decimal(100), valid_from=section.valid_from)
            for section in sections
        ]
    )
    return by_key


def draw_invoice(
    policy: Policy, version: PolicyVersion, offer: Offer, *, sections: dict[str, Section], debtor: Party, on: date
) -> Invoice:
    """The premium invoice of the first term with its lines and instalments (S0-26)."""
    number = next_number("invoice", on=on)
    invoice = Invoice.objects.create(
        number=number,
        policy=policy,
        case=policy.case,
        version=version,
        debtor=debtor,
        invoiced_on=on,
        term_from=offer.starts_on,
        term_until=offer.ends_on,
        plan=version.plan,
        net=offer.net,
        tax=offer.tax,
        fees=offer.fees,
        total=offer.total,
        payment_reference=number,
    )
    lines = invoice_lines(invoice, version, offer, sections)
    InvoiceLine.objects.bulk_create(lines)
    Instalment.objects.bulk_create(
        [
            Instalment(invoice=invoice, position=place, due_on=due, amount=part)
            for place, (due, part) in enumerate(offer.instalments, 1)
        ]
    )
    return invoice


def invoice_lines(
    invoice: Invoice, version: PolicyVersion, offer: Offer, sections: dict[str, Section]
) -> list[InvoiceLine]:
    """One line a component and fee; each tax is divided over the components of its section to the cent."""
    names = step_names(version)
    taxes = {row["section"]: row for row in offer.premium["tax_lines"]}
    lines: list[InvoiceLine] = []
    for key, section in sections.items():
        parts = [
            row for row in offer.premium["components"] if row["kind"] in {"premium", "fee"} and row["section"] == key
        ]
        tax = taxes.get(key)
        taxed = [row for row in parts if row["taxed"]] if tax else []
        shares = dict(
            zip(
                (row["key"] for row in taxed),
                divided(amount(tax["amount"]), taxed) if tax and taxed else [],
                strict=True,
            )
        )
        lines += [invoice_line(invoice, section, row, tax, shares.get(row["key"]), names) for row in parts]
    loose = [
        row for row in offer.premium["components"] if row["kind"] in {"fee", "rounding"} and row["section"] is None
    ]
    lines += [invoice_line(invoice, None, row, None, None, names) for row in loose]
    if plan_fees := amount(offer.chosen["fees"]):
        row = {"key": "plan_fees", "amount": str(plan_fees)}
        lines.append(invoice_line(invoice, None, row, None, None, {"plan_fees": offer.chosen["names"]}))
    for place, line in enumerate(lines, 1):
        line.position = place
    return lines


def divided(tax: Decimal, rows: Sequence[Any]) -> list[Decimal]:
    """A tax over its components by their amounts; the cents left over go to the largest remainders."""
    return split(tax, [abs(amount(row["amount"])) for row in rows])


def invoice_line(
    invoice: Invoice, section: Section | None, row: Any, tax: Any, share: Decimal | None, names: dict[str, Any]
) -> InvoiceLine:
    taxed = share is not None and tax is not None
    exemption = tax["exemption"] if tax is not None and not taxed else None
    return InvoiceLine(
        invoice=invoice,
        section=section,
        kind=row["key"],
        names=names.get(row["key"], {"en": row["key"].replace("_", " ")}),
        net=amount(row["amount"]),
        tax_class=tax["tax_class"] if taxed else "exempt",
        tax_country=tax["country"] if tax else (section.tax_country if section else ""),
        tax_percent=amount(tax["rate"]) if taxed else ZERO,
        tax=share or ZERO,
        exemption=next(iter(exemption.values()), "") if exemption else "",
    )


def step_names(version: PolicyVersion) -> dict[str, Any]:
    """What a component is called on paper: its section's name, for the section's own premium."""
    definition = compiled(version.product_version).definition
    sections = {section.key: section.names for section in definition.sections}
    return {step.key: sections[step.section] for step in definition.rating.steps if step.section in sections}


def book_invoice(
    invoice: Invoice, offer: Offer, *, product: Product, sections: dict[str, Section], actor: Actor
) -> Posted:
    """Book the invoice and its commission, each as an entry of its own (posting patterns; S0-30, S0-32, S0-33)."""
    common: dict[str, Any] = {"case": invoice.case_id, "invoice": invoice, "product": product}
    premium = premium_lines(invoice, offer, product=product, sections=sections, common=common)
    commission = commission_lines(invoice.policy, offer, product=product, common=common)
    postings = [
        Posting(
            source=f"policies.{what}",
            reference=invoice.number,
            booked_on=invoice.invoiced_on,
            key=f"{what}:{invoice.number}",
            lines=lines,
            case_id=invoice.case_id,
        )
        for what, lines in (("invoice", premium), ("commission", commission))
        if lines
    ]
    return post_many(postings, actor=actor)[0]


def premium_lines(
    invoice: Invoice, offer: Offer, *, product: Product, sections: dict[str, Section], common: dict[str, Any]
) -> list[Draft]:
    """The debtor owes all; the premium is ours, or the insurer's where we only sign for him; the tax is the state's."""
    lines = [debit(Role.DEBTORS, offer.total, party=invoice.debtor_id, open_items=offer.instalments, **common)]
    for row in offer.premium["sections"]:
        dimensions = {**common, "section": sections[row["key"]], "line_of_business": row["line_of_business"]}
        if product.insurer_id is None:
            lines.append(credit(Role.PREMIUM, amount(row["net"]), **dimensions))
        else:
            dimensions |= {"party": product.insurer_id, "insurer": product.insurer_id}
            lines.append(credit(Role.INSURERS, amount(row["net"]), **dimensions))
    for row in offer.premium["tax_lines"]:
        dimensions = {**common, "section": sections[row["section"]], "due_date": date.fromisoformat(row["due_on"])}
        dimensions |= {"tax_code": row["tax_class"], "tax_country": row["country"]}
        lines.append(credit(Role.INSURANCE_TAX_DUE, amount(row["amount"]), **dimensions))
    lines.append(credit(Role.POLICY_COSTS, amount(offer.premium["fees"]), **common))
    lines.append(credit(Role.INSTALMENT_SURCHARGE, amount(offer.chosen["fees"]), **common))
    lines.append(credit(Role.ROUNDING, amount(offer.premium["rounding"]), **common))
    return lines


def commission_lines(policy: Policy, offer: Offer, *, product: Product, common: dict[str, Any]) -> list[Draft]:
    """An insurer spends the adviser's commission; an agent takes its own from the insurer and pays the adviser out of
    it.
    """
    adviser = offer.commission("adviser") if policy.adviser_id else ZERO
    lines: list[Draft] = []
    if product.insurer_id is None:
        if adviser:
            lines.append(debit(Role.COMMISSION_EXPENSE, adviser, **common))
    else:
        earned = cents(offer.net * product.insurer_commission_percent / 100)
        lines.append(debit(Role.INSURERS, earned, party=product.insurer_id, insurer=product.insurer_id, **common))
        lines.append(credit(Role.OWN_COMMISSION, earned - adviser, **common))
    if adviser:
        lines.append(credit(Role.ADVISERS, adviser, party=policy.adviser_id, **common))
    return lines
