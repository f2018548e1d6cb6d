"""Tables, by walking their rows."""

from datetime import date
from decimal import Decimal
from typing import Any

from tests.products.second.faults import Fault
from tests.products.second.figures import combined

NUMBERS = ("money", "number", "decimal", "integer", "year")
Bounds = tuple[Decimal, Decimal, dict[str, Any]]


def typed(kind: str, cell: Any) -> Any:
    """A cell's constant as a value of its column."""
    if kind in NUMBERS:
        return Decimal(str(cell))
    return date.fromisoformat(cell) if kind == "date" else cell


def column_of(table: dict[str, Any], name: str | None) -> int:
    """The place of a column; the first where none is named."""
    return 0 if name is None else [column["name"] for column in table["results"]].index(name)


def looked_up(table: dict[str, Any], column: int, keys: list[Any]) -> Any:
    """The value of the row that matches, or of all of them, else the default, else an error."""
    kinds = [key["type"] for key in table["keys"]]
    rows = [row for row in table["rows"] if all(map(matches, row["when"], kinds, keys))]
    kind = table["results"][column]["type"]
    if table.get("hit") == "collect":
        return collected(table, kind, column, [typed(kind, row["then"][column]) for row in rows])
    if rows:
        return typed(kind, rows[0]["then"][column])
    return default_of(table, kind, column)


def collected(table: dict[str, Any], kind: str, column: int, found: list[Any]) -> Any:
    """All rows that match: their number, sum, smallest or largest."""
    how = table["collect"]
    if how == "count":
        return Decimal(len(found))
    if not found:
        return Decimal(0) if how == "sum" and "default" not in table else default_of(table, kind, column)
    if how != "sum":
        return min(found) if how == "min" else max(found)
    total = Decimal(0)
    for value in found:
        total = combined("+", total, value)
    return total


def default_of(table: dict[str, Any], kind: str, column: int) -> Any:
    if table.get("default") is None:
        raise Fault("no_row")
    return typed(kind, table["default"][column])


def matches(cell: Any, kind: str, value: Any) -> bool:
    """null is any; a list any of its values; a range by its bounds."""
    if cell is None:
        return True
    if isinstance(cell, list):
        return any(matches(one, kind, value) for one in cell)
    if isinstance(cell, dict):
        return in_range({side: typed(kind, bound) for side, bound in cell.items()}, kind, value)
    return bool(typed(kind, cell) == value)


def in_range(bounds: dict[str, Any], kind: str, value: Any) -> bool:
    """`from` and `to` are in, `above` and `until` aren't; a code must be digits, as many as the bounds have."""
    if kind == "code":
        if not (value.isascii() and value.isdigit() and all(len(bound) == len(value) for bound in bounds.values())):
            return False
        value, bounds = int(value), {side: int(bound) for side, bound in bounds.items()}
    return (
        ("from" not in bounds or value >= bounds["from"])
        and ("above" not in bounds or value > bounds["above"])
        and ("to" not in bounds or value <= bounds["to"])
        and ("until" not in bounds or value < bounds["until"])
    )


def on_the_line(table: dict[str, Any], column: int, x: Decimal, beyond: bool) -> Decimal:
    """y0 + (x - x0) * (y1 - y0) / (x1 - x0) between the two points around x; beyond the last, on with the last two."""
    points = sorted((Decimal(str(row["when"][0])), Decimal(str(row["then"][column]))) for row in table["rows"])
    if x < points[0][0] or (x > points[-1][0] and not beyond):
        raise Fault("outside_points")
    after = next((place for place in range(1, len(points)) if x <= points[place][0]), len(points) - 1)
    (x0, y0), (x1, y1) = points[after - 1], points[after]
    rise = combined("*", combined("-", x, x0), combined("-", y1, y0))
    return combined("+", y0, combined("/", rise, combined("-", x1, x0)))


def by_brackets(table: dict[str, Any], column: int, x: Decimal) -> Decimal:
    """The sum of (the part of x in the row's range) * rate."""
    last = table["rows"][-1]["when"][0] or {}
    if x < 0 or x > Decimal(str(last.get("to", last.get("until", x)))):
        raise Fault("outside_points")
    total = Decimal(0)
    for row in table["rows"]:
        cell = row["when"][0] or {}
        low = Decimal(str(cell.get("from", cell.get("above", 0))))
        high = Decimal(str(cell.get("to", cell.get("until", x))))
        if x > low:
            part = combined("-", min(x, high), low)
            total = combined("+", total, combined("*", part, Decimal(str(row["then"][column]))))
    return total
