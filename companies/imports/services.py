"""What an employee does with imports: bring a file, have it imported, stop it, let it go on (S2-13)."""

import hashlib
from datetime import date

from django.utils.translation import gettext as _

from common.db import step
from common.errors import BusinessError
from common.text import clean_line
from companies.actor import Actor
from companies.imports.carrying import CHECK, RUN, go_on
from companies.imports.kinds import Kind
from companies.imports.reading import Cells
from companies.models import Import, ImportRow, ImportState, Outcome, Why
from companies.models.imports import IMPORT_MOVES
from companies.moves import check_move
from companies.trail import record

AT_ONCE = 2000  # rows of one statement


def fingerprint(content: bytes) -> str:
    """By which a file is known again."""
    return hashlib.sha256(content).hexdigest()


@step
def stage_import(
    *, kind: Kind, name: str, content: bytes, lines: list[tuple[int, Cells]], actor: Actor, on: date
) -> Import:
    """Keep the lines of a file that was read, and have a worker try them; nothing of the company changes (S2-13)."""
    if actor.user_id is None:
        raise ValueError("An import is brought by somebody.")
    found = Import.objects.create(
        kind=kind.code, file_name=file_name(name), sha256=fingerprint(content), size=len(content), rows=len(lines),
        user_id=actor.user_id, membership_id=actor.membership_id, counts={Outcome.WAITING.value: len(lines)},
    )  # fmt: skip
    for start in range(0, len(lines), AT_ONCE):  # `bulk_create` would hold a row of each line at once
        some = lines[start : start + AT_ONCE]
        ImportRow.objects.bulk_create(
            [ImportRow(source=found, kind=kind.code, line=line, cells=cells) for line, cells in some]
        )
    record(found, "import.staged", actor=actor, on=on, rows=len(lines))
    go_on(found, CHECK, 0)
    return found


def file_name(name: str) -> str:
    """A file's name as it may be shown, its end kept."""
    return clean_line(name)[-120:] or "-"


@step
def run_import(*, found: Import, actor: Actor, on: date) -> Import:
    """Have the lines imported that the check found fit; from a stop it goes on where it stood.

    Raises IllegalMove where it can't go on, BusinessError for an import of the operator, who asks in a window.
    """
    found = import_for_update(found)
    waiting = found.state == ImportState.STOPPED and found.lines.filter(outcome=Outcome.WAITING).exists()
    state = ImportState.STAGED if waiting else ImportState.RUNNING
    check_move(IMPORT_MOVES, found.state, state)
    found.state, found.why, found.run = state, "", found.run + 1
    found.save(update_fields=["state", "why", "run"])
    record(found, "import.started", actor=actor, on=on)
    go_on(found, CHECK if waiting else RUN, 0)
    return found


@step
def stop_import(*, found: Import, actor: Actor, on: date) -> Import:
    """Stop after the block that is being worked on. Raises IllegalMove where nothing runs."""
    found = Import.objects.select_for_update(no_key=True).get(pk=found.pk)
    check_move(IMPORT_MOVES, found.state, ImportState.STOPPED)
    found.state, found.why = ImportState.STOPPED, Why.PERSON
    found.save(update_fields=["state", "why"])
    record(found, "import.stopped", actor=actor, on=on, why=Why.PERSON.value)
    return found


def import_for_update(found: Import) -> Import:
    """The import, locked, for an employee who lets it go on."""
    locked = Import.objects.select_for_update(no_key=True).get(pk=found.pk)
    if locked.by_operator:
        raise BusinessError(_("The computing centre brought this file. It goes on when that asks for it in a window."))
    return locked
