"""A table as a curve: straight lines between its points, beyond the last one, and marginal brackets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from products.language.errors import EvaluationError
from products.language.numbers import CONTEXT, plain
from products.language.tables import Table
from products.language.types import NUMERIC, Type

if TYPE_CHECKING:
    from products.language.run import Run

ZERO = Decimal(0)


class CurveError(Exception):
    """A table that can't be read as a curve."""


@dataclass(frozen=True)
class Curve:
    """The value of a column at any place of its key; `cost` is what working it out is charged."""

    type: Type
    cost: int
    at: Callable[[Run, Decimal], Decimal]


def interpolated(table: Table, place: int) -> Curve:
    """Between two points the straight line; outside the first and the last an error."""
    return _through_points(table, place, beyond=False)


def extrapolated(table: Table, place: int) -> Curve:
    """As `interpolated`, and beyond the last point on with the slope of the last two."""
    return _through_points(table, place, beyond=True)


def _through_points(table: Table, place: int, *, beyond: bool) -> Curve:
    points = _points(table, place)
    keys = [key for key, _value, _row in points]

    def at(run: Run, key: Decimal) -> Decimal:
        if key < keys[0] or (key > keys[-1] and not beyond):
            message = (
                f"Expected a place in the table “{table.key}” from {plain(keys[0])} to {plain(keys[-1])}, "
                f"found {plain(key)}."
            )
            raise EvaluationError("outside_points", message, table=table.key, found=plain(key))
        right = min(max(bisect_right(keys, key), 1), len(keys) - 1)
        (x0, y0, row0), (x1, y1, row1) = points[right - 1], points[right]
        run.saw_table(table.key, [key], [row0, row1])
        rise = CONTEXT.multiply(CONTEXT.subtract(key, x0), CONTEXT.subtract(y1, y0))
        return CONTEXT.add(y0, CONTEXT.divide(rise, CONTEXT.subtract(x1, x0)))

    return Curve(_numeric(table, place), 4, at)


def _points(table: Table, place: int) -> list[tuple[Decimal, Decimal, int]]:
    index = table.keys[0]
    if len(table.keys) > 1 or index.key.match != "exact" or index.key.type not in ("number", "integer", "money"):
        raise CurveError(f"Expected a table with one number or amount as its key, matched exactly, in “{table.key}”.")
    _numeric(table, place)
    if None in index.cells or len(index.cells) < 2 or table.hit != "unique":
        raise CurveError(f"Expected at least two points, each with its key, and the hit unique in “{table.key}”.")
    return sorted((cell[0], table.results[row][place], row) for row, cell in enumerate(index.cells))


def _numeric(table: Table, place: int) -> Type:
    kind = table.result_types[place]
    if kind.kind not in NUMERIC:
        raise CurveError(f"Expected a column of numbers or amounts in “{table.key}”, found {kind}.")
    return kind


def bracketed(table: Table, place: int) -> Curve:
    """Marginal brackets: each part of the amount at the rate of its own row, added up."""
    brackets = _brackets(table, place)
    top = brackets[-1][1]

    def at(run: Run, amount: Decimal) -> Decimal:
        if amount < 0 or (top is not None and amount > top):
            most = "" if top is None else f" to {plain(top)}"
            message = f"Expected an amount from 0{most} in the table “{table.key}”, found {plain(amount)}."
            raise EvaluationError("outside_points", message, table=table.key, found=plain(amount))
        total = ZERO
        rows: list[int] = []
        for low, high, rate, row in brackets:
            if amount <= low and rows:
                break
            part = CONTEXT.subtract(amount if high is None else min(amount, high), low)
            total = CONTEXT.add(total, CONTEXT.multiply(part, rate))
            rows.append(row)
        run.saw_table(table.key, [amount], rows)
        return total

    return Curve(Type(table.key_types[0].kind), 4 * len(brackets), at)


def _brackets(table: Table, place: int) -> list[tuple[Decimal, Decimal | None, Decimal, int]]:
    index = table.keys[0]
    if len(table.keys) > 1 or index.key.match != "range" or index.key.type not in ("number", "money"):
        raise CurveError(f"Expected a table with one number or amount as its key, matched by range, in “{table.key}”.")
    if table.result_types[place].kind != "number" or table.hit != "unique":
        raise CurveError(f"Expected a column of rates as numbers, and the hit unique in “{table.key}”.")
    found: list[tuple[Decimal, Decimal | None, Decimal, int]] = []
    for row, cell in enumerate(index.cells):
        low, high = cell or (None, None)
        found.append((_bound(low) or ZERO, _bound(high), table.results[row][place], row))
    found.sort(key=lambda bracket: bracket[0])
    ends = [ZERO, *(ZERO if high is None else high for _low, high, _rate, _row in found[:-1])]
    if [low for low, _high, _rate, _row in found] != ends:
        raise CurveError(f"Expected brackets from 0 on, each from where the one before ends, in “{table.key}”.")
    return found


def _bound(position: Any) -> Decimal | None:
    return None if position is None else position[0]
