"""The parts a formula consists of, as the parser builds them; `at` is the character (from 1) where a part starts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Node:
    """A part of a formula."""

    at: int


@dataclass(frozen=True)
class Number(Node):
    """A constant such as 1.375; `21%` is the constant 0.21."""

    value: Decimal


@dataclass(frozen=True)
class Text(Node):
    """A constant in quotes: a text, a code or the key of a choice."""

    value: str


@dataclass(frozen=True)
class Truth(Node):
    """`yes` or `no`."""

    value: bool


@dataclass(frozen=True)
class Name(Node):
    """A question, computed value, rating step or built-in value, by its key; `column` after a point for tables."""

    name: str
    column: str | None = None


@dataclass(frozen=True)
class Unary(Node):
    """`not x`, `-x` or `x%`."""

    operator: str
    operand: Node


@dataclass(frozen=True)
class Binary(Node):
    """Two operands with `+ - * / = <> < <= > >= and or`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Within(Node):
    """`x in [a, b]` or `x not in [a, b]`."""

    operand: Node
    items: tuple[Node, ...]
    negated: bool


@dataclass(frozen=True)
class If(Node):
    """`if condition then one else other`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True)
class Case(Node):
    """`case x of "a": 1, "b": 2 end`; every choice of x has its branch, or there is `else: 3`."""

    operand: Node
    branches: tuple[tuple[tuple[Text, ...], Node], ...]
    otherwise: Node | None


@dataclass(frozen=True)
class Call(Node):
    """A function with its arguments."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Where(Node):
    """`losses where amount > 1000`: the records of a list that meet a condition; an argument of a function only."""

    operand: Node
    condition: Node


def parts(node: Node) -> tuple[Node, ...]:
    """The parts directly inside a part."""
    match node:
        case Unary():
            return (node.operand,)
        case Binary():
            return (node.left, node.right)
        case Within():
            return (node.operand, *node.items)
        case If():
            return (node.condition, node.then, node.otherwise)
        case Case():
            branches = tuple(value for _keys, value in node.branches)
            return (node.operand, *branches, *([] if node.otherwise is None else [node.otherwise]))
        case Call():
            return node.arguments
        case Where():
            return (node.operand, node.condition)
    return ()


def measure(node: Node) -> tuple[int, int]:
    """How many parts a formula has and how many stand inside each other, counted without recursion."""
    stack, count, height = [(node, 1)], 0, 0
    while stack:
        part, level = stack.pop()
        count, height = count + 1, max(height, level)
        stack.extend((inner, level + 1) for inner in parts(part))
    return count, height


_OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def written(node: Node) -> str:
    """A formula's part in one canonical way, so that equal conditions have equal texts."""
    match node:
        case Number():
            return f"{node.value:f}"
        case Text():
            return '"' + node.value.replace('"', '""') + '"'
        case Truth():
            return "yes" if node.value else "no"
        case Name():
            return f"{node.name}.{node.column}" if node.column else node.name
        case Unary():
            operand = written(node.operand)
            return f"{operand}%" if node.operator == "%" else f"{node.operator} {operand}"
        case Binary():
            return f"({written(node.left)} {node.operator} {written(node.right)})"
        case Within():
            items = ", ".join(written(item) for item in node.items)
            return f"({written(node.operand)} {'not ' if node.negated else ''}in [{items}])"
        case If():
            return f"(if {written(node.condition)} then {written(node.then)} else {written(node.otherwise)})"
        case Case():
            return _written_case(node)
        case Call():
            return f"{node.function}({', '.join(written(argument) for argument in node.arguments)})"
        case Where():
            return f"{written(node.operand)} where {written(node.condition)}"
    raise TypeError(f"Expected a part of a formula, found {type(node).__name__}.")


def _written_case(node: Case) -> str:
    branches = [f"{'|'.join(written(key) for key in keys)}: {written(value)}" for keys, value in node.branches]
    if node.otherwise is not None:
        branches.append(f"else: {written(node.otherwise)}")
    return f"(case {written(node.operand)} of {', '.join(branches)} end)"


def conjuncts(node: Node) -> list[Node]:
    """The conditions of `a and b and c`, one by one."""
    if isinstance(node, Binary) and node.operator == "and":
        return conjuncts(node.left) + conjuncts(node.right)
    return [node]


def facts_if_true(node: Node) -> frozenset[str]:
    """What is known where a condition holds, as canonical texts."""
    match node:
        case Binary(operator="and"):
            return facts_if_true(node.left) | facts_if_true(node.right)
        case Unary(operator="not"):
            return facts_if_false(node.operand)
    return frozenset({written(node)})


def facts_if_false(node: Node) -> frozenset[str]:
    """What is known where a condition doesn't hold."""
    match node:
        case Binary(operator="or"):
            return facts_if_false(node.left) | facts_if_false(node.right)
        case Unary(operator="not"):
            return facts_if_true(node.operand)
        case Binary() if node.operator in _OPPOSITE:
            return frozenset({f"({written(node.left)} {_OPPOSITE[node.operator]} {written(node.right)})"})
        case Within():
            items = ", ".join(written(item) for item in node.items)
            return frozenset({f"({written(node.operand)} {'' if node.negated else 'not '}in [{items}])"})
    return frozenset({f"not {written(node)}"})
