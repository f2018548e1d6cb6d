"""What formulas say about the records of a list: how many, any, all, the sum, the smallest and largest of a field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from products.language.compiler import Compiler, Facts, Typed, check_type
from products.language.errors import EvaluationError, FormulaError, nearest
from products.language.numbers import CONTEXT
from products.language.scope import Call, Symbol
from products.language.syntax import Call as CallNode
from products.language.syntax import Name, Node, Where, facts_if_true, measure
from products.language.types import BOOLEAN, NUMBER, NUMERIC, ORDERED, Type

if TYPE_CHECKING:
    from products.language.run import Run

EMPTY = "empty_list"


@dataclass(frozen=True)
class Records:
    """The records of a list that an aggregate goes through, each charged, with the field it takes of them."""

    matching: Callable[[Run], Iterator[Mapping[str, Any]]]
    field: Typed | None


def of_list(node: CallNode) -> bool:
    """Whether a call of `min` or `max` takes a field of a list: one argument, with a point or a condition."""
    if len(node.arguments) != 1:
        return False
    argument = node.arguments[0]
    return isinstance(argument, Where) or (isinstance(argument, Name) and argument.column is not None)


def counts_records(compiler: Compiler, argument: Node) -> bool:
    """Whether `count` is given a list or files, with or without a condition."""
    if isinstance(argument, Where):
        return True
    symbol = compiler.scope.symbols.get(argument.name) if isinstance(argument, Name) else None
    return symbol is not None and symbol.type.kind in ("list", "file")


def count_of_list(compiler: Compiler, node: CallNode, facts: Facts) -> Typed:
    """`count(list)`, `count(list where condition)`, `count(files)`."""
    argument = node.arguments[0]
    if isinstance(argument, Name):
        held = compiler.known(argument, compiler.symbol(argument), facts).call
        return Typed(node, NUMBER, lambda run: Decimal(len(held(run))))
    matching = _records(compiler, node, facts, takes_field=False).matching
    return Typed(node, NUMBER, lambda run: Decimal(sum(1 for _record in matching(run))))


def any_of_list(compiler: Compiler, node: CallNode, facts: Facts) -> Typed:
    """`any(list where condition)`: at least one record meets it."""
    matching = _records(compiler, node, facts, takes_field=False, needs_where=True).matching
    return Typed(node, BOOLEAN, lambda run: next(matching(run), None) is not None)


def all_of_list(compiler: Compiler, node: CallNode, facts: Facts) -> Typed:
    """`all(list where condition)`: each record meets it; true of an empty list."""
    matching = _records(compiler, node, facts, takes_field=False, needs_where=True, negated=True).matching
    return Typed(node, BOOLEAN, lambda run: next(matching(run), None) is None)


def sum_of_list(compiler: Compiler, node: CallNode, facts: Facts) -> Typed:
    """`sum(list.field)`, or `sum(list, formula)` of what each record comes to, also `where`: zero for an empty list."""
    each = node.arguments[1] if len(node.arguments) == 2 else None
    listed = node if each is None else replace(node, arguments=node.arguments[:1])
    records = _records(compiler, listed, facts, takes_field=each is None, each=each)
    kind, value = _field(records, node, NUMERIC, "a number or an amount")
    matching, nothing = records.matching, Decimal("0.00" if kind.kind == "money" else "0")

    def total(run: Run) -> Decimal:
        found = nothing
        for _record in matching(run):
            found = CONTEXT.add(found, value(run))
        return found

    return Typed(node, kind, total)


def extreme_of_list(compiler: Compiler, node: CallNode, facts: Facts, pick: Callable[[Any], Any]) -> Typed:
    """`min(list.field)` and `max(...)`, also with a condition; a named error where there is no record."""
    kind, values = _extreme(compiler, node, facts)
    words = f"{node.function}() of a list"

    def value(run: Run) -> Any:
        found = values(run)
        if not found:
            message = f"Expected at least one record for {words}, found none: give a default()."
            raise EvaluationError(EMPTY, message)
        return pick(found)

    return Typed(node, kind, value)


def default_of_list(
    compiler: Compiler, node: CallNode, inner: CallNode, facts: Facts, pick: Callable[[Any], Any]
) -> Typed:
    """`default(max(list.field), 0)`: the other value where there is no record."""
    kind, values = _extreme(compiler, inner, facts)
    other = compiler.compile(node.arguments[1], facts)
    shared = compiler.shared(Typed(inner, kind, values), other)
    otherwise = other.call

    def value(run: Run) -> Any:
        found = values(run)
        return pick(found) if found else otherwise(run)

    return Typed(node, shared, value)


def _extreme(compiler: Compiler, node: CallNode, facts: Facts) -> tuple[Type, Callable[[Run], list[Any]]]:
    records = _records(compiler, node, facts, takes_field=True)
    kind, value = _field(records, node, ORDERED, "a field with an order")
    matching = records.matching
    return kind, lambda run: [value(run) for _record in matching(run)]


def _field(records: Records, node: CallNode, kinds: tuple[str, ...], expected: str) -> tuple[Type, Call]:
    field = records.field
    if field is None or field.type.kind not in kinds:
        found = "none" if field is None else str(field.type)
        raise FormulaError("wrong_type", f"Expected {expected} in {node.function}(), found {found}.", node.at)
    return Type(field.type.kind), field.call


def _records(
    compiler: Compiler,
    node: CallNode,
    facts: Facts,
    *,
    takes_field: bool,
    needs_where: bool = False,
    negated: bool = False,
    each: Node | None = None,
) -> Records:
    """Read `list`, `list.field`, each with or without `where`, and compile what is said about each record.

    `each` is the formula that takes the field's place.
    """
    named, condition = _read(node, takes_field=takes_field, needs_where=needs_where)
    symbol = _list(compiler, named)
    held = compiler.known(Name(named.at, named.name), symbol, facts).call
    inner = compiler.within_records(symbol)
    test, cost = None, 1
    if condition is not None:
        checked = inner.compile(condition, facts)
        check_type(checked, BOOLEAN)
        test, cost = checked.call, cost + measure(condition)[0]
    field, known = None, facts if condition is None else facts | facts_if_true(condition)
    if each is not None:
        field, cost = inner.compile(each, known), cost + measure(each)[0]
    elif named.column is not None:
        field = inner.name(_known_field(symbol, named), known)
    cost += inner.extra_cost
    compiler.records_cost += symbol.most * (cost + inner.records_cost)
    return Records(_through(symbol.name, held, test, cost, negated=negated), field)


def _read(node: CallNode, *, takes_field: bool, needs_where: bool) -> tuple[Name, Node | None]:
    shape = f"{node.function}(list{'.field' if takes_field else ''}{' where condition' if needs_where else ''})"
    if node.function == "sum":
        shape = "sum(list.field) or sum(list, formula)"
    if len(node.arguments) != 1:
        found = len(node.arguments)
        raise FormulaError("arity", f"Expected one list as in {shape}, found {found} values.", node.at, found=found)
    argument = node.arguments[0]
    named = argument.operand if isinstance(argument, Where) else argument
    condition = argument.condition if isinstance(argument, Where) else None
    wrong = not isinstance(named, Name) or (named.column is not None) != takes_field
    if not isinstance(named, Name) or wrong or (needs_where and condition is None):
        raise FormulaError("wrong_type", f"Expected a list as in {shape}.", argument.at)
    return named, condition


def _list(compiler: Compiler, named: Name) -> Symbol:
    symbol = compiler.symbol(Name(named.at, named.name))
    if symbol.type.kind != "list":
        message = f"Expected the name of a list, found “{named.name}”, which is {symbol.type}."
        raise FormulaError("wrong_type", message, named.at, found=str(symbol.type))
    if symbol.name in compiler.inside:
        message = f"Expected another list than “{symbol.name}”, whose records are being looked at: compute it before."
        raise FormulaError("list_within_itself", message, named.at, name=symbol.name)
    return symbol


def _known_field(symbol: Symbol, named: Name) -> Name:
    keys = [field.name for field in symbol.fields]
    if named.column not in keys:
        hint = nearest(str(named.column), keys)
        message = f"Expected a field of “{symbol.name}”, found “{named.column}”.{hint}"
        raise FormulaError("unknown_field", message, named.at, name=named.column)
    return Name(named.at, str(named.column))


def _through(
    key: str, held: Call, test: Call | None, cost: int, *, negated: bool
) -> Callable[[Run], Iterator[Mapping[str, Any]]]:
    def matching(run: Run) -> Iterator[Mapping[str, Any]]:
        for record in held(run):
            run.spend(cost)
            run.records[key] = record
            if test is None or test(run) is not negated:
                yield record

    return matching
