"""Days and whole months, as contracts count them."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Any

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_day(value: Any) -> date | None:
    """A day from `2027-01-31` or a date; None for anything else."""
    if isinstance(value, date):
        return value if type(value) is date else None
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def add_months(day: date, months: int) -> date | None:
    """The same day some months later, or the month's last day where there is none; None outside the years 1 to 9999."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(first: date, last: date) -> int:
    """Whole months from one day to another, negative where the second comes first."""
    if last < first:
        return -months_between(last, first)
    months = (last.year - first.year) * 12 + last.month - first.month
    reached = add_months(first, months)
    return months - (reached is None or reached > last)


def years_between(first: date, last: date) -> int:
    """Whole years from one day to another, as an age is counted."""
    months = months_between(first, last)
    return months // 12 if months >= 0 else -(-months // 12)
