"""The functions of plain values."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tests.products.second import days
from tests.products.second.figures import combined, to_multiple


def total(values: Sequence[Decimal]) -> Decimal:
    """The sum from left to right; 0 of none."""
    found = Decimal(0)
    for value in values:
        found = combined("+", found, value)
    return found


PLAIN: dict[str, Callable[..., Any]] = {
    "min": min,
    "max": max,
    "abs": lambda x: x.copy_abs(),
    "round": lambda x, to: to_multiple(x, to),
    "round_up": lambda x, to: to_multiple(x, to, "up"),
    "round_down": lambda x, to: to_multiple(x, to, "down"),
    "round_half_even": lambda x, to: to_multiple(x, to, "half_even"),
    "money": lambda x: x,
    "number": lambda x: x,
    "date": date.fromisoformat,
    "years_between": lambda a, b: Decimal(days.years_between(a, b)),
    "months_between": lambda a, b: Decimal(days.months_between(a, b)),
    "days_between": lambda a, b: Decimal((b - a).days),
    "add_days": lambda day, n: days.later_by_days(day, days.whole(n)),
    "add_months": lambda day, n: days.later_by_months(day, days.whole(n)),
    "add_years": lambda day, n: days.later_by_months(day, 12 * days.whole(n)),
    "year": lambda day: Decimal(day.year),
    "month": lambda day: Decimal(day.month),
    "day": lambda day: Decimal(day.day),
    "count": lambda several: Decimal(len(several)),
    "contains": lambda several, *keys: all(key in several for key in keys),
    "all_of": lambda several, *keys: all(key in several for key in keys),
    "any_of": lambda several, *keys: any(key in several for key in keys),
    "only": lambda several, *keys: all(key in keys for key in several),
    "length": lambda text: Decimal(len(text)),
    "starts_with": lambda text, start: text.startswith(start),
    "total": total,
}
