"""Typed decision tables, one bit set a cell, so that a look-up, a gap and an overlap are the same question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import product as combinations
from typing import TYPE_CHECKING, Any

from products.language.cells import CellError, Element, KeyIndex, index_of, read_scalar
from products.language.errors import EvaluationError, Problem
from products.language.limits import TABLE_FIRSTS
from products.language.numbers import CONTEXT
from products.language.schema import DecisionTable
from products.language.types import BOOLEAN, CODE, DATE, MONEY, NUMBER, TEXT, Type

if TYPE_CHECKING:
    from products.language.run import Run

KEY_TYPES = {"number": NUMBER, "integer": NUMBER, "money": MONEY, "date": DATE, "code": CODE, "text": TEXT,
             "boolean": BOOLEAN}  # fmt: skip
RESULT_TYPES = {"number": NUMBER, "money": MONEY, "date": DATE, "code": CODE, "text": TEXT, "boolean": BOOLEAN}


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
    indexes = _indexes(table, types, path, problems)
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
    row_of = _row_finder(indexes) if table.collect is None else partial(_first_row, tuple(indexes))
    made = Table(
        table.key, types, columns, result_types, table.hit, table.collect, tuple(indexes), tuple(results), default,
        cost, row_of,
    )  # fmt: skip
    return made, []


def _indexes(table: DecisionTable, types: tuple[Type, ...], path: str, problems: list[Problem]) -> list[KeyIndex]:
    found: list[KeyIndex] = []
    for place, (key, kind) in enumerate(zip(table.keys, types, strict=True)):
        cells = [row.when[place] for row in table.rows]
        try:
            found.append(index_of(key, kind, cells, problems, path, place))
        except CellError as error:
            problems.append(Problem(f"{path}.keys[{place}]", "limit", str(error)))
    return found


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


def _results(values: list[Any], kinds: tuple[Type, ...], path: str, problems: list[Problem]) -> tuple[Any, ...]:
    found = []
    for place, (value, kind) in enumerate(zip(values, kinds, strict=True)):
        try:
            found.append(read_scalar(value, kind))
        except CellError as error:
            problems.append(Problem(f"{path}[{place}]", "wrong_type", str(error)))
    return tuple(found)


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
