"""What an evaluation gives back: asked, decision, premium, plans and the whole trace; all of it writable as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from products.language.errors import Problem
from products.language.numbers import amount_text, plain

Texts = dict[str, str]
_PLAIN_FIELDS = {"rate", "percent"}  # written as they are; all other Decimals are amounts


@dataclass(frozen=True)
class Reason:
    """A rule of acceptance that fired, in the words for each reader."""

    key: str
    outcome: str
    customer: Texts
    underwriter: Texts
    detail: Texts | None = None
    term: str | None = None
    authority: str | None = None


@dataclass(frozen=True)
class TermResult:
    """A term that goes on the policy."""

    key: str
    names: Texts
    text: Texts


@dataclass(frozen=True)
class StepResult:
    """A rating step: its value as text, what it was before rounding, and the values it was made of."""

    key: str
    type: str
    value: str | bool | list[str] | None
    listed: bool
    unrounded: str | None = None
    rounding: dict[str, str] | None = None
    operands: dict[str, Any] = field(default_factory=dict)
    refused_by: str | None = None
    formula: str = ""
    section: str | None = None
    how: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class ComponentResult:
    """A part of the price: its kind (premium, fee, tax, rounding), section, base, rate in percent and amount."""

    key: str
    kind: str
    section: str | None
    base: Decimal | None
    rate: Decimal | None
    amount: Decimal
    taxed: bool


@dataclass(frozen=True)
class TaxLine:
    """A tax of a section: class, country of risk, due day, base, rate in percent and amount."""

    key: str
    tax: str
    tax_class: str
    country: str
    due_on: date
    section: str
    base: Decimal
    rate: Decimal
    amount: Decimal
    exemption: Texts | None = None


@dataclass(frozen=True)
class SectionResult:
    """A cover unit that is taken: its net premium, insured sum and term in months."""

    key: str
    line_of_business: str
    net: Decimal
    insured_sum: Decimal | None
    term_months: int


@dataclass(frozen=True)
class CommissionResult:
    """What a distributor earns of this premium, in all and per section."""

    receiver: str
    percent: Decimal
    base: Decimal
    amount: Decimal
    by_section: dict[str, Decimal]


@dataclass(frozen=True)
class Premium:
    """A price: net + tax + fees + rounding = total. `indicative` where a person still decides."""

    indicative: bool
    steps: tuple[StepResult, ...]
    components: tuple[ComponentResult, ...]
    tax_lines: tuple[TaxLine, ...]
    sections: tuple[SectionResult, ...]
    net: Decimal
    tax: Decimal
    fees: Decimal
    rounding: Decimal
    total: Decimal
    commission: tuple[CommissionResult, ...]


@dataclass(frozen=True)
class Instalment:
    """One payment: `amount` is the part of the premium and the fee together."""

    number: int
    due_on: date
    premium: Decimal
    fee: Decimal
    amount: Decimal


@dataclass(frozen=True)
class PlanResult:
    """A payment plan priced; where it isn't allowed, the reason and the plan that is offered instead.

    `allowed` is None where the plan can't be judged before the questions in `missing` are answered.
    """

    plan: str
    names: Texts
    allowed: bool | None
    instalments: tuple[Instalment, ...] = ()
    fees: Decimal = Decimal("0.00")
    total: Decimal = Decimal("0.00")
    premium: Premium | None = None
    reason: str | None = None
    reason_text: Texts | None = None
    refused_instalment: Decimal | None = None
    offered: str | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class IpidLineResult:
    """A line of the information document; `mark` is tick, cross, exclamation or none."""

    key: str
    heading: str
    mark: str
    text: Texts
    group: Texts | None


@dataclass(frozen=True)
class Looked:
    """A condition that was looked at: it held (`fired`), or the part that refused with the values it saw."""

    kind: str
    key: str
    fired: bool
    condition: str | None = None
    refused_by: str | None = None
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Trace:
    """Everything that was looked at, so that the decision can be told and checked later."""

    conditions: tuple[Looked, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    tables: tuple[dict[str, Any], ...] = ()
    steps_spent: int = 0


@dataclass(frozen=True)
class Evaluation:
    """The outcome for these answers on this day. With `errors` nothing is decided and nothing priced."""

    product: str
    sha256: str
    as_of: date
    answers: dict[str, Any]
    asked: tuple[str, ...]
    errors: tuple[Problem, ...] = ()
    edition: str | None = None
    starts_on: date | None = None
    decision: str | None = None
    reasons: tuple[Reason, ...] = ()
    terms: tuple[TermResult, ...] = ()
    premium: Premium | None = None
    not_rated_because: Texts | None = None
    plan: str | None = None
    payment: PlanResult | None = None
    plans: tuple[PlanResult, ...] = ()
    ipid: tuple[IpidLineResult, ...] = ()
    documents: tuple[str, ...] = ()
    trace: Trace = field(default_factory=Trace)

    @property
    def ok(self) -> bool:
        """Whether the answers could be evaluated."""
        return not self.errors


def to_json(value: Any) -> Any:
    """Any part of an evaluation as plain JSON: amounts and rates as text, days as ISO dates."""
    if isinstance(value, Problem):
        return value.as_json()
    if is_dataclass(value) and not isinstance(value, type):
        if isinstance(value, PlanResult):
            return {**_fields(value, without="premium"), "premium": _summary(value.premium)}
        return _fields(value)
    if isinstance(value, Decimal):
        return amount_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): to_json(found) for key, found in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(found) for found in value]
    return value


def _fields(value: Any, without: str = "") -> dict[str, Any]:
    return {
        item.name: plain(found) if item.name in _PLAIN_FIELDS and isinstance(found, Decimal) else to_json(found)
        for item in fields(value)
        if item.name != without
        for found in [getattr(value, item.name)]
    }


def _summary(premium: Premium | None) -> dict[str, Any] | None:
    """A plan's price without its steps, which stand once, under the evaluation's premium."""
    if premium is None:
        return None
    names = ("net", "tax", "fees", "rounding", "total", "commission")
    return {name: to_json(getattr(premium, name)) for name in names}


def value_json(value: Any, kind: str) -> Any:
    """A value of the formula language as JSON: an amount with two decimals, a number without trailing zeros."""
    if isinstance(value, Decimal):
        return amount_text(value) if kind == "money" else plain(value)
    return to_json(value)
