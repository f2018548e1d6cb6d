"""Mutants of a file: one place in the body of a function is changed, as a slip of the hand would change it.

Kinds: a comparison swapped, `and` and `or`, a condition turned, a `not` taken out, a constant changed, plus and minus,
nothing returned, a statement left out, an argument left out. Left alone: texts for readers and for developers (`_()`,
docstrings), what only saves queries (`select_related`), and what stands outside functions (patterns, SQL, fields).
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
TEXTS = {"_", "gettext", "gettext_lazy", "pgettext", "ValueError", "TypeError", "LookupError", "BadRequest"}
SPEED = {"select_related", "queries_log"}
SWAPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
}  # fmt: skip
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.FloorDiv: ast.Mod,
    ast.Mod: ast.FloorDiv,
}  # fmt: skip
Change = tuple[str, Callable[[Any], ast.AST]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: where it stands, what it is, and by its numbers the whole file with it."""

    path: str
    lines: tuple[int, int]
    what: str
    text: str
    place: int
    number: int

    @property
    def tree(self) -> ast.Module:
        """The file with the change in it."""
        tree = ast.parse(self.text)
        _lines, node = list(places_in(tree))[self.place]
        replace(tree, node, list(changes_of(node))[self.number][1](node))
        return ast.fix_missing_locations(tree)

    def __str__(self) -> str:
        return f"{self.path}:{self.lines[0]} {self.what}"


def mutants_of(path: str, text: str) -> Iterator[Mutant]:
    """Every mutant of a file, in the order of its lines."""
    for place, (lines, node) in enumerate(places_in(ast.parse(text))):
        for number, (what, _change) in enumerate(changes_of(node)):
            shown = f"{what}: {ast.unparse(node)}".replace("\n", " ")[:110]
            yield Mutant(path, lines, shown, text, place, number)


def places_in(tree: ast.AST, lines: tuple[int, int] | None = None, *, inside: bool = False) -> Iterator[Any]:
    """Every node of the functions' bodies, with the lines of the statement it stands in."""
    for field, value in ast.iter_fields(tree):
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or is_text(child):
                continue
            within = inside or (isinstance(tree, FUNCTIONS) and field == "body")
            if within and isinstance(child, FUNCTIONS):
                within = field == "body"
            if isinstance(tree, FUNCTIONS) and field in {"args", "decorator_list", "returns"}:
                continue
            if isinstance(tree, (ast.AnnAssign, ast.arg)) and field == "annotation":
                continue
            at = (child.lineno, header_end(child)) if isinstance(child, ast.stmt) else lines
            if within and at:
                yield at, child
            yield from places_in(child, at, inside=within)


def header_end(statement: ast.stmt) -> int:
    """The last line of a statement's own text, without the statements inside it."""
    body = getattr(statement, "body", None)
    return max(statement.lineno, body[0].lineno - 1) if body else statement.end_lineno or statement.lineno


def is_text(node: ast.AST) -> bool:
    """Whether a node is a text for readers, a docstring, or only saves queries."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    return isinstance(node, ast.Call) and name_of(node.func) in TEXTS


def name_of(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def changes_of(node: ast.AST) -> Iterator[Change]:
    """What may be changed at a node."""
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in SWAPPED:
            yield "comparison swapped", lambda n: ast.Compare(n.left, [SWAPPED[type(n.ops[0])]()], n.comparators)
        case ast.BoolOp():
            other = ast.Or if isinstance(node.op, ast.And) else ast.And
            yield "and/or", lambda n: ast.BoolOp(other(), n.values)
        case ast.UnaryOp(op=ast.Not()):
            yield "not taken out", lambda n: n.operand
        case ast.BinOp(op=operator) if type(operator) in ARITHMETIC and not isinstance(
            node.left, ast.Call | ast.Constant
        ):
            yield "operator swapped", lambda n: ast.BinOp(n.left, ARITHMETIC[type(n.op)](), n.right)
        case ast.Constant(value=bool() | int() | str()):
            yield "constant changed", lambda n: ast.Constant(changed(n.value))
        case ast.Return(value=ast.expr()) if not (isinstance(node.value, ast.Constant) and node.value.value is None):
            yield "nothing returned", lambda n: ast.Return(ast.Constant(None))
        case ast.Raise() | ast.AugAssign() | ast.Delete() | ast.Expr(value=ast.Call()):
            yield "left out", lambda n: ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield "left out", lambda n: ast.Pass()
        case ast.If() | ast.IfExp() if isinstance(node.test, ast.Name | ast.Attribute | ast.Call | ast.NamedExpr):
            yield "condition turned", turned
        case ast.Call(keywords=[_, *_]) if name_of(node.func) not in SPEED:
            for index, keyword in enumerate(node.keywords):
                yield f"argument {keyword.arg or '**'} left out", partial(without, index=index)


def changed(value: bool | int | str) -> bool | int | str:
    return not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else f"{value}~"


def turned(node: Any) -> ast.AST:
    node.test = ast.UnaryOp(ast.Not(), node.test)
    return node  # type: ignore[no-any-return]


def without(node: Any, index: int) -> ast.AST:
    return ast.Call(node.func, node.args, [word for at, word in enumerate(node.keywords) if at != index])


def replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    """Put a node in another's place."""
    new = new if new is old else ast.copy_location(new, old)
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, field, new)
            elif isinstance(value, list) and any(child is old for child in value):
                value[[child is old for child in value].index(True)] = new
