"""The cells of a table's keys: read by type, and made into elements, each with the rows that match it as bits."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from products.language.dates import read_day
from products.language.errors import Problem
from products.language.limits import TABLE_VALUES
from products.language.numbers import plain, read_number
from products.language.reading import kind_of, shown
from products.language.schema import Range, TableKey
from products.language.types import Type

Position = tuple[Any, int]  # a place between values: (v, 0) just before v, (v, 1) just after it


class CellError(Exception):
    """A cell or limit that can't be read as its column's type."""


@dataclass(frozen=True)
class Element:
    """A part of a key's values that no row divides further, in words, with the rows that match it as bits."""

    words: str
    rows: int
    outside: bool = False  # beyond the key's `least` and `most`: no row is needed there


@dataclass(frozen=True)
class KeyIndex:
    """One key's elements and the way from a value to its element; `cells` are its rows' own, as they were read."""

    key: TableKey
    cells: tuple[Any, ...]
    elements: tuple[Element, ...]
    find: Callable[[Any], int]  # -1: no element at all
    certain: bool  # whether every value of the key's type has an element


def read_scalar(value: Any, kind: Type) -> Any:
    """A constant of the document as a value of its type; raises `CellError`."""
    found: Any = None
    if kind.kind in ("number", "money"):
        found = read_number(value)
    elif kind.kind == "date":
        found = read_day(value)
    elif kind.kind == "boolean":
        found = value if isinstance(value, bool) else None
    elif isinstance(value, str) and (not kind.options or value in kind.options):
        found = value
    if found is None:
        of = f"one of {', '.join(kind.options)}" if kind.options else str(kind)
        raise CellError(f"Expected {of}, found {kind_of(value)}: {shown(value)}.")
    return found


def index_of(key: TableKey, kind: Type, cells: list[Any], problems: list[Problem], path: str, place: int) -> KeyIndex:
    """A key's elements from its column of cells; notes cells that can't be read, raises `CellError` for its limits."""
    readers = {"exact": _read_exact, "set": _read_set, "range": _read_range, "date": _read_range}
    read, found = readers[key.match], []
    for row, cell in enumerate(cells):
        try:
            found.append(None if cell is None else read(key, kind, cell))
        except CellError as error:
            problems.append(Problem(f"{path}.rows[{row}].when[{place}]", "wrong_type", str(error)))
            found.append(None)
    if key.match in ("range", "date"):
        return _range_index(key, kind, found)
    return _exact_index(key, kind, found)


def _read_exact(key: TableKey, kind: Type, cell: Any) -> Any:
    if isinstance(cell, (list, Range)):
        raise CellError(f"Expected one value, found {'a list' if isinstance(cell, list) else 'a range'}.")
    return (read_scalar(cell, kind),)


def _read_set(key: TableKey, kind: Type, cell: Any) -> Any:
    if not isinstance(cell, list) or not cell:
        raise CellError("Expected a list of values, found none." if cell == [] else "Expected a list of values.")
    return tuple(read_scalar(value, kind) for value in cell)


def _read_range(key: TableKey, kind: Type, cell: Any) -> tuple[Position | None, Position | None]:
    if not isinstance(cell, Range):
        raise CellError("Expected a range with from or above, and until or to.")
    if (cell.from_ is not None and cell.above is not None) or (cell.until is not None and cell.to is not None):
        raise CellError("Expected one lower and one upper bound, found two.")
    low = high = None
    if cell.from_ is not None or cell.above is not None:
        low = _position(key, kind, cell.from_ if cell.from_ is not None else cell.above, after=cell.above is not None)
    if cell.until is not None or cell.to is not None:
        high = _position(key, kind, cell.until if cell.until is not None else cell.to, after=cell.to is not None)
    if low is not None and high is not None and low >= high:
        raise CellError("Expected a range that holds a value, found an empty one.")
    return low, high


def _position(key: TableKey, kind: Type, bound: Any, *, after: bool) -> Position:
    """The place just before or just after a bound; days, whole numbers and codes have no values in between."""
    value = read_scalar(bound, kind)
    if key.type == "code":
        if not (value.isascii() and value.isdigit() and len(value) <= 20):
            raise CellError(f"Expected a code of digits as a range's bound, found “{value[:40]}”.")
        return (len(value), int(value) + after), 0
    if isinstance(value, date):
        return value.toordinal() + after, 0
    if key.type == "integer":
        if value != value.to_integral_value():
            raise CellError(f"Expected a whole number, found {plain(value)}.")
        return int(value) + after, 0
    return value, int(after)


