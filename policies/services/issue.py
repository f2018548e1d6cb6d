"""An order becomes customer, policy, version, sections, invoice, entry, open items and portfolio link: all or nothing
(DESIGN section 3). One order is a list of one: each table gets the rows of all orders in one statement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from common.db import step
from companies.actor import Actor
from companies.jobs import Work, enqueue_many
from companies.models import Lane
from companies.rows import insert_beside, insert_rows, update_rows
from companies.series import next_numbers
from companies.trail import Note, record_many
from policies.models import InsurerShare, Invoice, Policy, PolicyVersion, PremiumComponent, Section, Transaction
from policies.services.contracts import Contract
from policies.services.invoicing import book_invoices, draw_invoices
from quotations.models import Order
from quotations.offer import amount
from relations.services.parties import Applicant, Person, register_customers

PAPERS = "policy.papers"


@dataclass(frozen=True, slots=True)
class Issued:
    """What an order became."""

    policy: Policy
    invoice: Invoice


def order_told(issued: Issued) -> dict[str, str]:
    """What the customer's page says of an order."""
    policy = issued.policy
    return {"policy": policy.number, "invoice": issued.invoice.number, "starts_on": policy.starts_on.isoformat()}


def issue_policy(*, order: Order, actor: Actor) -> Issued:
    """Issue the policy of one order; see `issue_policies`."""
    return issue_policies(orders=[order], actor=actor)[0]


@step
def issue_policies(*, orders: Sequence[Order], actor: Actor, papers: bool = True) -> list[Issued]:
    """Issue the policies of orders and book their invoices, each on its order's day, in one transaction; papers and
    mails are promised in it, unless `papers` is off: contracts of the past were sent theirs when they were concluded.

    A policy equals its quotation on the ordered plan (S0-25). The ledger is written last, since its numbers are locked.
    """
    contracts = [Contract(order) for order in orders]
    register_holders(contracts, actor=actor)
    add_policies(contracts)
    add_versions(contracts)
    add_sections(contracts)
    draw_invoices(contracts)
    posted = book_invoices(contracts, actor=actor)
    notes = [Note(c.policy, "policy.issued", c.on, details={"number": c.policy.number}) for c in contracts]
    notes += [
        Note(c.invoice, "invoice.booked", c.on,
             details={"number": c.invoice.number, "entry": entry.name if entry else "",
                      "instalments": len(c.offer.instalments)})
        for c, entry in zip(contracts, posted, strict=True)
    ]  # fmt: skip
    record_many(notes, actor=actor)
    if papers:
        promise_papers(contracts)
    return [Issued(c.policy, c.invoice) for c in contracts]


def promise_papers(contracts: Sequence[Contract]) -> None:
    """Papers and mails follow by a worker; those of a run don't keep the desk waiting."""
    lane = Lane.SINGLE if len(contracts) == 1 else Lane.BULK
    enqueue_many(
        [
            Work(PAPERS, f"{PAPERS}:{c.policy.pk}", {"policy": c.policy.pk, "invoice": c.invoice.pk}, lane)
            for c in contracts
        ]
    )


def register_holders(contracts: Sequence[Contract], *, actor: Actor) -> None:
    """The customers of the cases, found or registered (S0-28)."""
    applicants = [
        Applicant(
            person_of(c.application.parties["policyholder"], c.application.language),
            c.quotation.case_id,
            c.on,
            c.application.known,
        )
        for c in contracts
    ]
    for contract, holder in zip(contracts, register_customers(applicants=applicants, actor=actor), strict=True):
        contract.holder = contract.quotation.case.customer = holder
    update_rows([contract.quotation.case for contract in contracts], "customer")


def add_policies(contracts: Sequence[Contract]) -> None:
    """The policies with their numbers."""
    numbers = next_numbers("policy", days=[contract.on for contract in contracts])
    for c, number in zip(contracts, numbers, strict=True):
        c.policy = Policy(
            number=number,
            case=c.quotation.case,
            order=c.order,
            product=c.product,
            holder=c.holder,
            adviser=c.application.adviser,
            starts_on=c.offer.starts_on,
            renews_on=c.offer.ends_on,
        )
    insert_rows([c.policy for c in contracts])


def add_versions(contracts: Sequence[Contract]) -> None:
    """Each policy's first version, as it was quoted on the ordered plan."""
    for c in contracts:
        c.version = PolicyVersion(
            policy=c.policy,
            number=1,
            transaction=Transaction.ISSUE,
            product_version=c.product_version,
            answers=c.application.answers,
            terms=c.offer.evaluation["terms"],
            evaluation=c.quotation.evaluation,
            plan=c.order.plan,
            valid_from=c.offer.starts_on,
            net=c.offer.net,
            tax=c.offer.tax,
            fees=c.offer.fees,
            total=c.offer.total,
        )
    insert_rows([c.version for c in contracts])


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


def add_sections(contracts: Sequence[Contract]) -> None:
    """Cover units with their premium components, and who carries them."""
    for contract in contracts:
        contract.sections = sections_of(contract)
    sections = [(c, section) for c in contracts for section in c.sections.values()]
    insert_rows([section for _contract, section in sections])
    components = [
        {
            "section_id": c.sections[row["section"]].pk,
            "kind": row["key"],
            "base": row["base"] and amount(row["base"]),
            "rate": row["rate"] and amount(row["rate"]),
            "amount": amount(row["amount"]),
        }
        for c in contracts
        for row in c.offer.components("premium")
    ]
    shares = [
        {
            "section_id": section.pk,
            "insurer_id": c.product.insurer_id,
            "percent": Decimal(100),
            "valid_from": section.valid_from,
        }
        for c, section in sections
    ]
    insert_beside((PremiumComponent, components), (InsurerShare, shares))


def sections_of(contract: Contract) -> dict[str, Section]:
    """The cover units of a contract by their keys in the product."""
    offer, definition = contract.offer, contract.definition
    names = {section.key: section.names for section in definition.sections}
    countries = {row["section"]: row["country"] for row in offer.premium["tax_lines"]}
    return {
        row["key"]: Section(
            version=contract.version,
            key=row["key"],
            names=names[row["key"]],
            valid_from=offer.starts_on,
            valid_until=offer.end_of(row),
            tax_country=countries.get(row["key"], definition.country),
            objects_insured=[{"sum": row["insured_sum"]}] if row["insured_sum"] else [],
        )
        for row in offer.premium["sections"]
    }
