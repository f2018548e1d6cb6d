"""A customer withdraws from his contract: the policy ends from its beginning, its books are turned round, and a dated
receipt is promised (Directive (EU) 2023/2673; BW 6:230x, §§ 8 and 9 VVG).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.db import step
from common.errors import BusinessError
from common.formats import day_in_prose
from companies.actor import Actor
from companies.clock import day_of
from companies.jobs import enqueue
from companies.models import Command, Company, Link
from companies.moves import check_move
from companies.series import next_number
from companies.trail import record
from correspondence.models import Addressee
from ledger.models import Entry
from ledger.selectors.credits import open_credits, open_debits
from ledger.services import reverse
from ledger.services.matching import Match, allocate_many
from policies.cooling import CoolingOff, cooling_off
from policies.enjoyed import Enjoyed, enjoyed
from policies.locks import policy_for_update
from policies.models import (
    POLICY_MOVES,
    Instalment,
    Invoice,
    InvoiceLine,
    Policy,
    PolicyState,
    PolicyVersion,
    Section,
    Transaction,
    Withdrawal,
)
from policies.services.contracts import Contract
from policies.services.invoicing import book_invoices, draw_invoices
from quotations.offer import ZERO, Offer

PAPERS = "policy.withdrawn"
BOOKED = ("policies.invoice", "policies.commission")


class WithdrawalRefused(BusinessError):
    """A withdrawal that can't be taken; the message says why and what else can be done."""

    default_code = "withdrawal_refused"


@dataclass
class KeptContract(Contract):
    """The contract cut to the days that were enjoyed: what its order becomes on the day of the withdrawal."""

    kept: Enjoyed
    day: date

    @property
    def on(self) -> date:
        return self.day

    @property
    def offer(self) -> Offer:
        return self.kept


@dataclass(frozen=True, slots=True)
class Credited:
    """What became of a policy's premium."""

    credit_note: Invoice | None = None
    kept_invoice: Invoice | None = None


@step
def withdraw_policy(*, command: Command, company: Company, actor: Actor, on: date) -> tuple[Withdrawal, bool]:
    """Keep the customer's withdrawal from the policy of his case; the withdrawal and whether it is new.

    A second one gives the first. Raises WithdrawalRefused: a link that isn't the customer's (not_customer), no policy
    (no_policy), no such right (no_right, short), after the last day (over).
    """
    link = Link.objects.get(pk=command.link_id or 0)
    if link.addressee != Addressee.CUSTOMER:
        raise WithdrawalRefused(
            _("Only the customer can withdraw, by the link in the mail to the customer."), code="not_customer"
        )
    policy = policy_for_update(command.case_id)
    if policy is None:
        raise WithdrawalRefused(_("There is no policy in this file."), code="no_policy")
    if (earlier := Withdrawal.objects.filter(policy=policy).first()) is not None:
        return earlier, False
    came_in = day_of(company, command.recorded_at)
    right = cooling_off(policy, company)
    check_right(right, came_in)
    return carry_out(policy, right, command, link=link, came_in=came_in, actor=actor, on=on), True


def check_right(right: CoolingOff, on: date) -> None:
    """The right exists and its days aren't over; the day on which the declaration came in counts, not ours."""
    if not right.exists:
        raise WithdrawalRefused(_("There is no right to withdraw from this insurance."), code=right.why_not)
    if not right.holds(on):
        last = day_in_prose(right.last_day, get_language() or "en")
        raise WithdrawalRefused(
            _("You could withdraw until %(day)s. You can still end the insurance as its conditions say.")
            % {"day": last},
            code="over",
        )


def carry_out(
    policy: Policy, right: CoolingOff, command: Command, *, link: Link, came_in: date, actor: Actor, on: date
) -> Withdrawal:
    """State, version, books and the row itself, in one transaction; receipt and mails are promised in it."""
    first = PolicyVersion.objects.filter(policy=policy).order_by("number")[0]
    until = came_in if right.keeps_premium and came_in > policy.starts_on else None
    kept = enjoyed(Offer(first.evaluation, first.plan, first.valid_from), until=until or policy.starts_on)
    check_move(POLICY_MOVES, policy.state, PolicyState.WITHDRAWN)
    policy.state = PolicyState.WITHDRAWN
    policy.save(update_fields=["state"])
    version = add_version(policy, first, kept)
    credited = credit_invoice(policy, version, kept if until else None, actor=actor, on=on)
    withdrawal = Withdrawal.objects.create(
        case=policy.case,
        policy=policy,
        command=command,
        link=link,
        address=command.address,
        declared_by=str(command.payload["name"]),
        receipt_to=str(command.payload["email"]),
        received_at=command.recorded_at,
        on=came_in,
        last_day=right.last_day,
        ended_on=until,
        credit_note=credited.credit_note,
        kept_invoice=credited.kept_invoice,
        to_pay_back=-sum((row.left for row in open_credits(case_id=policy.case_id)), ZERO),
        still_to_pay=sum((row.left for row in open_debits(case_id=policy.case_id)), ZERO),
    )
    number = credited.credit_note.number if credited.credit_note else ""
    record(policy, "policy.withdrawn", actor=actor, on=on, number=policy.number, credit_note=number)
    enqueue(PAPERS, key=f"{PAPERS}:{withdrawal.pk}", withdrawal=withdrawal.pk)
    return withdrawal


