"""Conditions that can never hold, where that is cheap to see: constants, and parts that contradict each other.

Looked at are the parts joined by `and`, each comparing one name with constants: choices, yes or no, and the numbers and
days between a question's limits. Whatever else a condition says is taken as possible.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from products.language.dates import read_day
from products.language.syntax import Binary, Call, Name, Node, Number, Text, Truth, Unary, Within, conjuncts

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right, "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right, "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right, ">=": lambda left, right: left >= right,
}  # fmt: skip


@dataclass
class Possible:
    """What a name's value may still be: one of some values, or between bounds (each with whether it is in)."""

    values: set[Any] | None = None
    low: tuple[Any, bool] | None = None
    high: tuple[Any, bool] | None = None
    excluded: set[Any] = field(default_factory=set)

    @property
    def empty(self) -> bool:
        """Whether no value is left."""
        if self.values is not None:
            return not {value for value in self.values if self.between(value)} - self.excluded
        if self.low is None or self.high is None:
            return False
        (low, low_in), (high, high_in) = self.low, self.high
        return bool(low > high or (low == high and (not (low_in and high_in) or low in self.excluded)))

    def between(self, value: Any) -> bool:
        """Whether a value lies within the bounds."""
        above = self.low is None or value > self.low[0] or (value == self.low[0] and self.low[1])
        return above and (self.high is None or value < self.high[0] or (value == self.high[0] and self.high[1]))


def never_holds(node: Node, start: Mapping[str, Possible]) -> bool:
    """Whether a condition is refused by its constants alone; `start` holds what is possible of each name at first."""
    possible: dict[str, Possible] = {}
    for part in conjuncts(node):
        if constant_truth(part) is False:
            return True
        _narrow(part, possible, start)
    return any(found.empty for found in possible.values())


def constant_truth(node: Node) -> bool | None:
    """The truth of a part without names; None where it has some, or isn't so simple."""
    if isinstance(node, Truth):
        return node.value
    if isinstance(node, Unary) and node.operator == "not":
        inner = constant_truth(node.operand)
        return None if inner is None else not inner
    if isinstance(node, Binary) and node.operator in _COMPARE:
        left, right = constant(node.left), constant(node.right)
        if left is not None and right is not None and type(left) is type(right):
            return _COMPARE[node.operator](left, right)
    return None


def constant(node: Node) -> Any:
    """The value of a constant; None for anything else."""
    if isinstance(node, (Number, Text, Truth)):
        return node.value
    if isinstance(node, Unary) and isinstance(node.operand, Number) and node.operator in ("-", "%"):
        return -node.operand.value if node.operator == "-" else node.operand.value / 100
    if isinstance(node, Call) and node.function in ("date", "money") and len(node.arguments) == 1:
        inner = constant(node.arguments[0])
        return read_day(inner) if node.function == "date" else inner
    return None


def _narrow(part: Node, possible: dict[str, Possible], start: Mapping[str, Possible]) -> None:
    said = _said(part)
    if said is None:
        return
    name, operator, values = said
    if name not in possible:
        first = start.get(name, Possible())
        possible[name] = Possible(None if first.values is None else set(first.values), first.low, first.high)
    found = possible[name]
    if found.values is not None and operator not in ("=", "<>"):
        return
    if operator == "=":
        found.values = set(values) if found.values is None else found.values & set(values)
    elif operator == "<>":
        found.excluded |= set(values)
    else:
        _bound(found, operator, values[0])


def _bound(found: Possible, operator: str, value: Any) -> None:
    new = (value, operator in (">=", "<="))
    if operator in (">", ">="):
        low = found.low
        found.low = new if low is None or (value, not new[1]) > (low[0], not low[1]) else low
    else:
        high = found.high
        found.high = new if high is None or (value, new[1]) < (high[0], high[1]) else high


def _said(part: Node) -> tuple[str, str, list[Any]] | None:
    """What a part says of one name: the operator and the constants; None where it says something else."""
    if isinstance(part, Name) and part.column is None:
        return part.name, "=", [True]
    if isinstance(part, Unary) and part.operator == "not" and isinstance(part.operand, Name):
        return part.operand.name, "=", [False]
    if isinstance(part, Within) and isinstance(part.operand, Name):
        values = [constant(item) for item in part.items]
        return None if None in values else (part.operand.name, "<>" if part.negated else "=", values)
    if isinstance(part, Binary) and part.operator in _COMPARE:
        return _compared(part)
    return None


def _compared(part: Binary) -> tuple[str, str, list[Any]] | None:
    for name, other, operator in (
        (part.left, part.right, part.operator),
        (part.right, part.left, _MIRRORED[part.operator]),
    ):
        value = constant(other)
        if isinstance(name, Name) and name.column is None and value is not None:
            return name.name, operator, [value]
    return None


def starting(types: Mapping[str, Any], limits: Mapping[str, tuple[Any, Any]]) -> dict[str, Possible]:
    """What each name may be before any condition: its choices, yes or no, or between a question's limits."""
    found: dict[str, Possible] = {}
    for name, kind in types.items():
        if kind.kind == "choice":
            found[name] = Possible(values=set(kind.options))
        elif kind.kind == "boolean":
            found[name] = Possible(values={True, False})
        elif kind.kind in ("number", "money", "date") and name in limits:
            least, most = limits[name]
            found[name] = Possible(
                low=None if least is None else (least, True), high=None if most is None else (most, True)
            )
    return found
