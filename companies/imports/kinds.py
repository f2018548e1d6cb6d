"""What can be imported: each room registers a `Kind`, which says its columns, tries a line, makes the thing, sums."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.errors import BusinessError
from companies.actor import Actor
from companies.imports.reading import Cells
from companies.imports.values import Reader
from companies.models import Company, Import, ImportRow, PartCode

Told = dict[str, str]  # a line as it was understood: each column's value as text that means one thing, "" for nothing
Totals = dict[str, dict[str, Decimal]]  # by line (such as an account) and measure (such as debit)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: how it is read, whether it must be filled, and what it means."""

    name: str
    read: Reader
    meaning: "str | Promise"
    example: str = ""
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where and for whom a line is tried or made. `writes`: it is made now. `discreet`: the reader of what is wrong
    may not learn what the company has.
    """

    company: Company
    on: date
    actor: Actor
    writes: bool
    discreet: bool


class Kind(ABC):
    """One kind of thing that is taken over."""

    code: ClassVar[str]
    title: ClassVar["str | Promise"]
    part: ClassVar[PartCode]  # who may put such things in may import them
    columns: ClassVar[tuple[Column, ...]]
    measures: ClassVar[Mapping[str, "str | Promise"]]

    def understand(self, cells: Cells, company: Company) -> tuple[Told, list[tuple[str, BusinessError]]]:
        """A line's values, and for each column what is wrong."""
        told: Told = {}
        errors = []
        for column in self.columns:
            cell = cells.get(column.name, "").strip()
            try:
                if column.needed and not cell:
                    raise BusinessError(_("Expected a value, found nothing."))
                told[column.name] = column.read(cell) if cell else ""
            except BusinessError as error:
                errors.append((column.name, error))
        return (told if errors else self.complete(told, company)), errors

    def complete(self, told: Told, company: Company) -> Told:
        """What an empty cell stands for."""
        return told

    @abstractmethod
    def key(self, told: Told) -> str:
        """By what the thing was known in the old system; one key is imported once."""

    def marks(self, told: Told) -> list[str]:
        """What two lines have in common that mean one thing under two keys; at most 40 characters each."""
        return []

    @abstractmethod
    def prepare(self, told: Told, place: Place) -> Any:
        """Look up and check all that a line needs, writing nothing. Raises BusinessError with its column."""

    @abstractmethod
    def make(self, told: Told, prepared: Any, row: ImportRow, place: Place) -> tuple[str, int]:
        """Make the thing: its table and number."""

    @abstractmethod
    def measure(self, many: Iterable[Told]) -> Totals:
        """What lines add to the company, by the file."""

    @abstractmethod
    def made(self, found: Import) -> Totals:
        """What an import has added to the company, by the database."""

    @abstractmethod
    def totals(self) -> Totals:
        """What the company holds now."""

    def words(self, lines: Iterable[str]) -> dict[str, str]:
        """Lines of the totals as they are read; one query at most."""
        return {line: str(self.title) for line in lines}

    def note(self, found: Import) -> str:
        """What must still be done when all is in; empty if nothing."""
        return ""

    @property
    def needed(self) -> list[str]:
        """The columns that a file must have."""
        return [column.name for column in self.columns if column.needed]

    @property
    def names(self) -> list[str]:
        """All columns."""
        return [column.name for column in self.columns]


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Called by a room's imports.py."""
    KINDS[kind.code] = kind
    return kind


def as_json(totals: Totals) -> dict[str, dict[str, str]]:
    """Totals as they are kept; what is nothing is left out, so that equal sums are equal."""
    kept = {line: {name: str(value) for name, value in sums.items() if value} for line, sums in totals.items()}
    return {line: sums for line, sums in sorted(kept.items()) if sums}


def from_json(kept: Mapping[str, Mapping[str, str]]) -> Totals:
    """Totals as they were kept."""
    return {line: {name: Decimal(value) for name, value in sums.items()} for line, sums in kept.items()}


def combined(one: Totals, other: Totals, *, sign: int = 1) -> Totals:
    """One plus, or minus, another."""
    found = {line: dict(sums) for line, sums in one.items()}
    for line, sums in other.items():
        mine = found.setdefault(line, {})
        for name, value in sums.items():
            mine[name] = mine.get(name, Decimal(0)) + sign * value
    return found


def added(found: Totals, line: str, **sums: Decimal) -> None:
    """Add to one line of totals."""
    mine = found.setdefault(line, {})
    for name, value in sums.items():
        mine[name] = mine.get(name, Decimal(0)) + value


def imported_row(kind: str, key: str) -> int | None:
    """The number of the thing that a key of the old system became."""
    rows = ImportRow.objects.filter(kind=kind, key=key, outcome="imported")
    return rows.values_list("row", flat=True).first()
