"""What an evaluation gives back: asked, decision, premium, plans and the whole trace; all of it writable as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from products.language.errors import Problem
from products.language.numbers import amount_text, plain

Texts = Mapping[str, str]
if TYPE_CHECKING:
    from products.language.product import StepPart
    from products.language.scope import Condition, Formula
    from products.language.weighing import Weighed

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


class StepResult:
    """A rating step: its value as text, what it was before rounding, and the values it was made of.

    It keeps what the step was worked out from, and writes it out where it is read.
    """

    __slots__ = ("_formula", "_json_of", "_operands", "_refused", "_step", "_unrounded", "_value", "how")

    def __init__(
        self,
        step: StepPart,
        formula: Formula,
        value: Any,
        unrounded: Any,
        operands: Mapping[str, Any],
        refused: Formula | None,
        how: Texts,
        json_of: Callable[[str, Any], Any],
    ) -> None:
        self._step, self._formula, self._value, self._unrounded = step, formula, value, unrounded
        self._operands, self._refused, self.how, self._json_of = operands, refused, how, json_of

    @property
    def key(self) -> str:
        """The step's key."""
        return self._step.spec.key

    @property
    def type(self) -> str:
        """The kind of its value."""
        return self._step.type.kind

    @property
    def value(self) -> Any:
        """Its value as JSON."""
        return value_json(self._value, self._step.type.kind)

    @property
    def listed(self) -> bool:
        """Whether it stands in the premium that is told."""
        return self._step.spec.listed and self._refused is None

    @property
    def unrounded(self) -> str | None:
        """What it was before rounding, where that is another number."""
        changed = isinstance(self._unrounded, Decimal) and self._unrounded != self._value
        return plain(self._unrounded) if changed else None

    @property
    def rounding(self) -> dict[str, str] | None:
        """How it was rounded."""
        rounding = self._step.rounding
        rounded = rounding is not None and isinstance(self._value, Decimal)
        return {"to": plain(rounding[0]), "mode": rounding[1]} if rounding is not None and rounded else None

    @property
    def operands(self) -> dict[str, Any]:
        """The names its formula used with their values."""
        return {name: self._json_of(name, value) for name, value in self._operands.items()}

    @property
    def refused_by(self) -> str | None:
        """The part of its condition that didn't hold."""
        return None if self._refused is None else self._refused.source

    @property
    def formula(self) -> str:
        """The formula that was worked out."""
        return self._formula.source

    @property
    def section(self) -> str | None:
        """The section it belongs to."""
        return self._step.spec.section

    def as_json(self) -> dict[str, Any]:
        """Everything of the step as JSON."""
        return {name: to_json(getattr(self, name)) for name in STEP_FIELDS}


STEP_FIELDS = (
    "key", "type", "value", "listed", "unrounded", "rounding", "operands", "refused_by", "formula", "section", "how",
)  # fmt: skip


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


Look = tuple[str, str, "Condition | None", "Formula | str | None", tuple[Any, ...]]  # see `Trace.conditions`
TableLook = tuple[str, list[Any], int | list[int] | None]  # the table, its keys, the row or rows


@dataclass(frozen=True)
class Trace:
    """Everything that was looked at, so that the decision can be told and checked later; written out where it is read.

    `looked` holds of each condition: kind, key, the condition, the part that refused (or None) and the values it saw;
    or of many conditions together which were refused where.
    """

    looked: tuple[Look | Weighed, ...] = ()
    seen: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[TableLook, ...] = ()
    steps_spent: int = 0
    json_of: Callable[[str, Any], Any] | None = None

    @property
    def conditions(self) -> tuple[Looked, ...]:
        """Each condition that was looked at, in order."""
        return tuple(self._looked(look) for look in self.looks)

    @property
    def looks(self) -> list[Look]:
        """The same as they are kept: kind, key, condition, the part that refused or None, the values it saw."""
        found: list[Look] = []
        for look in self.looked:
            if isinstance(look, tuple):
                found.append(look)
            else:
                found.extend(look.looks())
        return found

    def _looked(self, look: Look) -> Looked:
        kind, key, condition, refusing, values = look
        source = None if condition is None else condition.source
        if refusing is None or isinstance(refusing, str) or self.json_of is None:
            return Looked(kind, key, refusing is None, source, refusing if isinstance(refusing, str) else None)
        seen = {name: self.json_of(name, value) for name, value in zip(refusing.names, values, strict=True)}
        return Looked(kind, key, False, source, refusing.source, seen)

    @property
    def values(self) -> dict[str, Any]:
        """Every name with its value."""
        return {} if self.json_of is None else {name: self.json_of(name, value) for name, value in self.seen.items()}

    @property
    def tables(self) -> tuple[dict[str, Any], ...]:
        """Each look-up in a table: its keys and the row that served."""
        return tuple(
            {"table": table, "keys": [value_json(key, "number") for key in keys], "row": row}
            for table, keys, row in self.rows
        )

    def as_json(self) -> dict[str, Any]:
        """The whole trace as JSON."""
        return {
            "conditions": to_json(self.conditions),
            "values": self.values,
            "tables": to_json(self.tables),
            "steps_spent": self.steps_spent,
        }


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

    def as_json(self) -> dict[str, Any]:
        """Everything as JSON; its parts are written once, however often they are asked for."""
        return dict(self._written)

    @cached_property
    def _written(self) -> dict[str, Any]:
        return _fields(self, [(item.name, False) for item in fields(self)])


def to_json(value: Any) -> Any:
    """Any part of an evaluation as plain JSON: amounts and rates as text, days as ISO dates."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    writer = _writers.get(kind)
    if writer is None:
        writer = _writers[kind] = _writer(kind)
    return writer(value)


def _writer(kind: type) -> Callable[[Any], Any]:
    """How values of a type are written, found once a type."""
    if issubclass(kind, (Problem, StepResult, Trace, Evaluation)):
        return lambda value: value.as_json()
    if is_dataclass(kind):
        names = [(item.name, item.name in _PLAIN_FIELDS) for item in fields(kind)]
        if issubclass(kind, PlanResult):
            names = [(name, bare) for name, bare in names if name != "premium"]
            return lambda value: {**_fields(value, names), "premium": _summary(value.premium)}
        return lambda value: _fields(value, names)
    if issubclass(kind, Decimal):
        return amount_text
    if issubclass(kind, date):
        return lambda value: value.isoformat()
    if issubclass(kind, Mapping):
        return lambda value: {str(key): to_json(found) for key, found in value.items()}
    if issubclass(kind, (list, tuple)):
        return lambda value: [to_json(found) for found in value]
    return lambda value: value


_PLAIN = {str, int, bool, type(None)}
_writers: dict[type, Callable[[Any], Any]] = {}


def _fields(value: Any, names: Sequence[tuple[str, bool]]) -> dict[str, Any]:
    return {
        name: plain(found) if bare and isinstance(found, Decimal) else to_json(found)
        for name, bare in names
        for found in [getattr(value, name)]
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
