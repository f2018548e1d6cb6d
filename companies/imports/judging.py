"""What becomes of a line: compared with the file's other lines and with what was imported before, then tried."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from common.errors import BusinessError
from companies.imports.kinds import Kind, Place, Told
from companies.models import Import, ImportRow, Outcome

CLAIMING = [Outcome.WOULD, Outcome.IMPORTED, Outcome.UNCHANGED]
Error = dict[str, Any]


def told_of(error: BusinessError, field: str = "") -> Error:
    """An error as a line keeps it: its sentence in the source's language, and its values. Call it in English."""
    params = {name: value if isinstance(value, int) else str(value) for name, value in error.params.items()}
    return {"field": error.field or field, "message": str(error.message), "params": params}


class Others:
    """What is known beside a block of lines: earlier lines of the file, and what was imported under their keys."""

    def __init__(self, found: Import, rows: Sequence[ImportRow]) -> None:
        keys = [row.key for row in rows if row.key]
        marks = sorted({mark for row in rows for mark in row.marks})
        before = found.lines.filter(line__lt=rows[0].line if rows else 0, outcome__in=CLAIMING)
        self.by_key = dict(before.filter(key__in=keys).values_list("key", "line"))
        self.by_mark: dict[str, int] = {}
        if marks:
            for line, theirs in before.filter(marks__overlap=marks).values_list("line", "marks"):
                self.by_mark |= dict.fromkeys(theirs, line)
        self.imported = imported_under(found.kind, keys)

    def claim(self, row: ImportRow) -> None:
        """From here on later lines of the block meet this one."""
        self.by_key[row.key] = row.line
        self.by_mark |= dict.fromkeys(row.marks, row.line)


def imported_under(kind: str, keys: Sequence[str]) -> dict[str, Told]:
    """What was imported under some keys, by key."""
    rows = ImportRow.objects.filter(kind=kind, key__in=keys, outcome=Outcome.IMPORTED)
    return dict(rows.values_list("key", "told"))


def understand(kind: Kind, rows: Iterable[ImportRow], place: Place) -> None:
    """Read the cells of a block: values, key, marks and what is wrong, put on each line."""
    for row in rows:
        row.told, errors = kind.understand(row.cells, place.company)
        row.errors = [told_of(error, field) for field, error in errors]
        row.key = "" if errors else kind.key(row.told)
        row.marks = [] if errors else kind.marks(row.told)


def judge(kind: Kind, row: ImportRow, others: Others, place: Place) -> Outcome:
    """What becomes of an understood line; what is wrong stands in its errors."""
    if row.errors:
        return Outcome.REJECTED
    try:
        check_alone(row, others)
        if row.key in others.imported:
            check_same(row.told, others.imported[row.key], discreet=place.discreet)
            return Outcome.UNCHANGED
        kind.prepare(row.told, place)
    except BusinessError as error:
        row.errors = [told_of(error)]
        return Outcome.REJECTED
    return Outcome.WOULD


def check_alone(row: ImportRow, others: Others) -> None:
    """Refuse a line that says the same thing as an earlier one of the file."""
    line = others.by_key.get(row.key) or next(
        (others.by_mark[mark] for mark in row.marks if mark in others.by_mark), None
    )
    if line is not None:
        raise BusinessError(_("The same stands on line %(line)s already."), params={"line": line})


def check_same(told: Told, before: Told, *, discreet: bool) -> None:
    """Refuse a line that was imported with other values; nothing is ever overwritten."""
    names = [name for name in told if told[name] != before.get(name, "")]
    if not names:
        return
    message = _("Imported before with other values: %(fields)s. What is there stays as it is.")
    told_fields = names if discreet else [f"{name} “{before.get(name, '')}”" for name in names]
    raise BusinessError(message, field=names[0], params={"fields": ", ".join(told_fields)})
