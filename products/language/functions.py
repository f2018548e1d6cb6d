"""The functions a formula may call, each with its types; `docs/products.md` lists them with examples."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from products.language.compiler import Builder, Compiler, Facts, Typed, check_choice, check_type, constant, presence
from products.language.curves import Curve, CurveError, bracketed, extrapolated, interpolated
from products.language.dates import add_months, months_between, read_day, years_between
from products.language.errors import EvaluationError, FormulaError, nearest
from products.language.lists import (
    all_of_list,
    any_of_list,
    count_of_list,
    counts_records,
    default_of_list,
    extreme_of_list,
    of_list,
    sum_of_list,
)
from products.language.numbers import CONTEXT, plain, round_to
from products.language.syntax import Call, Name, Node, Text
from products.language.tables import Table
from products.language.types import BOOLEAN, DATE, MONEY, NUMBER, NUMERIC, ORDERED, TEXT, Type, fits

COMPONENT_KINDS = ("premium", "fee", "tax", "rounding")


def _arity(node: Call, least: int, most: int | None = None) -> None:
    found = len(node.arguments)
    if found < least or (most is not None and found > most):
        wanted = str(least) if most == least else f"{least} or more" if most is None else f"{least} to {most}"
        message = f"Expected {wanted} values in {node.function}(), found {found}."
        raise FormulaError("arity", message, node.at, found=found)


def _simple(wanted: tuple[Type, ...], result: Type, work: Callable[..., Any]) -> Builder:
    """A function of fixed types."""

    def build(compiler: Compiler, node: Call, facts: Facts) -> Typed:
        _arity(node, len(wanted), len(wanted))
        arguments = [compiler.compile(argument, facts) for argument in node.arguments]
        for argument, kind in zip(arguments, wanted, strict=True):
            check_type(argument, kind)
        calls = tuple(argument.call for argument in arguments)
        return Typed(node, result, lambda run: work(*[call(run) for call in calls]))

    return build


def _extreme(pick: Callable[[Any], Any]) -> Builder:
    """`min` and `max` of two or more numbers, amounts, dates or codes, or of a field of a list."""

    def build(compiler: Compiler, node: Call, facts: Facts) -> Typed:
        if of_list(node):
            return extreme_of_list(compiler, node, facts, pick)
        _arity(node, 2)
        arguments = [compiler.compile(argument, facts) for argument in node.arguments]
        kind = arguments[0].type
        for argument in arguments[1:]:
            kind = compiler.shared(Typed(argument.node, kind, argument.call), argument)
        if kind.kind not in ORDERED:
            raise FormulaError("wrong_type", f"Expected values with an order, found {kind}.", node.at, found=str(kind))
        calls = tuple(argument.call for argument in arguments)
        return Typed(node, kind, lambda run: pick([call(run) for call in calls]))

    return build


def _rounding(mode: str) -> Builder:
    """`round`, `round_up`, `round_down`, `round_half_even`: to a multiple such as 0.01, 1 or 1000; keeps the type."""

    def build(compiler: Compiler, node: Call, facts: Facts) -> Typed:
        _arity(node, 2, 2)
        value, to = (compiler.compile(argument, facts) for argument in node.arguments)
        if value.type.kind not in NUMERIC:
            raise FormulaError("wrong_type", f"Expected a number or an amount, found {value.type}.", value.node.at)
        check_type(to, NUMBER)
        first, second = value.call, to.call
        return Typed(node, Type(value.type.kind), lambda run: round_to(first(run), second(run), mode))

    return build


def _absolute(compiler: Compiler, node: Call, facts: Facts) -> Typed:
    _arity(node, 1, 1)
    value = compiler.compile(node.arguments[0], facts)
    if value.type.kind not in NUMERIC:
        raise FormulaError("wrong_type", f"Expected a number or an amount, found {value.type}.", value.node.at)
    inner = value.call
    return Typed(node, Type(value.type.kind), lambda run: CONTEXT.abs(inner(run)))


def _set_function(work: Callable[[tuple[str, ...], frozenset[str]], Any], least: int) -> Builder:
    """A function of several-of answers and choices in quotes."""

    def build(compiler: Compiler, node: Call, facts: Facts) -> Typed:
        _arity(node, 1 + least)
        chosen = compiler.compile(node.arguments[0], facts)
        if chosen.type.kind != "set":
            message = f"Expected several of the choices, found {chosen.type}."
            raise FormulaError("wrong_type", message, chosen.node.at, found=str(chosen.type))
        for argument in node.arguments[1:]:
            if not isinstance(argument, Text):
                raise FormulaError("wrong_type", "Expected a choice in quotes.", argument.at)
            check_choice(argument, chosen.type)
        named = frozenset(argument.value for argument in node.arguments[1:] if isinstance(argument, Text))
        inner = chosen.call
        return Typed(node, BOOLEAN, lambda run: work(inner(run), named))

    return build


def _count(compiler: Compiler, node: Call, facts: Facts) -> Typed:
    """How many choices, files or records there are; of a list also those that meet a condition."""
    _arity(node, 1, 1)
    if counts_records(compiler, node.arguments[0]):
        return count_of_list(compiler, node, facts)
    chosen = compiler.compile(node.arguments[0], facts)
    if chosen.type.kind != "set":
        message = f"Expected several of the choices, found {chosen.type}."
        raise FormulaError("wrong_type", message, chosen.node.at, found=str(chosen.type))
    inner = chosen.call
    return Typed(node, NUMBER, lambda run: Decimal(len(inner(run))))


def _date(compiler: Compiler, node: Call, facts: Facts) -> Typed:
    _arity(node, 1, 1)
    argument = node.arguments[0]
    day = read_day(argument.value) if isinstance(argument, Text) else None
    if day is None:
        raise FormulaError("wrong_date", 'Expected a day such as date("2027-01-31").', argument.at)
    return Typed(node, DATE, constant(day))


def _named(compiler: Compiler, node: Call) -> Name:
    argument = node.arguments[0]
    if not isinstance(argument, Name):
        raise FormulaError("wrong_type", "Expected the name of a question, computed value or step.", argument.at)
    compiler.symbol(argument)
    return argument


def _answered(compiler: Compiler, node: Call, facts: Facts) -> Typed:
    _arity(node, 1, 1)
    return Typed(node, BOOLEAN, presence(compiler.symbol(_named(compiler, node))))


def _default(compiler: Compiler, node: Call, facts: Facts) -> Typed:
    """`default(name, other)`: the other value where the first is missing, or where a list has no record for it."""
    _arity(node, 2, 2)
    first_argument = node.arguments[0]
    if isinstance(first_argument, Call) and first_argument.function in EXTREMES and of_list(first_argument):
        return default_of_list(compiler, node, first_argument, facts, EXTREMES[first_argument.function])
    named = _named(compiler, node)
    value = compiler.name(named, facts | {f"answered({named.name})"})
    other = compiler.compile(node.arguments[1], facts)
    kind = compiler.shared(value, other)
    has, first, second = presence(compiler.symbol(named)), value.call, other.call
    return Typed(node, kind, lambda run: first(run) if has(run) else second(run))


def _table(compiler: Compiler, named: Node) -> Table:
    """The table that a name with or without a column stands for."""
    if not isinstance(named, Name) or named.name not in compiler.scope.tables:
        shown = named.name if isinstance(named, Name) else "a value"
        hint = nearest(shown, compiler.scope.tables)
        raise FormulaError(
            "unknown_table", f"Expected the name of a table, found “{shown[:60]}”.{hint}", named.at, name=shown
        )
    table = compiler.scope.tables[named.name]
    compiler.tables[table.key] = None
    return table


def _column(table: Table, named: Node) -> int:
    """The place of the column that is named; the first where none is."""
    column = named.column if isinstance(named, Name) else None
    place = table.column(column)
    if place is None:
        hint = nearest(str(column), table.columns)
        raise FormulaError("unknown_column", f"Expected a column of “{table.key}”, found “{column}”.{hint}", named.at)
    return place


def _lookup(compiler: Compiler, node: Call, facts: Facts) -> Typed:
    """`lookup(table, key, ...)` or `lookup(table.column, key, ...)`."""
    _arity(node, 2)
    table, keys = _table(compiler, node.arguments[0]), node.arguments[1:]
    if len(keys) != len(table.key_types):
        message = f"Expected {len(table.key_types)} keys for the table “{table.key}”, found {len(keys)}."
        raise FormulaError("arity", message, node.at, found=len(keys))
    typed = [compiler.compile(key, facts) for key in keys]
    for key, kind in zip(typed, table.key_types, strict=True):
        if not (kind.kind == "code" and key.type.kind == "text"):
            check_type(key, kind)
    place = _column(table, node.arguments[0])
    compiler.extra_cost += table.cost
    calls = tuple(key.call for key in typed)
    return Typed(node, table.result_types[place], lambda run: table.look_up(run, [call(run) for call in calls], place))


def _curve(make: Callable[[Table, int], Curve]) -> Builder:
    """A function of a table's column and one number or amount: `interpolate`, `extrapolate`, `brackets`."""

    def build(compiler: Compiler, node: Call, facts: Facts) -> Typed:
        _arity(node, 2, 2)
        named, argument = node.arguments
        table = _table(compiler, named)
        try:
            curve = make(table, _column(table, named))
        except CurveError as error:
            raise FormulaError("wrong_table", str(error), named.at, name=table.key) from None
        key = compiler.compile(argument, facts)
        check_type(key, table.key_types[0])
        compiler.extra_cost += curve.cost
        inner, work = key.call, curve.at
        return Typed(node, curve.type, lambda run: work(run, inner(run)))

    return build


