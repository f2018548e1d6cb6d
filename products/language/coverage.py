"""Whether a decision table serves every combination of its keys once: gaps, overlaps and rows never reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product as combinations

from products.language.cells import Element
from products.language.errors import Problem
from products.language.tables import Table


def coverage_problems(table: Table, path: str, *, most: int, looked_up: bool = True) -> tuple[list[Problem], int]:
    """Gaps, overlaps and unreachable rows of a table, and how many combinations were looked at.

    A table that is only interpolated between its points has no gaps: `looked_up` is false.
    """
    size = 1
    for index in table.keys:
        size *= len(index.elements)
    if size > most:
        message = f"Expected at most {most} combinations of cells to check, found {size}: split the table."
        return [Problem(f"{path}.rows", "too_many", message)], 0
    gaps: list[Problem] = []
    overlaps: dict[tuple[int, int], Problem] = {}
    reached = 0
    wants_row = looked_up and table.default is None and table.collect not in ("sum", "count")
    for elements, rows in _combined(table, lambda: wants_row and len(gaps) < 10):
        if rows == 0:
            if wants_row and len(gaps) < 10 and not any(element.outside for element in elements):
                words = ", ".join(element.words for element in elements)
                gaps.append(Problem(f"{path}.rows", "gap", f"Expected a row for {words}, found none.", {"gap": words}))
            continue
        first = rows & -rows
        reached |= first if table.hit == "first" else rows
        if table.hit == "unique" and rows != first and len(overlaps) < 10:
            _add_overlap(overlaps, rows, elements, path)
    unreachable = [
        Problem(f"{path}.rows[{row}]", "unreachable", "Expected a row that can be reached, found one that never is.")
        for row in range(len(table.results))
        if not reached >> row & 1
    ]
    return [*gaps, *overlaps.values(), *unreachable[:10]], size


def _combined(table: Table, wants_gaps: Callable[[], bool]) -> Iterator[tuple[tuple[Element, ...], int]]:
    """Each combination of the keys' elements with the rows that match it; those without only while gaps are sought."""
    *heads, last = [index.elements for index in table.keys]
    for head in combinations(*heads):
        shared = -1
        for element in head:
            shared &= element.rows
        if shared or wants_gaps():
            for element in last:
                yield (*head, element), shared & element.rows


def _add_overlap(overlaps: dict[tuple[int, int], Problem], rows: int, elements: tuple[Element, ...], path: str) -> None:
    first = (rows & -rows).bit_length() - 1
    rest = rows & (rows - 1)
    second = (rest & -rest).bit_length() - 1
    words = ", ".join(element.words for element in elements)
    message = f"Expected one row for {words}, found rows {first} and {second}."
    problem = Problem(f"{path}.rows[{second}]", "overlap", message, {"rows": [first, second]})
    overlaps.setdefault((first, second), problem)