def add_version(policy: Policy, first: PolicyVersion, kept: Enjoyed) -> PolicyVersion:
    """The version that takes over from the beginning and covers no day; its premium is what is kept."""
    return PolicyVersion.objects.create(
        policy=policy,
        number=policy.versions.count() + 1,
        transaction=Transaction.WITHDRAWN,
        product_version=first.product_version,
        answers=first.answers,
        terms=first.terms,
        evaluation=kept.evaluation,
        plan=first.plan,
        valid_from=policy.starts_on,
        valid_until=policy.starts_on,
        net=kept.net,
        tax=kept.tax,
        fees=kept.fees,
        total=kept.total,
    )


def credit_invoice(policy: Policy, version: PolicyVersion, kept: Enjoyed | None, *, actor: Actor, on: date) -> Credited:
    """The whole invoice is credited and its entries reversed; what is kept is invoiced anew (posted is posted).

    Numbers and journals are locked until commit, so this comes last.
    """
    invoice = Invoice.objects.filter(policy=policy, credits=None).order_by("pk").first()
    if invoice is None:  # taken over from elsewhere: nothing was booked here
        return Credited()
    note = draw_credit_note(invoice, on=on)
    contract = None
    if kept is not None and kept.total:
        contract = kept_contract(policy, version, invoice, kept, on=on)
        draw_invoices([contract])
    for entry in entries_of(invoice, actor):
        reverse(entry_id=entry.pk, on=on, actor=actor, reason="withdrawal")
    record(note, "invoice.credited", actor=actor, on=on, number=note.number, invoice=invoice.number)
    if contract is None:
        return Credited(note)
    book_invoices([contract], actor=actor)
    settle(contract.invoice, actor=actor, on=on)
    return Credited(note, contract.invoice)


def kept_contract(policy: Policy, version: PolicyVersion, invoice: Invoice, kept: Enjoyed, *, on: date) -> KeptContract:
    """The policy as its new invoice sees it: the sections are those that were insured."""
    contract = KeptContract(policy.order, kept=kept, day=on)
    contract.policy, contract.version, contract.holder = policy, version, invoice.debtor
    contract.sections = {row.key: row for row in Section.objects.filter(version=invoice.version_id)}
    return contract


def entries_of(invoice: Invoice, actor: Actor) -> list[Entry]:
    """What was booked when the invoice was: premium and commission; no receipt, which may bear its number too."""
    booked = Entry.objects.visible_to(actor).filter(reference=invoice.number, source__in=BOOKED, reversal_of=None)
    return list(booked.order_by("pk"))


def draw_credit_note(invoice: Invoice, *, on: date) -> Invoice:
    """An invoice with minus amounts and a number of the credit notes' own gap-free series."""
    note = Invoice.objects.create(
        number=next_number("credit_note", on=on),
        credits=invoice,
        invoiced_on=on,
        **{name: getattr(invoice, name) for name in SAME},
        **{name: -getattr(invoice, name) for name in AMOUNTS},
    )
    InvoiceLine.objects.bulk_create([minus(line, note) for line in invoice.lines.order_by("position")])
    Instalment.objects.bulk_create(
        [
            Instalment(invoice=note, position=row.position, due_on=row.due_on, amount=-row.amount)
            for row in invoice.instalments.order_by("position")
        ]
    )
    return note


SAME = ("policy", "case", "version", "debtor", "term_from", "term_until", "plan", "payment_reference")
AMOUNTS = ("net", "tax", "fees", "total")
SAME_OF_LINE = ("position", "section", "kind", "names", "tax_class", "tax_country", "tax_percent", "exemption")


def minus(line: InvoiceLine, note: Invoice) -> InvoiceLine:
    """A line of an invoice as its credit note has it."""
    same: dict[str, Any] = {name: getattr(line, name) for name in SAME_OF_LINE}
    return InvoiceLine(invoice=note, net=-line.net, tax=-line.tax, **same)


def settle(invoice: Invoice, *, actor: Actor, on: date) -> None:
    """What had been paid counts for the premium that is kept, oldest first; the rest stays a credit."""
    credits_, matches = open_credits(case_id=invoice.case_id), []
    for due in open_debits(case_id=invoice.case_id):
        left: Decimal = due.left
        for row in credits_:
            if paid := min(left, -row.left):
                matches.append(Match(due.item_id, row.item_id, paid))
                left -= paid
                row.left += paid
    if matches:
        allocate_many(matches, on=on, actor=actor, key=f"withdrawal:{invoice.number}")