def _sum_of(compiler: Compiler, node: Call, facts: Facts) -> Typed:
    """The sum of the components of some kinds in the rating steps before this one."""
    _arity(node, 1)
    if not compiler.scope.sums:
        raise FormulaError("not_here", "sum_of() belongs in rating steps and payment plans only.", node.at)
    kinds: list[str] = []
    for argument in node.arguments:
        if not isinstance(argument, Text) or argument.value not in COMPONENT_KINDS:
            message = f"Expected one of {', '.join(COMPONENT_KINDS)} in quotes."
            raise FormulaError("wrong_choice", message, argument.at)
        kinds.append(argument.value)
    wanted = tuple(kinds)
    return Typed(node, MONEY, lambda run: run.sum_of(wanted))


def _whole(value: Decimal) -> int:
    if abs(value) > 100_000 or value != value.to_integral_value():
        message = f"Expected a whole number of at most 100,000, found {plain(value)}."
        raise EvaluationError("whole_number", message, found=plain(value))
    return int(value)


def _moved(day: date, months: int) -> date:
    moved = add_months(day, months)
    if moved is None:
        raise EvaluationError(
            "date_range", f"Expected a day in the years 1 to 9999, {day} moved by {months} months isn't."
        )
    return moved


def _add_days(day: date, days: Decimal) -> date:
    try:
        return day + timedelta(days=_whole(days))
    except OverflowError:
        raise EvaluationError("date_range", "Expected a day in the years 1 to 9999, found one outside.") from None


