"""Working days by the calendar of a country: weekends, fixed days, days that move with Easter, days observed."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies

from common.working_days import is_working_day, working_days_later

COUNTRIES = ["NL", "DE", "US"]


@pytest.mark.parametrize(
    ("country", "since", "count", "by"),
    [
        ("NL", "2026-06-05", 1, "2026-06-08"),  # a Friday
        ("NL", "2026-04-24", 1, "2026-04-28"),  # the King's day is a Monday
        ("NL", "2026-05-13", 1, "2026-05-15"),  # Ascension Day
        ("NL", "2026-12-24", 3, "2026-12-30"),  # Christmas on a Friday and a Saturday
        ("DE", "2026-04-30", 1, "2026-05-04"),  # Labour Day is a Friday
        ("DE", "2026-04-02", 3, "2026-04-09"),  # Good Friday to Easter Monday
        ("DE", "2026-12-31", 10, "2027-01-15"),  # into a year that wasn't asked for before
        ("US", "2026-07-02", 1, "2026-07-06"),  # the 4th is a Saturday, observed on Friday
        ("US", "2026-11-25", 1, "2026-11-27"),  # Thanksgiving
        ("NL", "2026-11-25", 1, "2026-11-26"),
        ("XX", "2026-12-24", 1, "2026-12-25"),  # a country without a calendar has weekends
    ],
)
def test_a_promise_of_working_days_ends_on(country: str, since: str, count: int, by: str) -> None:
    assert working_days_later(date.fromisoformat(since), count, country=country) == date.fromisoformat(by)


@given(
    since=strategies.dates(date(2000, 1, 1), date(2060, 12, 31)),
    count=strategies.integers(1, 15),
    country=strategies.sampled_from(COUNTRIES),
)
def test_exactly_so_many_working_days_lie_behind_it(since: date, count: int, country: str) -> None:
    by = working_days_later(since, count, country=country)
    days = [since + timedelta(days=place) for place in range(1, (by - since).days + 1)]
    assert is_working_day(by, country=country)
    assert sum(is_working_day(day, country=country) for day in days) == count
