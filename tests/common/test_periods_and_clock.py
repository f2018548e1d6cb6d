"""Half-open periods, ends of months, and the two clocks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.clock import business_day, frozen, now, today
from common.periods import Period, find_gap, instalment_days, months_later, whole_months, years_later

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))


def test_the_last_day_is_the_day_before_the_end():
    year = Period.of_months(date(2026, 1, 1), 12)
    assert (year.valid_until, year.last_day, year.days) == (date(2027, 1, 1), date(2026, 12, 31), 365)
    assert date(2026, 12, 31) in year
    assert date(2027, 1, 1) not in year
    assert date(2999, 1, 1) in Period(date(2026, 1, 1))


def test_a_period_is_never_empty():
    with pytest.raises(ValueError, match="Expected an end after 2026-01-01"):
        Period(date(2026, 1, 1), date(2026, 1, 1))


@given(first=DAYS, length=st.integers(1, 800), second=DAYS, other=st.integers(1, 800))
def test_overlap_means_a_shared_day(first, length, second, other):
    one, two = Period(first, first + timedelta(length)), Period(second, second + timedelta(other))
    shared = one.intersection(two)
    assert one.overlaps(two) == two.overlaps(one) == (shared is not None)
    if shared:
        assert shared.last_day is not None
        assert all(day in one and day in two for day in (shared.valid_from, shared.last_day))


def test_periods_that_touch_do_not_overlap():
    january, february = Period(date(2026, 1, 1), date(2026, 2, 1)), Period(date(2026, 2, 1))
    assert not january.overlaps(february)
    assert find_gap([january, february]) is None
    assert find_gap([january, Period(date(2026, 2, 3))]) == Period(date(2026, 2, 1), date(2026, 2, 3))


def test_short_months_give_their_last_day_and_longer_ones_the_day_again():
    days = instalment_days(date(2026, 1, 31), months_apart=1, count=4)
    assert days == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
    assert years_later(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert months_later(date(2026, 3, 31), -1) == date(2026, 2, 28)
    with pytest.raises(ValueError, match="Expected 1 month"):
        instalment_days(date(2026, 1, 31), months_apart=0, count=4)


@given(day=DAYS, months=st.integers(0, 240))
def test_months_later_lands_in_the_right_month(day, months):
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
    if months:
        assert whole_months(Period(day, later)) == months


def test_the_business_day_is_moved_for_a_twin_only():
    with frozen(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) as moment:
        assert now() == moment
        assert today() == date(2026, 12, 31)
        assert business_day(None, "Europe/Amsterdam") == date(2027, 1, 1)
        assert business_day(date(2030, 6, 1), "Europe/Amsterdam") == date(2030, 6, 1)
        with frozen(date(2020, 1, 1)):
            assert today() == date(2020, 1, 1)
        assert now() == moment
    assert abs(now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_frozen_moment_has_a_zone():
    with pytest.raises(ValueError, match="without one"), frozen(datetime(2026, 1, 1)):
        pass
