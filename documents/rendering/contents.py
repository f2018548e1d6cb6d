"""What each document takes. The rooms above fill these; a document can say nothing that isn't here.

Amounts are Decimal in `currency`, rates are fractions (Decimal("0.21") is 21 %), days are dates, moments are aware
datetimes. `law` is the country whose rules the legal passages follow. `rehearsal` prints the violet mark.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal

from documents.rendering.errors import ContentRefused
from documents.rendering.masks import masked_birth_date, masked_iban
from documents.rendering.parts import (
    ZERO,
    Addressee,
    Adviser,
    Binding,
    Charge,
    Clause,
    Commission,
    Cover,
    Fact,
    Instalment,
    Plan,
    Premium,
    Remittance,
    Step,
    Tax,
    Value,
    check_line,
    check_sum,
)
from documents.rendering.qr import Transfer

__all__ = [
    "Addressee", "Adviser", "ApplicationCopyContent", "Binding", "Charge", "Clause", "Commission", "Cover",
    "DecisionContent", "DirectDebit", "Fact",
    "Happening", "Instalment", "InvoiceContent", "InvoiceInstalment", "InvoiceLine", "IpidContent", "IpidGroup",
    "Paper", "Plan", "PolicyContent", "Premium", "Question", "QuestionGroup", "QuotationContent", "Remittance", "Step",
    "SummaryContent", "Tax", "Transfer", "Value", "WithdrawalContent",
]  # fmt: skip

WITHDRAWAL_DAYS = 14


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What every document says of itself: its number, its day, whether it belongs to a rehearsal, and what it
    translates.
    """

    template: ClassVar[str]

    number: str
    issued_on: date
    law: str = ""
    rehearsal: bool = False
    translates: Binding | None = None

    def __post_init__(self) -> None:
        check_line("the number", self.number)

    def context(self) -> Mapping[str, Any]:
        """The content by name, as `render` takes it."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, kw_only=True)
class QuotationContent(Paper):
    """An offer by name: risk, cover, premium step by step, every plan priced, how to order (S0-18)."""

    template: ClassVar[str] = "quotation"

    product: str
    edition: str
    subject: str
    currency: str
    addressee: Addressee
    customer_number: str = ""
    adviser: Adviser | None = None
    application_number: str
    applied_on: date
    starts_on: date
    ends_on: date
    valid_until: date
    risk: tuple[Fact, ...]
    cover: tuple[Cover, ...]
    premium: Premium
    plans: tuple[Plan, ...]
    clauses: tuple[Clause, ...] = ()
    terms: tuple[str, ...]
    commission: Commission | None = None
    order_fact: str
    withdrawal_days: int = WITHDRAWAL_DAYS
    withdrawal_keeps: bool = False  # the premium for cover until the withdrawal stays with the company
    enclosures: tuple[str, ...] = ()
    released_by: str = ""
    summarised: bool = False  # a summary of cover comes with it in place of an information document

    def __post_init__(self) -> None:
        super().__post_init__()
        check_line("the customer number", self.customer_number)
        check_line("the application number", self.application_number)
        chosen = [plan for plan in self.plans if plan.chosen]
        if len(chosen) != 1:
            raise ContentRefused(f"Expected one plan that the customer asked for, found {len(chosen)}.")
        check_sum("the chosen plan", chosen[0].total, self.premium.total)
        if self.valid_until < self.issued_on:
            raise ContentRefused(f"A quotation of {self.issued_on} can't end its validity on {self.valid_until}.")

    @property
    def chosen_plan(self) -> Plan:
        """The plan on which the premium of this quotation is worked out."""
        return next(plan for plan in self.plans if plan.chosen)

    def context(self) -> Mapping[str, Any]:
        return {**super().context(), "chosen_plan": self.chosen_plan}


@dataclass(frozen=True, kw_only=True)
class IpidGroup:
    """Lines under a sub-heading of the information document; the title may be empty."""

    items: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class IpidContent(Paper):
    """The information document for one customer's chosen cover (Regulation (EU) 2017/1469, S0-14, S0-19).

    `optional` are covers that were offered and not chosen: plain text, never with a tick, cross or exclamation mark
    (article 4(2)). A third page needs its reason, which the company must be able to show the supervisor (article 3).
    """

    template: ClassVar[str] = "ipid"

    kind: str
    product: str
    prepared_for: str
    type_of_insurance: str
    insured: tuple[IpidGroup, ...]
    optional: tuple[str, ...] = ()
    not_insured: tuple[str, ...]
    restrictions: tuple[str, ...]
    where: tuple[str, ...]
    obligations: tuple[IpidGroup, ...]
    payment: tuple[str, ...]
    term: tuple[str, ...]
    cancellation: tuple[str, ...]
    third_page_reason: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        needed = ("type_of_insurance", "insured", "not_insured", "restrictions", "where", "obligations", "payment",
                  "term", "cancellation")  # fmt: skip
        if empty := [name for name in needed if not getattr(self, name)]:
            raise ContentRefused(f"Each of the nine headings needs a line; nothing stands under {', '.join(empty)}.")


@dataclass(frozen=True, kw_only=True)
class SummaryContent(Paper):
    """A plain summary of cover, where the law of the product knows no information document of its own."""

    template: ClassVar[str] = "summary"

    product: str
    edition: str
    currency: str
    prepared_for: str
    starts_on: date
    ends_on: date
    cover: tuple[Cover, ...]
    decided: tuple[Fact, ...]
    premium: Premium
    clauses: tuple[Clause, ...] = ()
    renewal: str
    cancellation: str
    withdrawal: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question in the wording of its version, and the answer as it was given.

    `kind` marks what must not stand in full on paper: an account or a day of birth shows only enough to recognise it.
    """

    number: str
    text: str
    answer: str
    answered_by: str
    records: tuple[tuple[tuple[str, str], ...], ...] = ()  # of a list: each record's labels with its words
    help: str = ""
    why: str = ""
    kind: Literal["", "iban", "birth_date"] = ""

    def __post_init__(self) -> None:
        # Masked at once, so that the full number never reaches the source of the document or a log.
        if self.kind == "iban":
            object.__setattr__(self, "answer", masked_iban(self.answer))
        elif self.kind == "birth_date":
            object.__setattr__(self, "answer", masked_birth_date(self.answer))


