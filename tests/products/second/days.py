"""Calendar days: moved by months, and counted as an age is counted."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

from tests.products.second.faults import Fault

MOST = 100_000


def whole(number: Decimal) -> int:
    """A whole number of at most 100,000 either way."""
    if number != number.to_integral_value() or abs(number) > MOST:
        raise Fault("whole_number")
    return int(number)


def later_by_days(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise Fault("day_out_of_range") from None


def later_by_months(day: date, months: int) -> date:
    """The same day of a later month, its last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise Fault("day_out_of_range")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(first: date, second: date) -> int:
    """The most months that, added to the first, don't pass the second; minus where the second comes first."""
    if second < first:
        return -months_between(second, first)
    months = (second.year - first.year) * 12 + second.month - first.month
    return months if later_by_months(first, months) <= second else months - 1


def years_between(first: date, second: date) -> int:
    """Months / 12 without the rest."""
    months = months_between(first, second)
    return months // 12 if months >= 0 else -(-months // 12)