def _starts_with(compiler: Compiler, node: Call, facts: Facts) -> Typed:
    _arity(node, 2, 2)
    value, start = (compiler.compile(argument, facts) for argument in node.arguments)
    for argument in (value, start):
        if argument.type.kind not in ("text", "code"):
            raise FormulaError("wrong_type", f"Expected a text or a code, found {argument.type}.", argument.node.at)
    first, second = value.call, start.call
    return Typed(node, BOOLEAN, lambda run: first(run).startswith(second(run)))


def _length(compiler: Compiler, node: Call, facts: Facts) -> Typed:
    _arity(node, 1, 1)
    value = compiler.compile(node.arguments[0], facts)
    if not fits(value.type, TEXT) and value.type.kind != "code":
        raise FormulaError("wrong_type", f"Expected a text or a code, found {value.type}.", value.node.at)
    inner = value.call
    return Typed(node, NUMBER, lambda run: Decimal(len(inner(run))))


EXTREMES: dict[str, Callable[[Any], Any]] = {"min": min, "max": max}
FUNCTIONS: dict[str, Builder] = {
    "min": _extreme(min),
    "max": _extreme(max),
    "any": any_of_list,
    "all": all_of_list,
    "sum": sum_of_list,
    "abs": _absolute,
    "round": _rounding("half_up"),
    "round_half_even": _rounding("half_even"),
    "round_up": _rounding("up"),
    "round_down": _rounding("down"),
    "money": _simple((NUMBER,), MONEY, lambda value: value),
    "number": _simple((MONEY,), NUMBER, lambda value: value),
    "date": _date,
    "years_between": _simple((DATE, DATE), NUMBER, lambda first, last: Decimal(years_between(first, last))),
    "months_between": _simple((DATE, DATE), NUMBER, lambda first, last: Decimal(months_between(first, last))),
    "days_between": _simple((DATE, DATE), NUMBER, lambda first, last: Decimal((last - first).days)),
    "add_days": _simple((DATE, NUMBER), DATE, _add_days),
    "add_months": _simple((DATE, NUMBER), DATE, lambda day, months: _moved(day, _whole(months))),
    "add_years": _simple((DATE, NUMBER), DATE, lambda day, years: _moved(day, 12 * _whole(years))),
    "year": _simple((DATE,), NUMBER, lambda day: Decimal(day.year)),
    "month": _simple((DATE,), NUMBER, lambda day: Decimal(day.month)),
    "day": _simple((DATE,), NUMBER, lambda day: Decimal(day.day)),
    "count": _count,
    "contains": _set_function(lambda chosen, named: named.issubset(chosen), 1),
    "all_of": _set_function(lambda chosen, named: named.issubset(chosen), 1),
    "any_of": _set_function(lambda chosen, named: not named.isdisjoint(chosen), 1),
    "only": _set_function(lambda chosen, named: named.issuperset(chosen), 1),
    "length": _length,
    "starts_with": _starts_with,
    "lookup": _lookup,
    "interpolate": _curve(interpolated),
    "extrapolate": _curve(extrapolated),
    "brackets": _curve(bracketed),
    "answered": _answered,
    "default": _default,
    "sum_of": _sum_of,
}