@dataclass(frozen=True, kw_only=True)
class QuestionGroup:
    """Questions that stood together on a page of the form."""

    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, kw_only=True)
class Happening:
    """A step that followed the application, as a sentence."""

    at: datetime
    sentence: str


@dataclass(frozen=True, kw_only=True)
class ApplicationCopyContent(Paper):
    """The application as submitted: who, when, which version, each question that was asked and its answer (S0-20)."""

    template: ClassVar[str] = "application"

    version: int
    product: str
    edition: str
    applicant: str
    filled_in_by: str
    submitted_at: datetime
    time_zone: str
    submitted_how: str
    changes: tuple[str, ...] = ()
    groups: tuple[QuestionGroup, ...]
    declaration: str
    confirmation: str
    decision: str
    followed: tuple[Happening, ...] = ()
    answers_sha256: str = ""

    @property
    def asked(self) -> int:
        """How many questions were asked."""
        return sum(len(group.questions) for group in self.groups)

    def context(self) -> Mapping[str, Any]:
        return {**super().context(), "asked": self.asked}


@dataclass(frozen=True, kw_only=True)
class DecisionContent(Paper):
    """A reasoned refusal: what was told, the rule, what did not count, ways out, review by a person (GDPR art. 22).

    `decided_by` is the person who decided, empty for the robot; `reviewed` marks the second look at a refusal. `facts`
    are the answers that counted, `rules` the rules in the customer's words, `weighed` a person's own words.
    """

    template: ClassVar[str] = "decision"

    product: str
    edition: str
    currency: str
    addressee: Addressee
    adviser: Adviser | None = None
    applied_on: date
    facts: tuple[Fact, ...] = ()
    rules: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    weighed: str = ""
    ways: tuple[str, ...] = ()
    decided_by: str = ""
    reviewed: bool = False
    review_days: int
    kept_until: date

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.rules and not self.weighed:
            raise ContentRefused("A refusal says why: expected a rule or a person's words, found neither.")
        if bool(self.weighed) != bool(self.decided_by):
            raise ContentRefused("A person's words stand beside his name, and the robot has none.")


