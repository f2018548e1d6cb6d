"""Exports as CSV that a spreadsheet opens well and that never start a cell with a formula (DESIGN section 4)."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
BYTE_ORDER_MARK = "\ufeff"


def safe_cell(value: object) -> str:
    """One cell as text. Numbers and days stay machine-readable: 1234.50 with a point, 2026-11-24, moments in ISO 8601.

    A text that a spreadsheet would run (=, +, -, @, a tab, their wide forms, also behind blanks) gets an apostrophe.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def export_csv(rows: Iterable[Sequence[object]], *, delimiter: str = ";") -> bytes:
    """Rows, the head among them, as a UTF-8 file with byte order mark; every cell is quoted and safe.

    The delimiter is by default the one spreadsheets of nl and de expect; quoting makes it safe inside texts.
    """
    written = io.StringIO()
    written.write(BYTE_ORDER_MARK)
    writer = csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe_cell(value) for value in row])
    return written.getvalue().encode("utf-8")
