"""Typed decision tables, one bit set a cell, so that a look-up, a gap and an overlap are the same question."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import chain
from itertools import product as combinations
from typing import TYPE_CHECKING, Any

from products.language.dates import read_day
from products.language.errors import EvaluationError, Problem
from products.language.limits import TABLE_FIRSTS, TABLE_VALUES
from products.language.numbers import CONTEXT, plain, read_number
from products.language.reading import kind_of, shown
from products.language.schema import DecisionTable, Range, TableKey
from products.language.types import BOOLEAN, CODE, DATE, MONEY, NUMBER, TEXT, Type

if TYPE_CHECKING:
    from products.language.run import Run

KEY_TYPES = {"number": NUMBER, "integer": NUMBER, "money": MONEY, "date": DATE, "code": CODE, "text": TEXT,
             "boolean": BOOLEAN}  # fmt: skip
RESULT_TYPES = {"number": NUMBER, "money": MONEY, "date": DATE, "code": CODE, "text": TEXT, "boolean": BOOLEAN}
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


@dataclass(frozen=True)
class Table:
    """A table ready for look-ups: `row_of` gives the first row that matches, or -1. `cost` is what one is charged."""

    key: str
    key_types: tuple[Type, ...]
    columns: tuple[str, ...]
    result_types: tuple[Type, ...]
    hit: str
    collect: str | None
    keys: tuple[KeyIndex, ...]
    results: tuple[tuple[Any, ...], ...]
    default: tuple[Any, ...] | None
    cost: int
    row_of: Callable[[list[Any]], int]

    def column(self, name: str | None) -> int | None:
        """The place of a result column; the first where none is named; None for an unknown one."""
        if name is None:
            return 0
        return self.columns.index(name) if name in self.columns else None

    def matching(self, values: list[Any]) -> int:
        """The rows that match, as bits."""
        rows = -1
        for index, value in zip(self.keys, values, strict=True):
            place = index.find(value)
            rows &= index.elements[place].rows if place >= 0 else 0
        return rows

    def value_at(self, values: list[Any], place: int) -> Any:
        """The value of a column for these keys, not told to any trace."""
        row = self.row_of(values)
        return self.results[row][place] if row >= 0 else self._default(place, values)

    def look_up(self, run: Run, values: list[Any], place: int) -> Any:
        """The value of a column for these keys; `EvaluationError` where no row matches and there is no default."""
        if self.collect is not None:
            rows = self.matching(values)
            run.saw_table(self.key, values, [row for row in range(rows.bit_length()) if rows >> row & 1])
            return self._collected(rows, place, values)
        row = self.row_of(values)
        run.saw_table(self.key, values, row if row >= 0 else None)
        return self.results[row][place] if row >= 0 else self._default(place, values)

    def _default(self, place: int, values: list[Any]) -> Any:
        if self.default is None:
            found = ", ".join(str(value) for value in values)
            message = f"Expected a row in the table “{self.key}” for {found}, found none."
            raise EvaluationError("no_row", message, table=self.key, found=found)
        return self.default[place]

    def _collected(self, rows: int, place: int, values: list[Any]) -> Any:
        if self.collect == "count":
            return Decimal(rows.bit_count())
        found = [self.results[row][place] for row in range(rows.bit_length()) if rows >> row & 1]
        if not found:
            return Decimal(0) if self.collect == "sum" and self.default is None else self._default(place, values)
        if self.collect == "sum":
            total = found[0]
            for value in found[1:]:
                total = CONTEXT.add(total, value)
            return total
        return min(found) if self.collect == "min" else max(found)


def compile_table(
    table: DecisionTable, path: str, choices: Mapping[str, tuple[str, ...]]
) -> tuple[Table | None, list[Problem]]:
    """A table ready for look-ups, or what is wrong with its columns and cells; `choices` are those of each question."""
    problems = list(_shape_problems(table, path, choices))
    if problems:
        return None, problems
    types = tuple(
        Type("choice", choices[str(key.choices_of)]) if key.type == "choice" else KEY_TYPES[key.type]
        for key in table.keys
    )
    indexes: list[KeyIndex] = []
    for place, (key, kind) in enumerate(zip(table.keys, types, strict=True)):
        cells = [row.when[place] for row in table.rows]
        try:
            indexes.append(_index(key, kind, cells, problems, path, place))
        except CellError as error:
            problems.append(Problem(f"{path}.keys[{place}]", "limit", str(error)))
    result_types = tuple(RESULT_TYPES[result.type] for result in table.results)
    results = [_results(row.then, result_types, f"{path}.rows[{n}].then", problems) for n, row in enumerate(table.rows)]
    default = None
    if table.default is not None:
        default = _results(table.default, result_types, f"{path}.default", problems)
    if problems:
        return None, problems
    if table.collect == "count":
        result_types = tuple(NUMBER for _kind in result_types)
    columns = tuple(result.name for result in table.results)
    cost = len(indexes) + (len(table.rows) if table.collect else len(table.rows) // 64)
    return (
        Table(
            table.key,
            types,
            columns,
            result_types,
            table.hit,
            table.collect,
            tuple(indexes),
            tuple(results),
            default,
            cost,
            _row_finder(indexes) if table.collect is None else partial(_first_row, tuple(indexes)),
        ),
        [],
    )


def _shape_problems(table: DecisionTable, path: str, choices: Mapping[str, tuple[str, ...]]) -> Iterable[Problem]:
    if (table.hit == "collect") != (table.collect is not None):
        yield Problem(
            f"{path}.collect", "collect", "Expected “collect” (sum, min, max or count) with the hit policy collect."
        )
    for place, key in enumerate(table.keys):
        if key.type == "choice" and not choices.get(str(key.choices_of)):
            message = f"Expected the key of a question with choices, found “{key.choices_of}”."
            yield Problem(f"{path}.keys[{place}].choices_of", "unknown_name", message)
        if key.match == "date" and key.type != "date":
            yield Problem(f"{path}.keys[{place}].match", "wrong_type", f"Expected the type date, found {key.type}.")
        if key.match == "range" and key.type in ("text", "boolean", "choice"):
            message = f"Expected a number, amount, date or code for ranges, found {key.type}."
            yield Problem(f"{path}.keys[{place}].match", "wrong_type", message)
    for name, words in (("keys", [key.name for key in table.keys]), ("results", [r.name for r in table.results])):
        if len(set(words)) < len(words):
            yield Problem(f"{path}.{name}", "key_twice", f"Expected different names, found {', '.join(words)}.")
    wide, high = len(table.keys), len(table.results)
    for number, row in enumerate(table.rows):
        if len(row.when) != wide:
            yield Problem(f"{path}.rows[{number}].when", "cells", f"Expected {wide} cells, found {len(row.when)}.")
        if len(row.then) != high:
            yield Problem(f"{path}.rows[{number}].then", "cells", f"Expected {high} results, found {len(row.then)}.")
    if table.default is not None and len(table.default) != high:
        yield Problem(f"{path}.default", "cells", f"Expected {high} results, found {len(table.default)}.")
    if table.collect in ("sum",) and any(result.type not in ("number", "money") for result in table.results):
        yield Problem(f"{path}.results", "wrong_type", "Expected numbers or amounts for a sum.")


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


def _results(values: list[Any], kinds: tuple[Type, ...], path: str, problems: list[Problem]) -> tuple[Any, ...]:
    found = []
    for place, (value, kind) in enumerate(zip(values, kinds, strict=True)):
        try:
            found.append(read_scalar(value, kind))
        except CellError as error:
            problems.append(Problem(f"{path}[{place}]", "wrong_type", str(error)))
    return tuple(found)


def _index(key: TableKey, kind: Type, cells: list[Any], problems: list[Problem], path: str, place: int) -> KeyIndex:
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


def _row_finder(indexes: list[KeyIndex]) -> Callable[[list[Any]], int]:
    """The way from keys to the first row that matches: where there aren't too many combinations each has its row."""
    size = 1
    for index in indexes:
        size *= len(index.elements)
    if size > TABLE_FIRSTS or len(indexes) > 3 or not all(index.certain for index in indexes):
        return partial(_first_row, tuple(indexes))
    firsts = [_first(elements) for elements in combinations(*[index.elements for index in indexes])]
    finds, sizes = [index.find for index in indexes], [len(index.elements) for index in indexes]
    if len(indexes) == 1:
        [find] = finds
        return lambda values: firsts[find(values[0])]
    if len(indexes) == 2:
        (left, right), width = finds, sizes[1]
        return lambda values: firsts[left(values[0]) * width + right(values[1])]
    (one, two, three), width, depth = finds, sizes[1], sizes[2]
    return lambda values: firsts[(one(values[0]) * width + two(values[1])) * depth + three(values[2])]


def _first(elements: tuple[Element, ...]) -> int:
    rows = -1
    for element in elements:
        rows &= element.rows
    return (rows & -rows).bit_length() - 1


def _first_row(indexes: tuple[KeyIndex, ...], values: list[Any]) -> int:
    rows = -1
    for index, value in zip(indexes, values, strict=True):
        place = index.find(value)
        rows &= index.elements[place].rows if place >= 0 else 0
    return (rows & -rows).bit_length() - 1


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