@dataclass(frozen=True, kw_only=True)
class PolicyContent(Paper):
    """The policy, equal in cover, premium, plan and clauses to the quotation that was ordered (S0-25)."""

    template: ClassVar[str] = "policy"

    version: int
    reason: str
    product: str
    edition: str
    currency: str
    addressee: Addressee
    customer_number: str = ""
    adviser: Adviser | None = None
    valid_from: date
    term_until: date
    parties: tuple[Fact, ...]
    risk: tuple[Fact, ...]
    cover: tuple[Cover, ...]
    premium: Premium
    plan: Plan
    clauses: tuple[Clause, ...] = ()
    terms: tuple[str, ...]
    quotation_number: str
    applied_on: date
    deviations: tuple[str, ...] = ()
    commission: Commission | None = None
    withdrawal_days: int = WITHDRAWAL_DAYS
    withdrawal_keeps: bool = False
    place: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        check_line("the reason", self.reason)
        check_line("the customer number", self.customer_number)
        check_sum("the plan of the policy", self.plan.total, self.premium.total)
        if self.term_until <= self.valid_from:
            raise ContentRefused(f"A policy from {self.valid_from} can't end on {self.term_until}.")


@dataclass(frozen=True, kw_only=True)
class InvoiceLine:
    """A component of the premium: the premium itself, the surcharge for paying in parts, and both together."""

    name: str
    premium: Decimal
    surcharge: Decimal = ZERO
    taxed: bool = True

    @property
    def amount(self) -> Decimal:
        """Premium and surcharge together."""
        return self.premium + self.surcharge


@dataclass(frozen=True, kw_only=True)
class InvoiceInstalment:
    """One payment: when, how much, and whether we collect it or the customer transfers it.

    `note` says why the day isn't the contract's, for example because the first is a closed bank day.
    """

    due_on: date
    amount: Decimal
    collected: bool
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class DirectDebit:
    """The notice of collection that a SEPA direct debit needs: account (masked), mandate and creditor."""

    iban: str
    holder: str
    mandate: str
    signed_on: date
    creditor_id: str
    notice_days: int = 14

    def __post_init__(self) -> None:
        object.__setattr__(self, "iban", masked_iban(self.iban))


