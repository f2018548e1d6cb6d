"""Days on which a company works: neither a weekend nor a public holiday of its country."""

from collections.abc import Container
from datetime import date, timedelta
from functools import cache

import holidays

SATURDAY = 5


@cache
def public_holidays(country: str) -> Container[date]:
    """The nationwide public holidays of a country (ISO 3166), of any year; none where the country isn't known.

    Holidays of a state or province alone are left out: a company's row doesn't say in which it sits.
    """
    try:
        return holidays.country_holidays(country)
    except NotImplementedError:
        return frozenset()


def is_working_day(day: date, *, country: str) -> bool:
    """Whether people work on a day in a country."""
    return day.weekday() < SATURDAY and day not in public_holidays(country)


def working_days_later(day: date, count: int, *, country: str) -> date:
    """The working day that is `count` working days after a day, which itself isn't counted."""
    left = count
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day, country=country)
    return day