def _bound_of(key: TableKey) -> Callable[[Any], Any] | None:
    """How a value is compared with a range's bounds; None where it is as it stands."""
    if key.type == "code":
        return lambda value: (
            (len(value), int(value)) if value.isascii() and value.isdigit() and len(value) < 21 else None
        )
    return date.toordinal if key.type == "date" else None


def _range_index(key: TableKey, kind: Type, cells: list[Any]) -> KeyIndex:
    low_limit = None if key.least is None else _position(key, kind, key.least, after=False)
    high_limit = None if key.most is None else _position(key, kind, key.most, after=True)
    bounds = {bound for cell in cells if cell for bound in cell if bound is not None}
    positions = sorted(bounds | {limit for limit in (low_limit, high_limit) if limit is not None})
    starts = {position: number + 1 for number, position in enumerate(positions)}
    toggles = [0] * (len(positions) + 2)
    for row, cell in enumerate(cells):
        low, high = cell or (None, None)
        toggles[0 if low is None else starts[low]] ^= 1 << row
        toggles[-1 if high is None else starts[high]] ^= 1 << row
    elements, rows = [], 0
    for number in range(len(positions) + 1):
        rows ^= toggles[number]
        low = positions[number - 1] if number else None
        high = positions[number] if number < len(positions) else None
        outside = (low_limit is not None and (low is None or low < low_limit)) or (
            high_limit is not None and (high is None or high > high_limit)
        )
        elements.append(Element(_range_words(key, low, high), rows, outside))
    find = _finder(key, positions)
    return KeyIndex(key, tuple(cells), tuple(elements), find, key.type != "code")


def _finder(key: TableKey, positions: list[Position]) -> Callable[[Any], int]:
    """From a value to its element. A bound is compared once: (b, 0) lies at or below the values from b on."""
    bounds = sorted({bound for bound, _after in positions})
    below = [bisect_left(positions, (bound, 0)) for bound in bounds] + [len(positions)]
    at = [count + ((bound, 0) in positions[count : count + 1]) for bound, count in zip(bounds, below, strict=False)]
    last = len(bounds)

    def find(value: Any) -> int:
        place = bisect_left(bounds, value)
        return at[place] if place < last and bounds[place] == value else below[place]

    bound_of = _bound_of(key)
    if bound_of is None:
        return find

    def find_bound(value: Any) -> int:
        bound = bound_of(value)
        return -1 if bound is None else find(bound)

    return find_bound


def _range_words(key: TableKey, low: Position | None, high: Position | None) -> str:
    def word(position: Position) -> str:
        value = position[0]
        if key.type == "code":
            return str(value[1]).zfill(value[0])
        if key.type == "date":
            return date.fromordinal(min(value, date.max.toordinal())).isoformat()
        return plain(value) if isinstance(value, Decimal) else str(value)

    lower = "" if low is None else f"{'above' if low[1] else 'from'} {word(low)}"
    upper = "" if high is None else f"{'to' if high[1] else 'until'} {word(high)}"
    return f"{key.name} {' '.join(part for part in (lower, upper) if part)}".strip()


def _exact_index(key: TableKey, kind: Type, cells: list[Any]) -> KeyIndex:
    values: dict[Any, int] = dict.fromkeys(kind.options, 0)
    if kind.kind == "boolean":
        values = {True: 0, False: 0}
    anything = sum(1 << row for row, cell in enumerate(cells) if cell is None)
    for value in chain.from_iterable(cell for cell in cells if cell):
        values.setdefault(value, 0)
    if len(values) > TABLE_VALUES:
        raise CellError(f"Expected at most {TABLE_VALUES} different values, found {len(values)}: split the table.")
    for row, cell in enumerate(cells):
        for value in cell or ():
            values[value] |= 1 << row
    places = {value: place for place, value in enumerate(values)}
    elements = [Element(f"{key.name} {_word(value)}", rows | anything) for value, rows in values.items()]
    if kind.kind not in ("choice", "boolean"):
        elements.append(Element(f"any other {key.name}", anything))
    other = len(places) if len(elements) > len(places) else -1
    get = places.get
    return KeyIndex(key, tuple(cells), tuple(elements), lambda value: get(value, other), True)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value) if isinstance(value, Decimal) else f"“{value}”" if isinstance(value, str) else str(value)
