"""The value of a formula, straight from its tree."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.products.second.faults import EmptyList, Missing, Tree
from tests.products.second.figures import combined
from tests.products.second.functions import PLAIN
from tests.products.second.tables import by_brackets, column_of, looked_up, on_the_line

if TYPE_CHECKING:
    from tests.products.second.scope import Scope

COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b, "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip


def work(tree: Tree, scope: Scope) -> Any:
    """The value of a tree among these names."""
    kind = tree[0]
    if kind == "constant":
        return tree[1]
    if kind == "name":
        return scope.value(tree[1])
    if kind in COMPARED:
        return COMPARED[kind](work(tree[1], scope), work(tree[2], scope))
    if kind in ("+", "-", "*", "/"):
        return combined(kind, work(tree[1], scope), work(tree[2], scope))
    return SHAPES[kind](tree, scope)


def percent(tree: Tree, scope: Scope) -> Any:
    return combined("/", work(tree[1], scope), Decimal(100))


def condition(tree: Tree, scope: Scope) -> Any:
    return work(tree[2] if work(tree[1], scope) else tree[3], scope)


def case(tree: Tree, scope: Scope) -> Any:
    """The branch with the value among its labels, else the other."""
    subject = work(tree[1], scope)
    for labels, branch in tree[2]:
        if any(work(label, scope) == subject for label in labels):
            return work(branch, scope)
    return work(tree[3], scope)


def contained(tree: Tree, scope: Scope) -> bool:
    """Whether a value is one of these, looked at from the left as far as the first that is equal."""
    subject = work(tree[1], scope)
    return any(work(one, scope) == subject for one in tree[2])


def call(tree: Tree, scope: Scope) -> Any:
    """A function; those that look at names, lists or tables are worked out here."""
    name, arguments = tree[1], tree[2]
    if name in ("any", "all", "count", "sum", "min", "max") and over_list(name, arguments, scope):
        return of_list(name, arguments[0], scope, *arguments[1:])
    if name in SPECIAL:
        return SPECIAL[name](arguments, scope)
    return PLAIN[name](*[work(argument, scope) for argument in arguments])


def over_list(name: str, arguments: list[Tree], scope: Scope) -> bool:
    """Whether a call goes through the records of a list."""
    shape = arguments[0][0]
    if shape in ("where", "field") or name in ("any", "all"):
        return True
    return name in ("count", "sum") and is_list(arguments[0], scope)


def is_list(tree: Tree, scope: Scope) -> bool:
    lists = [question["key"] for question in scope.document["questions"] if question["type"] == "list"]
    return tree[0] == "name" and tree[1] in (*lists, "contracts")


def of_list(name: str, argument: Tree, scope: Scope, each: Tree | None = None) -> Any:
    """any, all, count, sum, min or max of the records that meet the condition; a sum also of a formula for each."""
    subject, where = argument[1:] if argument[0] == "where" else (argument, None)
    inside = [scope.within(record) for record in scope.value(subject[1])]
    if name in ("any", "all"):
        return (any if name == "any" else all)(work(where, record) for record in inside)
    met = [record for record in inside if where is None or work(where, record)]
    if name == "count":
        return PLAIN["count"](met)
    found = [record.value(subject[2]) if each is None else work(each, record) for record in met]
    if name == "sum":
        return PLAIN["total"](found)
    if not found:
        raise EmptyList
    return min(found) if name == "min" else max(found)


def lookup(arguments: list[Tree], scope: Scope) -> Any:
    table, column = column_at(arguments[0], scope)
    return looked_up(table, column, [work(key, scope) for key in arguments[1:]])


def column_at(tree: Tree, scope: Scope) -> tuple[dict[str, Any], int]:
    """table.column, or a table's first column."""
    table = scope.table(tree[1])
    return table, column_of(table, tree[2] if tree[0] == "field" else None)


def line(arguments: list[Tree], scope: Scope, beyond: bool) -> Any:
    table, column = column_at(arguments[0], scope)
    return on_the_line(table, column, work(arguments[1], scope), beyond)


def brackets(arguments: list[Tree], scope: Scope) -> Any:
    table, column = column_at(arguments[0], scope)
    return by_brackets(table, column, work(arguments[1], scope))


def answered(arguments: list[Tree], scope: Scope) -> bool:
    try:
        work(arguments[0], scope)
    except Missing:
        return False
    return True


def default(arguments: list[Tree], scope: Scope) -> Any:
    try:
        return work(arguments[0], scope)
    except (Missing, EmptyList):
        return work(arguments[1], scope)


def sum_of(arguments: list[Tree], scope: Scope) -> Any:
    kinds = [work(argument, scope) for argument in arguments]
    return PLAIN["total"]([value for kind, _, value in scope.parts if kind in kinds])


SHAPES: dict[str, Callable[[Tree, Scope], Any]] = {
    "percent": percent,
    "minus": lambda tree, scope: work(tree[1], scope).copy_negate(),
    "not": lambda tree, scope: not work(tree[1], scope),
    "and": lambda tree, scope: work(tree[1], scope) and work(tree[2], scope),
    "or": lambda tree, scope: work(tree[1], scope) or work(tree[2], scope),
    "in": contained,
    "if": condition, "case": case, "call": call,
}  # fmt: skip
SPECIAL: dict[str, Callable[[list[Tree], Scope], Any]] = {
    "lookup": lookup, "brackets": brackets, "answered": answered, "default": default, "sum_of": sum_of,
    "interpolate": lambda arguments, scope: line(arguments, scope, beyond=False),
    "extrapolate": lambda arguments, scope: line(arguments, scope, beyond=True),
}  # fmt: skip
