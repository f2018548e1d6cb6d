"""Comparisons of one name with constants: what most conditions consist of, and what can be said of them beforehand."""

from __future__ import annotations

from typing import Any

from products.language.dates import read_day
from products.language.syntax import Binary, Call, Name, Node, Number, Text, Truth, Unary, Within

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}
Said = tuple[str, str, tuple[Any, ...]]  # the name, the operator, the constants (of `in` several)


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


def said_of(part: Node) -> Said | None:
    """What a part says of one name: the operator and the constants; None where it says something else."""
    if isinstance(part, Name) and part.column is None:
        return part.name, "=", (True,)
    if isinstance(part, Unary) and part.operator == "not" and isinstance(part.operand, Name):
        return part.operand.name, "=", (False,)
    if isinstance(part, Within) and isinstance(part.operand, Name):
        values = tuple(constant(item) for item in part.items)
        return None if not values or None in values else (part.operand.name, "<>" if part.negated else "=", values)
    if isinstance(part, Binary) and part.operator in _MIRRORED:
        return _compared(part)
    return None


def _compared(part: Binary) -> Said | None:
    for name, other, operator in (
        (part.left, part.right, part.operator),
        (part.right, part.left, _MIRRORED[part.operator]),
    ):
        value = constant(other)
        if isinstance(name, Name) and name.column is None and value is not None:
            return name.name, operator, (value,)
    return None