@dataclass(frozen=True, kw_only=True)
class InvoiceContent(Paper):
    """The invoice of a premium: components, costs, tax by rate, exempt part, total, and how it is paid (S0-26).

    `transfer` is what the customer transfers now and prints a QR code; it stays away where everything is collected,
    because a code then invites a double payment. A company without a European account names another way, `remittance`.
    Raises ContentRefused when one cent is missing.
    """

    template: ClassVar[str] = "invoice"

    policy_number: str
    product: str
    currency: str
    addressee: Addressee
    customer_number: str = ""
    adviser: Adviser | None = None
    period_from: date
    period_until: date
    lines: tuple[InvoiceLine, ...]
    charges: tuple[Charge, ...] = ()
    taxes: tuple[Tax, ...]
    rounding: Decimal = ZERO
    total: Decimal
    tax_due_on: date
    schedule: tuple[InvoiceInstalment, ...]
    transfer: Transfer | None = None
    remittance: Remittance | None = None
    debit: DirectDebit | None = None
    first_premium: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        check_line("the customer number", self.customer_number)
        check_line("the policy number", self.policy_number)
        taxes = sum((tax.amount for tax in self.taxes), ZERO)
        check_sum("the invoice", self.taxed_base + self.exempt_base + taxes + self.rounding, self.total)
        self._check_tax_bases()
        check_sum("the schedule", sum((part.amount for part in self.schedule), ZERO), self.total)
        self._check_ways_to_pay()

    def _check_tax_bases(self) -> None:
        """Several taxes may stand over one premium, or one over a part of it, but none over more than is invoiced."""
        whole = self.taxed_base + self.exempt_base
        if found := [tax.base for tax in self.taxes if tax.rate is not None and tax.base > whole]:
            raise ContentRefused(f"Of the tax bases none is more than what is invoiced, {whole}; found {max(found)}.")

    def _check_ways_to_pay(self) -> None:
        by_hand = [part for part in self.schedule if not part.collected and part.amount]
        way = self.transfer or self.remittance
        if way and way.amount not in [part.amount for part in by_hand]:
            raise ContentRefused(f"No instalment of {way.amount} is to be transferred.")
        if by_hand and not way:
            raise ContentRefused("An instalment is to be transferred, but nothing says to which account.")
        if any(part.collected for part in self.schedule) and not self.debit:
            raise ContentRefused("An instalment is collected, but nothing says on which mandate.")

    @property
    def taxed_lines(self) -> tuple[InvoiceLine, ...]:
        return tuple(line for line in self.lines if line.taxed)

    @property
    def exempt_lines(self) -> tuple[InvoiceLine, ...]:
        return tuple(line for line in self.lines if not line.taxed)

    @property
    def taxed_base(self) -> Decimal:
        """Premium, surcharge and costs over which insurance tax is due."""
        charges = sum((charge.amount for charge in self.charges if charge.taxed), ZERO)
        return sum((line.amount for line in self.taxed_lines), charges)

    @property
    def exempt_base(self) -> Decimal:
        """Premium, surcharge and costs that are exempt from insurance tax."""
        charges = sum((charge.amount for charge in self.charges if not charge.taxed), ZERO)
        return sum((line.amount for line in self.exempt_lines), charges)

    def context(self) -> Mapping[str, Any]:
        numbered = tuple(enumerate(self.schedule, start=1))
        return {
            **super().context(),
            "taxed_lines": self.taxed_lines,
            "exempt_lines": self.exempt_lines,
            "taxed_charges": tuple(charge for charge in self.charges if charge.taxed),
            "exempt_charges": tuple(charge for charge in self.charges if not charge.taxed),
            "taxed_base": self.taxed_base,
            "surcharged": any(line.surcharge for line in self.lines),
            "numbered": numbered,
            "collected": tuple((number, part) for number, part in numbered if part.collected),
        }


@dataclass(frozen=True, kw_only=True)
class WithdrawalContent(Paper):
    """The receipt of a withdrawal: what was declared, when it came in, and what follows (Directive (EU) 2023/2673).

    `ended_on` is None where the contract is treated as never made; else cover ended on that day and `kept` is its
    premium. What was invoiced is kept or credited, to the cent; `to_pay_back` is what the customer had paid of it.
    """

    template: ClassVar[str] = "withdrawal"

    product: str
    currency: str
    addressee: Addressee
    customer_number: str = ""
    adviser: Adviser | None = None
    declared_by: str
    received_at: datetime
    time_zone: str
    receipt_to: str
    starts_on: date
    ended_on: date | None = None
    invoiced: Decimal = ZERO
    kept: Decimal = ZERO
    credited: Decimal = ZERO
    credit_note: str = ""
    kept_invoice: str = ""
    to_pay_back: Decimal = ZERO
    still_to_pay: Decimal = ZERO
    pay_back_days: int = 30

    def __post_init__(self) -> None:
        super().__post_init__()
        check_line("the name", self.declared_by)
        check_sum("what was invoiced", self.kept + self.credited, self.invoiced)
        if self.to_pay_back and self.still_to_pay:
            raise ContentRefused("Expected money to be paid back or still to be paid, found both.")
