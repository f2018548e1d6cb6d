"""Ends of months, and the two clocks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.clock import business_day, frozen, now, today
from common.periods import months_later

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))


def test_short_months_give_their_last_day_and_longer_ones_the_day_again():
    days = [months_later(date(2026, 1, 31), place) for place in range(4)]
    assert days == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
    assert months_later(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_later(date(2026, 3, 31), -1) == date(2026, 2, 28)


@given(day=DAYS, months=st.integers(0, 240))
def test_months_later_lands_in_the_right_month(day, months):
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


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
