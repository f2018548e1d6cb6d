"""Many conditions at once: acceptance rules, terms, lines. A comparison with a constant is decided for all together.

Most conditions are parts such as `value > 5000 and lock = "chain"`. For each name its constants divide the values into
elements; each element knows, as bits, which conditions' parts hold there. So one look at a value decides for all the
conditions that compare it, part by part: a part is only looked at where the parts before it hold, as one by one. What
refused each condition is kept as bits too, and told condition by condition where the trace is read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import xor
from typing import Any

from products.language.errors import EvaluationError
from products.language.limits import BOOK_CELLS
from products.language.looking import look, seen_by
from products.language.result import Look
from products.language.run import Run
from products.language.scope import Condition, Formula

# One name at one place of the conditions: its number, the conditions that compare it there (as bits), those that hold
# at each of its elements, and what one comparison is charged.
Column = tuple[int, int, tuple[int, ...], int]


@dataclass(frozen=True)
class Place:
    """The parts that stand at one place of their conditions: those found by columns, and the others one by one."""

    columns: tuple[Column, ...]
    others: tuple[tuple[int, int, Formula], ...]  # the condition's number and bit, and its part


@dataclass(frozen=True)
class Book:
    """Conditions ready to be weighed together; None is one that always holds."""

    kind: str
    path: str
    keys: tuple[str, ...]
    conditions: tuple[Condition | None, ...]
    names: tuple[str, ...]  # of the columns
    finders: tuple[Callable[[Any], int], ...]
    places: tuple[Place, ...]
    held: tuple[Look, ...]  # what is told of each condition where it holds
    parts: tuple[dict[int, tuple[tuple[Any, ...], str]], ...]  # where a part refuses it, and the name it looked at

    def weigh(self, run: Run) -> Weighed:
        """Which conditions hold; raises `EvaluationError` where one has no result: `find_error` then says which."""
        alive = (1 << len(self.conditions)) - 1
        refused: list[tuple[int, int]] = []
        seen: dict[int, tuple[Any, ...]] = {}
        elements: list[int | None] = [None] * len(self.names)
        values, finders, spent = run.values, self.finders, 0
        for number, place in enumerate(self.places):
            for column, rules, holding, cost in place.columns:
                wanted = alive & rules
                if not wanted:
                    continue
                element = elements[column]
                if element is None:
                    name = self.names[column]
                    value = values[name] if name in values else run.resolve(name)
                    element = elements[column] = finders[column](value)
                spent += wanted.bit_count() * cost
                gone = wanted & ~holding[element]
                if gone:
                    alive ^= gone
                    refused.append((number, gone))
            for rule, bit, part in place.others:
                if alive & bit and not part.value(run):
                    alive ^= bit
                    refused.append((number, bit))
                    seen[rule] = seen_by(part.names, run)
        run.spend(spent)
        return Weighed(self, alive, refused, seen, run)

    def find_error(self, run: Run) -> tuple[int, EvaluationError]:
        """The first condition, one by one, that has no result, and why."""
        for place, condition in enumerate(self.conditions):
            try:
                look(run, self.kind, self.keys[place], condition)
            except EvaluationError as error:
                return place, error
        raise RuntimeError(f"Expected a condition of {self.path} without a result, found none.")


@dataclass(slots=True)
class Weighed:
    """The conditions that hold, as bits, and for the others at which place they were refused."""

    book: Book
    alive: int
    refused: list[tuple[int, int]]
    seen: dict[int, tuple[Any, ...]]
    run: Run

    @property
    def held(self) -> list[int]:
        """The numbers of the conditions that hold, in order."""
        found, bits = [], self.alive
        while bits:
            lowest = bits & -bits
            found.append(lowest.bit_length() - 1)
            bits ^= lowest
        return found

    def looks(self) -> list[Look]:
        """Each condition as it is told in the trace, in order."""
        book, seen, values = self.book, self.seen, self.run.values
        found = list(book.held)
        for number, gone in self.refused:
            parts = book.parts[number]
            while gone:
                lowest = gone & -gone
                gone ^= lowest
                place = lowest.bit_length() - 1
                told, name = parts[place]
                found[place] = (*told, seen[place] if place in seen else (values[name],))
        return found


@dataclass
class _Gathered:
    """What all conditions say of one name, while a book is made: place, condition's bit, operator, constants, cost."""

    said: list[tuple[int, int, str, tuple[Any, ...], int]] = field(default_factory=list)


