"""How a worker carries an import out: block by block, each block a job of its own, each line in a savepoint of its own.

A job that is killed leaves nothing of its block; the next one does it again. Under a window every statement asks for
it: a block that isn't committed when it closes is taken back whole, and the import stops outside the window's context.
The database asks once more before the commit (`import_in_time`); a block refused there is tried again, and stops.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from common.errors import BusinessError
from companies.actor import ROBOT
from companies.clock import today
from companies.imports.judging import Others, imported_under, judge, told_of, understand
from companies.imports.kinds import KINDS, Kind, Place, Told, Totals, as_json, combined, from_json
from companies.imports.scope import inside, settle, still_inside
from companies.jobs import company_of_scope, enqueue, handles
from companies.models import Import, ImportRow, ImportState, Job, Lane, Module, Outcome, Why
from companies.models.rights import MODULE_OF
from companies.trail import record

CHECK, RUN = "import.check", "import.run"
BLOCK_OF_CHECK, BLOCK_OF_RUN = 500, 100


class Closed(Exception):
    """The window closed, or the company took over; what was being written is taken back."""


@dataclass(slots=True)
class Progress:
    """What a block did: rows by their new outcome, whether it was the last one, sums."""

    moved: dict[str, int] = field(default_factory=dict)
    last: bool = False
    before: Totals | None = None
    after: Totals | None = None
    told: Totals | None = None
    made: Totals | None = None

    def count(self, outcome: Outcome) -> None:
        self.moved[outcome.value] = self.moved.get(outcome.value, 0) + 1


Block = Callable[[Kind, Import, Place], Progress]


@handles(CHECK)
def check(job: Job) -> None:
    """Try a block of lines without writing anything but what would become of them."""
    carry(job, ImportState.STAGED, check_block, writes=False)


@handles(RUN)
def run(job: Job) -> None:
    """Import a block of lines."""
    carry(job, ImportState.RUNNING, run_block, writes=True)


def carry(job: Job, state: ImportState, block: Block, *, writes: bool) -> None:
    """Do a block of the import and promise the next; nothing if it was stopped or asked to go on by another job."""
    found = Import.objects.select_for_update(no_key=True).get(pk=job.ids["import"])
    if (found.state, found.run) != (state, job.ids["run"]):
        return
    if not Module.objects.filter(code=MODULE_OF[KINDS[found.kind].part], on=True).exists():
        stop(found, Why.MODULE)
        return
    try:
        progress = whole(job, found, block, writes=writes)
    except Closed:
        stop(found, Why.WINDOW if found.window_id else Why.TAKEOVER)
        return
    if not progress.last:
        nth = int(job.key.rpartition(":")[2]) + 1
        go_on(found, job.kind, nth)
    elif writes:
        finish(found, progress)
    else:
        present(found, progress)


def whole(job: Job, found: Import, block: Block, *, writes: bool) -> Progress:
    """Do a block and count it, or nothing of it. Raises Closed."""
    with (
        transaction.atomic(),
        translation.override("en"),  # errors are kept by their sentences in the source
    ):
        with inside(found, job_id=job.pk, writes=writes) as place:
            if place is None:
                raise Closed
            progress = block(KINDS[found.kind], found, place)
        keep_progress(found, progress, Outcome.WOULD if writes else Outcome.WAITING)
    return progress


def go_on(found: Import, kind: str, nth: int) -> None:
    """Promise a block."""
    ids: dict[str, Any] = {"import": found.pk, "run": found.run}
    enqueue(kind, key=f"import:{found.pk}:{found.run}:{nth}", lane=Lane.BULK, **ids)


def check_block(kind: Kind, found: Import, place: Place) -> Progress:
    """Understand and try the next lines."""
    rows = list(found.lines.filter(outcome=Outcome.WAITING).order_by("line")[:BLOCK_OF_CHECK])
    progress = Progress(last=len(rows) < BLOCK_OF_CHECK)
    understand(kind, rows, place)
    others = Others(found, rows)
    for row in rows:
        outcome = judge(kind, row, others, place)
        keep(row, outcome)
        if outcome != Outcome.REJECTED:
            others.claim(row)
        progress.count(outcome)
    if progress.last:
        told_by_file, before = kind.measure(told(found, Outcome.WOULD)), kind.totals()
        check_inside()
        progress.told, progress.before = told_by_file, before
    return progress


def run_block(kind: Kind, found: Import, place: Place) -> Progress:
    """Make the things of the next lines."""
    rows = list(found.lines.filter(outcome=Outcome.WOULD).order_by("line")[:BLOCK_OF_RUN])
    progress = Progress(last=len(rows) < BLOCK_OF_RUN)
    if found.run_at is None:
        progress.before = kind.totals()
    imported = imported_under(kind.code, [row.key for row in rows])
    for row in rows:
        progress.count(make(kind, row, place, again=row.key in imported))
    if progress.last:
        sums = kind.totals(), kind.made(found), kind.measure(told(found, Outcome.IMPORTED))
        check_inside()
        progress.after, progress.made, progress.told = sums
    return progress


def told(found: Import, outcome: Outcome) -> Iterator[Told]:
    """The values of the lines of an outcome, some at a time: together they are as large as the file."""
    return found.lines.filter(outcome=outcome).values_list("told", flat=True).iterator(chunk_size=BLOCK_OF_CHECK)


def make(kind: Kind, row: ImportRow, place: Place, *, again: bool) -> Outcome:
    """Make the thing of a line, whole or not at all. Raises Closed where the window closed meanwhile."""
    try:
        with transaction.atomic():
            return made_of(kind, row, place, again=again)
    except Exception as error:
        check_inside()
        wrong = reason_of(error)
        if wrong is None:
            raise
    row.errors = [told_of(wrong)]
    keep(row, Outcome.REJECTED)
    return Outcome.REJECTED


def made_of(kind: Kind, row: ImportRow, place: Place, *, again: bool) -> Outcome:
    """Tried again, since something may have come meanwhile, then made. Raises Closed with the last write at least.

    `again`: something was imported under this key since the check.
    """
    outcome = Outcome.WOULD
    if again:
        outcome = judge(kind, row, Others(row.source, [row]), place)
    else:
        table, number = kind.make(row.told, kind.prepare(row.told, place), row, place)
        settle()
        outcome, row.table, row.row, row.at = Outcome.IMPORTED, table, number, timezone.now()
    keep(row, outcome)
    return outcome


def reason_of(error: Exception) -> BusinessError | None:
    """Why a line was refused, in words; None for a fault that trying again may mend."""
    if isinstance(error, BusinessError):
        return error
    if isinstance(error, (IntegrityError, DataError)):
        diag = getattr(error.__cause__, "diag", None)
        rule = getattr(diag, "constraint_name", None) or type(error).__name__
        return BusinessError(_("The database refuses this line by its rule “%(rule)s”."), params={"rule": rule})
    return None


def check_inside() -> None:
    """Raise Closed where nobody stands in the company any more."""
    if not still_inside():
        raise Closed


def keep(row: ImportRow, outcome: Outcome) -> None:
    """Write down what became of a line. Raises Closed where nobody stands in the company any more."""
    row.outcome = outcome
    names = ("told", "key", "marks", "outcome", "errors", "table", "row", "at")
    # Not `save`, which would fail where the row isn't seen: how many were written says whether the window is open.
    if ImportRow.objects.filter(pk=row.pk).update(**{name: getattr(row, name) for name in names}) != 1:
        raise Closed


def keep_progress(found: Import, progress: Progress, source: Outcome) -> None:
    """The counts of the import after a block, and the sums where they were taken."""
    counts = dict(found.counts)
    for outcome, number in progress.moved.items():
        counts[outcome] = counts.get(outcome, 0) + number
        counts[source.value] = counts.get(source.value, 0) - number
    found.counts = counts
    if progress.before is not None:
        found.totals_before = as_json(progress.before)
        found.run_at = timezone.now() if source == Outcome.WOULD else None
    for name, totals in (("told", progress.told), ("made", progress.made), ("totals_after", progress.after)):
        if totals is not None:
            setattr(found, name, as_json(totals))
    found.save(update_fields=["counts", "told", "made", "totals_before", "totals_after", "run_at"])


def present(found: Import, progress: Progress) -> None:
    """The check is over: somebody decides, unless there is nothing to decide."""
    nothing = found.counts.get(Outcome.REJECTED.value) == found.rows
    found.state = ImportState.REFUSED if nothing else ImportState.CHECKED
    found.save(update_fields=["state"])


def finish(found: Import, progress: Progress) -> None:
    """All lines were worked on: whether the company grew by what the file said, and by nothing else."""
    grown = combined(from_json(found.totals_after), from_json(found.totals_before), sign=-1)
    found.reconciled = found.told == found.made == as_json(grown)
    found.state, found.done_at = ImportState.DONE, timezone.now()
    found.save(update_fields=["reconciled", "state", "done_at"])
    number = found.counts.get(Outcome.IMPORTED.value, 0)
    record(found, "import.done", actor=ROBOT, on=today(company_of_scope()), rows=number, reconciled=found.reconciled)


def stop(found: Import, why: Why) -> None:
    """What is done stays, the other lines wait."""
    found.state, found.why = ImportState.STOPPED, why
    found.save(update_fields=["state", "why"])
    record(found, "import.stopped", actor=ROBOT, on=today(company_of_scope()), why=why.value)
