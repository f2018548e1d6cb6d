"""What a page says of an import: how far it is, sums before and after, and the lines that were rejected."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from common.csvs import export_csv
from companies.actor import Actor
from companies.doors import Door
from companies.imports.kinds import KINDS, Kind, combined, from_json
from companies.imports.reading import ERRORS, LINE
from companies.models import Import, ImportRow, ImportState, Outcome

PAGE = 50
MARKS = {
    ImportState.STAGED: "wait", ImportState.CHECKED: "act", ImportState.RUNNING: "wait", ImportState.STOPPED: "act",
    ImportState.DONE: "run", ImportState.REFUSED: "end",
}  # fmt: skip
HIDDEN = ("totals_before", "totals_after", "ticket")  # from the operator; his login has no grant on them
NOTHING = Decimal(0)


def imports_visible_to(actor: Actor) -> QuerySet[Import]:
    """The imports an actor may see: the company's in the office; the operator's own, without the company's sums."""
    rows = Import.objects.filter(kind__in=list(KINDS))
    return rows.defer(*HIDDEN) if actor.door == Door.OPERATOR else rows


@dataclass(frozen=True, slots=True)
class Sum:
    """One measure of one line of the totals: what was there, what the file says, what came, and what is there now."""

    line: str
    measure: str
    money: bool
    before: Decimal | None
    told: Decimal
    made: Decimal
    after: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """What came that isn't of this import, once it is done; before that nothing is said."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before - self.made


class Rejected(Paginator):  # type: ignore[type-arg]
    """Pages of rejected lines; how many there are stands at the import, so that nothing is counted."""

    def __init__(self, found: Import) -> None:
        rows = found.lines.filter(outcome=Outcome.REJECTED).order_by("line")
        super().__init__(rows, PAGE)
        self.known = found.counts.get(Outcome.REJECTED.value, 0)

    @cached_property
    def count(self) -> int:
        return int(self.known)


class Report:
    """An import as its page shows it."""

    def __init__(self, found: Import, *, discreet: bool) -> None:
        self.found, self.discreet = found, discreet
        self.kind: Kind = KINDS[found.kind]

    @property
    def mark(self) -> str:
        return MARKS[ImportState(self.found.state)]

    @property
    def word(self) -> str:
        """State in words, with why it stopped."""
        return str(self.found.get_why_display() if self.found.why else self.found.get_state_display())

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Lines by what became of them."""
        kept = self.found.counts
        return [(str(outcome.label), kept.get(outcome.value, 0)) for outcome in Outcome if kept.get(outcome.value, 0)]

    @property
    def busy(self) -> bool:
        """Whether a worker is at it."""
        return self.found.state in {ImportState.STAGED, ImportState.RUNNING}

    @property
    def left(self) -> int:
        """How many lines are still to be imported."""
        return int(self.found.counts.get(Outcome.WOULD.value, 0))

    @property
    def left_to_check(self) -> int:
        return int(self.found.counts.get(Outcome.WAITING.value, 0))

    @property
    def percent(self) -> int:
        """How far the present step is."""
        left = self.left_to_check if self.found.state == ImportState.STAGED else self.left
        return round(100 * (self.found.rows - left) / self.found.rows)

    @property
    def may_run(self) -> bool:
        """Whether it may be asked to go on."""
        if self.found.state == ImportState.STOPPED:
            return True
        return self.found.state == ImportState.CHECKED and self.left > 0

    @property
    def sums(self) -> list[Sum]:
        """Each line and measure that the import touches."""
        told, made = from_json(self.found.told), from_json(self.found.made)
        before, after = ({}, {}) if self.discreet else (
            from_json(self.found.totals_before), from_json(self.found.totals_after))  # fmt: skip
        if not self.discreet and self.found.state != ImportState.DONE:
            after = combined(before, told)
        touched = sorted({*told, *made})
        words = self.kind.words(touched)
        return [
            Sum(
                line=words[line], measure=str(title), money=measure != "count",
                before=None if self.discreet else before.get(line, {}).get(measure, NOTHING),
                told=told.get(line, {}).get(measure, NOTHING),
                made=made.get(line, {}).get(measure, NOTHING),
                after=None if self.discreet else after.get(line, {}).get(measure, NOTHING),
            )
            for line in touched for measure, title in self.kind.measures.items()
        ]  # fmt: skip

    @property
    def note(self) -> str:
        """What must still be done; the operator isn't told what the company's accounts stand at."""
        return "" if self.discreet or self.found.state != ImportState.DONE else self.kind.note(self.found)


def errors_in_words(row: ImportRow) -> list[tuple[str, str]]:
    """Field and sentence of each error of a line, in the reader's language."""
    return [(error["field"], _(error["message"]) % error["params"]) for error in row.errors]


def shown(row: ImportRow) -> dict[str, Any]:
    """A rejected line as the work list shows it: its errors, and the cells that aren't empty."""
    cells = [(name, row.cells[name]) for name in KINDS[row.kind].names if row.cells.get(name)]
    return {"line": row.line, "errors": errors_in_words(row), "cells": cells}


def work_list(found: Import) -> bytes:
    """The rejected lines as a file: why, and the cells as they stood; corrected, it may be sent as it is."""
    names = KINDS[found.kind].names
    rows: Iterable[ImportRow] = found.lines.filter(outcome=Outcome.REJECTED).order_by("line").iterator()
    lines = ([row.line, "; ".join(": ".join(part for part in pair if part) for pair in errors_in_words(row)),
              *(row.cells.get(name, "") for name in names)] for row in rows)  # fmt: skip
    return export_csv([[LINE, ERRORS, *names], *lines])
