"""Template filters that write values in the active language, and the pieces of the widgets that need Python."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template

from common import formats

register = template.Library()


@register.filter
def money(value: Decimal | int | None, currency: str = "EUR") -> str:
    """`{{ premium|money }}` in a sentence, with the currency's sign."""
    return formats.money(value, currency or "EUR")


@register.filter
def whole_money(value: Decimal | int | None, currency: str = "EUR") -> str:
    """`{{ limit|whole_money }}`: an insured sum without cents where it is whole."""
    return formats.whole_money(value, currency or "EUR")


@register.filter
def amount(value: Decimal | int | None) -> str:
    """`{{ premium|amount }}` in a column whose head names the currency."""
    return formats.amount(value)


@register.filter
def percent(rate: Decimal | int | None) -> str:
    """`{{ rate|percent }}`: 0.21 is 21 %."""
    return formats.percent(rate)


@register.filter
def per_mille(rate: Decimal | int | None) -> str:
    """`{{ rate|per_mille }}`: 0.00245 is 2.45 ‰."""
    return formats.per_mille(rate)


@register.filter
def number(value: Decimal | int | None) -> str:
    """`{{ count|number }}`: thousands, no needless decimals."""
    return formats.number(value)


@register.filter
def day(value: date | None) -> str:
    """`{{ starts|day }}` in lists and facts."""
    return formats.day(value)


@register.filter
def day_in_prose(value: date | None) -> str:
    """`{{ starts|day_in_prose }}` in sentences."""
    return formats.day_in_prose(value)


@register.filter
def day_with_weekday(value: date | None) -> str:
    """`{{ business_day|day_with_weekday }}` in the top bar."""
    return "" if value is None else formats.day_with_weekday(value)


@register.filter
def from_today(value: date | None, today: date) -> str:
    """`{{ renews|from_today:today }}`: the day, with “in 3 days” where it lies under a week ahead."""
    return formats.day_and_distance(value, today=today)


@register.filter
def moment(value: datetime | None) -> str:
    """`{{ recorded_at|moment }}` in the active time zone."""
    return formats.moment(value)


@register.filter
def iban(value: str | None) -> str:
    """`{{ account|iban }}` in groups of four."""
    return formats.iban(value)


@register.filter
def sign(value: Any) -> str:
    """The class of an amount: `neg` below zero, `zero` at zero, nothing above."""
    if value is None or value > 0:
        return ""
    return "neg" if value < 0 else "zero"
