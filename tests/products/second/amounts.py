"""Whether a formula gives an amount (rounded to the cent in a step) or a number, from its shape."""

from typing import Any

from tests.products.second.faults import Tree
from tests.products.second.formulas import read_formula
from tests.products.second.tables import column_of

BUILT_IN = ("instalment", "premium_total")


def is_amount(tree: Tree | None, document: dict[str, Any]) -> bool:
    """An amount by a number is an amount, an amount by an amount a number; branches have one type."""
    if tree is None:
        return False
    kind = tree[0]
    if kind == "name":
        return named(tree[1], document)
    if kind == "field":
        return named(tree[2], document)
    if kind == "/":
        return is_amount(tree[1], document) and not is_amount(tree[2], document)
    if kind in ("+", "-", "*"):
        return is_amount(tree[1], document) or is_amount(tree[2], document)
    if kind in ("minus", "where"):
        return is_amount(tree[1], document)
    if kind == "if":
        return is_amount(tree[2], document) or is_amount(tree[3], document)
    if kind == "case":
        return any(is_amount(branch, document) for branch in (*[row[1] for row in tree[2]], tree[3]))
    return kind == "call" and called(tree[1], tree[2], document)


def called(name: str, arguments: list[Tree], document: dict[str, Any]) -> bool:
    """What a function makes of its arguments."""
    if name in ("money", "sum_of"):
        return True
    if name in ("lookup", "interpolate", "extrapolate"):
        return column_type(arguments[0], document) == "money"
    if name in ("min", "max", "default"):
        return any(is_amount(argument, document) for argument in arguments)
    if name == "brackets" or (name == "sum" and len(arguments) == 2):
        return is_amount(arguments[1], document)
    return name in ("abs", "sum", "round", "round_up", "round_down", "round_half_even") and is_amount(
        arguments[0], document
    )


def column_type(tree: Tree, document: dict[str, Any]) -> str:
    table = next(table for table in document["tables"] if table["key"] == tree[1])
    column = table["results"][column_of(table, tree[2] if tree[0] == "field" else None)]
    return "number" if table.get("hit") == "collect" and table["collect"] == "count" else str(column["type"])


def named(name: str, document: dict[str, Any]) -> bool:
    """The type of a question, field, computed value or step."""
    questions = [*document["questions"], *(row for one in document["questions"] for row in one.get("fields", []))]
    if name in BUILT_IN or any(row["key"] == name and row["type"] == "money" for row in questions):
        return True
    for row in document.get("computed", []):
        if row["key"] == name:
            return row["type"] == "money" if "type" in row else is_amount(read_formula(str(row["formula"])), document)
    return any(row["key"] == name and step_is_amount(row, document) for row in document["rating"]["steps"])


def step_is_amount(step: dict[str, Any], document: dict[str, Any]) -> bool:
    """A component or the total is one; else what formula and otherwise give."""
    if step.get("component") or step.get("total"):
        return True
    return any(is_amount(read_formula(str(step[part])), document) for part in ("formula", "otherwise") if part in step)
