"""Exports as CSV that the reader's spreadsheet opens well and that never start a cell with a formula (DESIGN 4).

A Dutch or German spreadsheet parts cells by semicolons and decimals by a comma: of 44.13 it makes a text, of 12.05 a
day. An English one does neither.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from common.languages import base_language

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
BYTE_ORDER_MARK = "\ufeff"


def safe_cell(value: object) -> str:
    """One cell as text. Days stay 2026-11-24, moments ISO 8601; amounts have no thousands: 1234,50, in English 1234.50.

    A text that a spreadsheet would run (=, +, -, @, a tab, their wide forms, also behind blanks) gets an apostrophe.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        return f"{value:f}" if reads_points() else f"{value:f}".replace(".", ",")
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def reads_points() -> bool:
    """Whether the reader's spreadsheet takes a point for decimals, and a comma between cells."""
    return base_language() == "en"


def export_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows, the head among them, as a UTF-8 file with byte order mark; every cell is quoted and safe."""
    written = io.StringIO()
    written.write(BYTE_ORDER_MARK)
    writer = csv.writer(written, delimiter="," if reads_points() else ";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe_cell(value) for value in row])
    return written.getvalue().encode("utf-8")
