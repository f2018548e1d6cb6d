"""The one place that reads the clock (DESIGN section 4, two clocks).

`now()` and `today()` are the real clock, for sessions, codes, links and `recorded_at`; it never moves. `business_day()`
is the day a company works in: the real one at its place, or the day its rehearsal twin was moved to. Views, jobs and
commands read it once and pass it on as `on`; rules and services never call this module. Tests stop it with `frozen()`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_stopped_at: datetime | None = None  # of the process and not of a thread, so that a test's live server stands still too


def now() -> datetime:
    """The real moment, in UTC."""
    return _stopped_at or datetime.now(UTC)


def today(zone: ZoneInfo | str = "UTC") -> date:
    """The real day at a place."""
    return day_at(now(), zone)


def day_at(moment: datetime, zone: ZoneInfo | str) -> date:
    """The real day of a moment at a place."""
    return moment.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone).date()


def business_day(company_day: date | None, zone: ZoneInfo | str) -> date:
    """The day on which a company works: the one its rehearsal twin stands on, else the real day in its time zone."""
    return company_day if company_day is not None else today(zone)


@contextmanager
def frozen(at: date | datetime) -> Iterator[datetime]:
    """Stop the clock of this process at a moment with a zone, or at noon UTC of a day; on leaving it runs again."""
    global _stopped_at
    if isinstance(at, datetime):
        if at.tzinfo is None:
            raise ValueError(f"Expected a moment with a time zone, found {at.isoformat()} without one.")
        moment = at.astimezone(UTC)
    else:
        moment = datetime.combine(at, time(12), tzinfo=UTC)
    before, _stopped_at = _stopped_at, moment
    try:
        yield moment
    finally:
        _stopped_at = before
