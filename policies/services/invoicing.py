"""The invoice of a policy's first term, and what is booked of it (S0-26, S0-30, S0-32, S0-33)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop

from common.money import cents, split
from companies.actor import Actor
from companies.rows import insert_beside, insert_rows
from companies.series import next_numbers
from ledger.services import Draft, Posted, Posting, Role, credit, debit, post_many
from policies.models import Instalment, Invoice, InvoiceLine, Section
from policies.services.contracts import Contract
from quotations.offer import ZERO, Offer, amount, spoken
from quotations.wording import fee_names, in_each

ROUNDING = "rounding"


def draw_invoices(contracts: Sequence[Contract]) -> None:
    """The premium invoices of the first term with their lines and instalments (S0-26)."""
    numbers = next_numbers("invoice", days=[contract.on for contract in contracts])
    for contract, number in zip(contracts, numbers, strict=True):
        contract.invoice = invoice_of(contract, number)
    insert_rows([contract.invoice for contract in contracts])
    instalments = [
        {"invoice_id": contract.invoice.pk, "position": place, "due_on": due, "amount": part}
        for contract in contracts
        for place, (due, part) in enumerate(contract.offer.instalments, 1)
    ]
    lines = [line for contract in contracts for line in invoice_lines(contract)]
    insert_beside((InvoiceLine, lines), (Instalment, instalments))


def invoice_of(contract: Contract, number: str) -> Invoice:
    """The invoice of the first term, of the amounts that the version holds."""
    version, offer = contract.version, contract.offer
    return Invoice(
        number=number,
        policy=contract.policy,
        case=contract.policy.case,
        version=version,
        debtor=contract.holder,
        invoiced_on=contract.on,
        term_from=offer.starts_on,
        term_until=offer.ends_on,
        plan=version.plan,
        net=version.net,
        tax=version.tax,
        fees=version.fees,
        total=version.total,
        payment_reference=number,
    )


def invoice_lines(contract: Contract) -> list[dict[str, Any]]:
    """One line a component and fee; each tax is divided over the components of its section to the cent."""
    invoice, offer, names = contract.invoice, contract.offer, step_names(contract)
    taxes = offer.section_taxes
    lines: list[dict[str, Any]] = []
    for key, section in contract.sections.items():
        parts = [
            row for row in offer.premium["components"] if row["kind"] in {"premium", "fee"} and row["section"] == key
        ]
        tax = taxes.get(key)
        if tax and amount(tax["amount"]) and not any(row["taxed"] for row in parts):  # a unit that is only a tax
            parts.append({"key": tax["key"], "amount": "0.00", "taxed": True})
        taxed = [row for row in parts if row["taxed"]] if tax else []
        shares = dict(
            zip(
                (row["key"] for row in taxed),
                divided(amount(tax["amount"]), taxed) if tax and taxed else [],
                strict=True,
            )
        )
        lines += [invoice_line(invoice, section, row, tax, shares.get(row["key"]), names) for row in parts]
    loose = [row for row in offer.components("fee") if row["section"] is None]
    if amount(offer.premium["rounding"]):  # also what only the total brought, which is no component
        loose.append({"key": ROUNDING, "amount": offer.premium["rounding"]})
    lines += [invoice_line(invoice, None, row, None, None, names) for row in loose]
    if plan_fees := amount(offer.chosen["fees"]):
        row = {"key": "plan_fees", "amount": str(plan_fees)}
        lines.append(invoice_line(invoice, None, row, None, None, {"plan_fees": offer.chosen["names"]}))
    return [{**line, "position": place} for place, line in enumerate(lines, 1)]


def divided(tax: Decimal, rows: Sequence[Any]) -> list[Decimal]:
    """A tax over its components by their amounts, those taken out again with minus; the cents left over go to the
    largest remainders, beside a component taken out to the first. Where all are nothing each counts alike.
    """
    parts = [amount(row["amount"]) for row in rows]
    if min(parts) >= ZERO or not sum(parts):
        return split(tax, [abs(part) for part in parts] if any(parts) else [1] * len(parts))
    shares = [cents(tax * part / sum(parts)) for part in parts]
    return [shares[0] + tax - sum(shares), *shares[1:]]


def invoice_line(
    invoice: Invoice, section: Section | None, row: Any, tax: Any, share: Decimal | None, names: dict[str, Any]
) -> dict[str, Any]:
    """One line of an invoice, as its columns."""
    taxed = share is not None and tax is not None and bool(amount(tax["rate"]))
    exemption = tax["exemption"] if tax is not None and not taxed else None
    return {
        "invoice_id": invoice.pk,
        "section_id": section.pk if section is not None else None,
        "kind": row["key"],
        "names": names.get(row["key"], {"en": row["key"].replace("_", " ")}),
        "net": amount(row["amount"]),
        "tax_class": tax["tax_class"] if taxed else "exempt",
        "tax_country": tax["country"] if tax else (section.tax_country if section else ""),
        "tax_percent": amount(tax["rate"]) if taxed else ZERO,
        "tax": share or ZERO,
        "exemption": spoken(exemption, invoice.case.language),
    }


def step_names(contract: Contract) -> dict[str, Any]:
    """What a component is called on paper: its section's name, for the section's own premium; a fee by its own."""
    definition = contract.definition
    sections = {section.key: section.names for section in definition.sections}
    names = {step.key: sections[step.section] for step in definition.rating.steps if step.section in sections}
    names[ROUNDING] = in_each(definition.languages, gettext_noop("Rounding"))
    return names | fee_names(Offer(contract.quotation.evaluation, contract.order.plan), definition.languages)


def book_invoices(contracts: Sequence[Contract], *, actor: Actor) -> list[Posted | None]:
    """Book each invoice and its commission, as an entry of its own (posting patterns; S0-30, S0-32, S0-33); the
    invoices' entries in their order, none of an invoice over nothing.
    """
    booked = [postings_of(contract) for contract in contracts]
    posted = iter(post_many([posting for postings in booked for posting in postings], actor=actor))
    return [next(iter([next(posted) for _posting in postings]), None) for postings in booked]


def postings_of(contract: Contract) -> list[Posting]:
    """The invoice's entry, and the commission's where there is one."""
    invoice = contract.invoice
    return [
        Posting(
            source=f"policies.{what}",
            reference=invoice.number,
            booked_on=invoice.invoiced_on,
            key=f"{what}:{invoice.number}",
            lines=lines,
            case_id=invoice.case_id,
        )
        for what, lines in (("invoice", premium_lines(contract)), ("commission", commission_lines(contract)))
        if any(line.signed for line in lines)
    ]


def premium_lines(contract: Contract) -> list[Draft]:
    """The debtor owes all; the premium is ours, or the insurer's where we only sign for him; the tax is the state's."""
    offer, insurer, shared = contract.offer, contract.product.insurer_id, contract.shared
    lines = [debit(Role.DEBTORS, offer.total, party=contract.holder.pk, open_items=offer.instalments, **shared)]
    for row in offer.premium["sections"]:
        dimensions = {
            **shared,
            "section": contract.sections[row["key"]].pk,
            "line_of_business": row["line_of_business"],
        }
        if insurer is None:
            lines.append(credit(Role.PREMIUM, amount(row["net"]), **dimensions))
        else:
            lines.append(credit(Role.INSURERS, amount(row["net"]), party=insurer, insurer=insurer, **dimensions))
    for row in offer.premium["tax_lines"]:
        dimensions = {**shared, "section": contract.sections[row["section"]].pk}
        dimensions |= {"due_date": date.fromisoformat(row["due_on"])}
        dimensions |= {"tax_code": row["tax_class"], "tax_country": row["country"]}
        lines.append(credit(Role.INSURANCE_TAX_DUE, amount(row["amount"]), **dimensions))
    lines.append(credit(Role.POLICY_COSTS, amount(offer.premium["fees"]), **shared))
    lines.append(credit(Role.INSTALMENT_SURCHARGE, amount(offer.chosen["fees"]), **shared))
    lines.append(credit(Role.ROUNDING, amount(offer.premium["rounding"]), **shared))
    return lines


def commission_lines(contract: Contract) -> list[Draft]:
    """An insurer spends the adviser's commission; an agent takes its own from the insurer and pays the adviser out of
    it.
    """
    offer, product, shared = contract.offer, contract.product, contract.shared
    adviser = offer.commission("adviser") if contract.policy.adviser_id else ZERO
    lines: list[Draft] = []
    if product.insurer_id is None:
        if adviser:
            lines.append(debit(Role.COMMISSION_EXPENSE, adviser, **shared))
    else:
        earned = cents(offer.net * product.insurer_commission_percent / 100)
        lines.append(debit(Role.INSURERS, earned, party=product.insurer_id, insurer=product.insurer_id, **shared))
        lines.append(credit(Role.OWN_COMMISSION, earned - adviser, **shared))
    if adviser:
        lines.append(credit(Role.ADVISERS, adviser, party=contract.policy.adviser_id, **shared))
    return lines