def book_of(kind: str, path: str, keys: Sequence[str], conditions: Sequence[Condition | None]) -> Book:
    """Conditions made ready to be weighed together."""
    names: dict[str, _Gathered] = {}
    crowded = _crowded(conditions)
    others: dict[int, list[tuple[int, int, Formula]]] = {}
    for rule, condition in enumerate(conditions):
        for place, part in enumerate(condition.parts if condition else ()):
            if part.said is None or part.said[0] in crowded:
                others.setdefault(place, []).append((rule, 1 << rule, part))
            else:
                name, operator, constants = part.said
                said = names.setdefault(name, _Gathered()).said
                said.append((place, 1 << rule, operator, constants, part.cost))
    finders, columns = [], []
    for number, gathered in enumerate(names.values()):
        finder, found = _columns(number, gathered)
        finders.append(finder)
        columns.extend(found)
    count = max((len(condition.parts) for condition in conditions if condition), default=0)
    places = tuple(
        Place(tuple(column for at, column in columns if at == place), tuple(others.get(place, ())))
        for place in range(count)
    )
    held = tuple((kind, key, condition, None, ()) for key, condition in zip(keys, conditions, strict=True))
    parts = tuple(
        {
            rule: ((kind, keys[rule], condition, condition.parts[place]), (condition.parts[place].said or ("",))[0])
            for rule, condition in enumerate(conditions)
            if condition is not None and place < len(condition.parts)
        }
        for place in range(count)
    )
    return Book(kind, path, tuple(keys), tuple(conditions), tuple(names), tuple(finders), places, held, parts)


def _crowded(conditions: Sequence[Condition | None]) -> set[str]:
    """The names that are compared with so many constants, in formulas of so many kinds, that it would take too much."""
    constants: dict[str, int] = {}
    kinds: dict[str, set[tuple[int, int]]] = {}
    for condition in conditions:
        for place, part in enumerate(condition.parts if condition else ()):
            if part.said is not None:
                name, _operator, values = part.said
                constants[name] = constants.get(name, 0) + len(values)
                kinds.setdefault(name, set()).add((place, part.cost))
    return {name for name, count in constants.items() if 2 * count * len(kinds[name]) > BOOK_CELLS}


def _columns(number: int, gathered: _Gathered) -> tuple[Callable[[Any], int], list[tuple[int, Column]]]:
    """The way from a value to its element, and the columns of each place and cost."""
    constants = {constant for _place, _bit, _operator, values, _cost in gathered.said for constant in values}
    ordered = any(operator not in ("=", "<>") for _place, _bit, operator, _values, _cost in gathered.said)
    listed = sorted(constants) if ordered else list(constants)
    size = 2 * len(listed) + 1
    numbers = {constant: 2 * place + 1 for place, constant in enumerate(listed)}
    found: dict[tuple[int, int], list[int]] = {}
    rules: dict[tuple[int, int], int] = {}
    for place, bit, operator, values, cost in gathered.said:
        changes = found.setdefault((place, cost), [0] * (size + 1))
        rules[place, cost] = rules.get((place, cost), 0) | bit
        for element in _changes(operator, sorted({numbers[value] for value in values})):
            changes[element] ^= bit
    columns = [
        (key[0], (number, rules[key], tuple(accumulate(changes[:-1], xor)), key[1])) for key, changes in found.items()
    ]
    return _ordered(listed) if ordered else _exact(numbers, size - 1), columns


def _changes(operator: str, numbers: list[int]) -> list[int]:
    """The elements from which on a comparison holds, or no more: odd ones are constants, even ones lie between."""
    number = numbers[0]
    match operator:
        case "=":
            return [change for each in numbers for change in (each, each + 1)]
        case "<>":
            return [0, *(change for each in numbers for change in (each, each + 1))]
        case "<":
            return [0, number]
        case "<=":
            return [0, number + 1]
        case ">":
            return [number + 1]
    return [number]


def _ordered(constants: list[Any]) -> Callable[[Any], int]:
    last = len(constants)

    def find(value: Any) -> int:
        place = bisect_left(constants, value)
        return 2 * place + (place < last and constants[place] == value)

    return find


def _exact(numbers: dict[Any, int], other: int) -> Callable[[Any], int]:
    return lambda value: numbers.get(value, other)
