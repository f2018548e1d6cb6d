"""Half-open periods of days, months that know their end, and the days on which instalments fall (STYLE section 7)."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From `valid_from` up to but not including `valid_until`; None is open. An empty one is refused (ValueError)."""

    valid_from: date
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            raise ValueError(f"Expected an end after {self.valid_from}, found {self.valid_until}.")

    def __contains__(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)

    @property
    def last_day(self) -> date | None:
        """The last day that belongs to the period, as people write it; None while it is open."""
        return None if self.valid_until is None else self.valid_until - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days the period has; an open one has no number (ValueError)."""
        if self.valid_until is None:
            raise ValueError(f"Expected a period with an end, found one open from {self.valid_from}.")
        return (self.valid_until - self.valid_from).days

    def overlaps(self, other: Self) -> bool:
        """Whether the two share a day; neighbours that touch don't."""
        return self.intersection(other) is not None

    def intersection(self, other: Self) -> "Period | None":
        """The days both have, None where they share none."""
        start = max(self.valid_from, other.valid_from)
        ends = [end for end in (self.valid_until, other.valid_until) if end is not None]
        end = min(ends) if ends else None
        return Period(start, end) if end is None or start < end else None

    def ended(self, on: date) -> "Period":
        """The same period ending on a day, which no longer belongs to it."""
        return Period(self.valid_from, on)

    @classmethod
    def of_months(cls, valid_from: date, months: int) -> "Period":
        """A term of whole months: 1 March for 12 months ends before 1 March of the next year."""
        return cls(valid_from, months_later(valid_from, months))


def months_later(day: date, months: int) -> date:
    """The same day of the month, `months` on (or back where negative); a month too short gives its last day.

    Count from the first day of a series and not from the step before: 31 January, 28 February, 31 March.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_later(day: date, years: int) -> date:
    """The anniversary; 29 February falls on 28 February in a year without it."""
    return months_later(day, 12 * years)


def instalment_days(first: date, *, months_apart: int, count: int) -> list[date]:
    """The days on which a plan's instalments fall due, each counted from the first (features S0-31)."""
    if months_apart < 1 or count < 1:
        raise ValueError(f"Expected 1 month and 1 instalment or more, found {months_apart} and {count}.")
    return [months_later(first, months_apart * place) for place in range(count)]


def whole_months(period: Period) -> int:
    """How many whole months a closed period holds, the rest left out."""
    if period.valid_until is None:
        raise ValueError(f"Expected a period with an end, found one open from {period.valid_from}.")
    start, end = period.valid_from, period.valid_until
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if months_later(start, months) <= end else months - 1


def find_gap(periods: Iterable[Period]) -> Period | None:
    """The first days between the first start and the last end that no period covers; None where they are whole."""
    reached: date | None = None
    for period in sorted(periods, key=lambda one: one.valid_from):
        if reached is not None and period.valid_from > reached:
            return Period(reached, period.valid_from)
        if period.valid_until is None:
            return None
        reached = period.valid_until if reached is None else max(reached, period.valid_until)
    return None
