"""A file as it comes out of an old system or a spreadsheet, read whole or not at all: CSV with a head (S2-13)."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from common.csvs import export_csv
from common.errors import BusinessError
from common.formats import number
from common.text import LineError, check_line
from companies.models import Import

LONGEST = 1000  # characters of a cell
MOST_FINDINGS = 20
DELIMITERS = (";", ",", "\t")
LINE, ERRORS = "import_line", "import_errors"  # columns of a work list, which may be sent back as they are
BYTE_ORDER_MARK = "\ufeff"
FORMULA = re.compile("[=@\uff1d\uff0b\uff0d\uff20]|[+-](?![0-9 .,()/-]*[0-9][0-9 .,()/-]*$)")
QUOTED = re.compile("'[=+@\uff1d\uff0b\uff0d\uff20-]")  # as our own exports keep such a cell from being run

Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong in a file: on which line (0: the file as a whole), in which column ("": the whole line)."""

    line: int
    field: str
    error: BusinessError

    def __str__(self) -> str:
        if not self.line:
            return str(self.error)
        if not self.field:
            return str(_("Line %(line)s: %(error)s")) % {"line": self.line, "error": self.error}
        words = {"line": self.line, "field": self.field, "error": self.error}
        return str(_("Line %(line)s, %(field)s: %(error)s")) % words


class FileRefused(Exception):
    """A file that isn't read at all, with what is wrong in it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(findings[0])
        self.findings = list(findings)


def refused(message: Any, *, line: int = 0, field: str = "", **params: Any) -> FileRefused:
    """A file refused for one reason."""
    return FileRefused([Finding(line, field, BusinessError(message, params=params))])


def read_file(content: bytes, *, columns: Sequence[str], needed: Sequence[str]) -> list[tuple[int, Cells]]:
    """The lines of a file with their numbers, each with all known columns. Raises FileRefused: nothing is half read."""
    if len(content) > Import.LARGEST:
        message = _("Expected a file of at most %(most)s bytes, found %(found)s.")
        raise refused(message, most=number(Import.LARGEST), found=number(len(content)))
    written = decoded(content)
    delimiter, head = head_of(written, columns)
    check_head(head, columns, needed)
    lines, findings = [], []
    for line, record in records(written, delimiter):
        if line == 0 or not any(cell.strip() for cell in record):
            continue
        cells, wrong = cells_of(line, record, head)
        lines.append((line, {name: cells.get(name, "") for name in columns}))
        findings += wrong
        if len(findings) >= MOST_FINDINGS:
            raise FileRefused(findings[:MOST_FINDINGS])
        if len(lines) > Import.MOST_ROWS:
            raise refused(_("Expected at most %(most)s lines. Divide the file."), most=number(Import.MOST_ROWS))
    if findings:
        raise FileRefused(findings)
    if not lines:
        raise refused(_("Expected lines below the head, found none."))
    return lines


def decoded(content: bytes) -> str:
    """The file's text: UTF-8 with or without its mark, else Windows-1252."""
    if not content.strip():
        raise refused(_("Expected a file with a head and lines, found an empty one."))
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise refused(_("This is a spreadsheet. Save it as CSV and choose that file."))
    if (place := content.find(b"\x00")) >= 0:
        line = content.count(b"\n", 0, place) + 1
        raise refused(_("Expected text in UTF-8 or Windows-1252, found a NUL byte."), line=line)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refused(_("Expected text in UTF-8 or Windows-1252, found a byte of neither."), line=line) from None


def head_of(written: str, columns: Sequence[str]) -> tuple[str, list[str]]:
    """The delimiter that finds most of the known columns in the first line, and the columns as it divides them."""
    first = re.split(r"[\r\n]", written.lstrip(BYTE_ORDER_MARK), maxsplit=1)[0]
    if len(first) > 10_000:
        raise refused(_("Expected the names of the columns in the first line, found a line of %(length)s characters."),
                      line=1, length=number(len(first)))  # fmt: skip
    heads = [(delimiter, [named(cell) for cell in next(csv.reader([first], delimiter=delimiter), [])])
             for delimiter in DELIMITERS]  # fmt: skip
    return max(heads, key=lambda head: len(set(head[1]) & {*columns, LINE, ERRORS}))


def named(cell: str) -> str:
    """A column's name as it is compared: small letters, no blanks around, one low line between words."""
    return re.sub(r"[\s_-]+", "_", cell.strip().lower())


def check_head(head: Sequence[str], columns: Sequence[str], needed: Sequence[str]) -> None:
    """Refuse columns that are missing, stand twice, or that nobody knows."""
    findings = [
        Finding(1, name or "?", BusinessError(message, params={"known": ", ".join(columns)}))
        for message, names in (
            (_("This column is missing."), [name for name in needed if name not in head]),
            (_("This column stands twice."), sorted({name for name in head if name and head.count(name) > 1})),
            (_("This column is unknown. Expected some of %(known)s."),
             [name[:60] for name in head if name not in {*columns, LINE, ERRORS}]),
        )
        for name in names
    ]  # fmt: skip
    if findings:
        raise FileRefused(findings[:MOST_FINDINGS])


def records(written: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every line as its cells, with its number; the head has number 0."""
    lines = csv.reader(io.StringIO(written.lstrip(BYTE_ORDER_MARK), newline=""), delimiter=delimiter, strict=True)
    last = 0
    while True:
        try:
            record = next(lines)
        except StopIteration:
            return
        except csv.Error:
            message = _(
                "This line can't be read: a quotation mark isn't closed, or a cell has above %(most)s characters."
            )
            raise refused(message, line=last + 1, most=number(LONGEST)) from None
        yield (last + 1 if last else 0), record
        last = lines.line_num


def cells_of(line: int, record: Sequence[str], head: Sequence[str]) -> tuple[Cells, list[Finding]]:
    """The cells of one line by column, and what is wrong in them."""
    if len(record) != len(head):
        params = {"expected": len(head), "found": len(record)}
        error = BusinessError(_("Expected %(expected)s cells as in the head, found %(found)s."), params=params)
        return {}, [Finding(line, "", error)]
    cells: Cells = {}
    findings = []
    for name, raw in zip(head, record, strict=True):
        if name in {LINE, ERRORS}:
            continue
        cell = raw.strip()
        cells[name] = cell[1:] if QUOTED.match(cell) else cell
        try:
            check_cell(cells[name])
        except BusinessError as error:
            findings.append(Finding(line, name, error))
    return cells, findings


def check_cell(cell: str) -> None:
    """Refuse what isn't one line of plain text: too long, hidden signs, breaks, and what a spreadsheet would run."""
    if len(cell) > LONGEST:
        message = _("Expected at most %(most)s characters, found %(length)s.")
        raise BusinessError(message, params={"most": LONGEST, "length": len(cell)})
    if FORMULA.match(cell):
        raise BusinessError(_("Expected a value, found a formula. Save the values alone."))
    try:
        check_line(cell)
    except LineError as error:
        raise BusinessError(error.message, params=error.params) from None


def template_of(columns: Sequence[tuple[str, str]]) -> bytes:
    """A file to fill in: the columns, and one line as an example."""
    return export_csv([[name for name, _example in columns], [example for _name, example in columns]])
