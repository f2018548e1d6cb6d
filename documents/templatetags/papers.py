"""Filters of the printed documents: amounts, days and rates in the language of the document, by common.formats."""

import re
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django import template

from common import formats
from documents.rendering.parts import Value
from documents.rendering.qr import Drawing, Transfer, epc_drawing

register = template.Library()

register.filter("iban", formats.iban)
GROUP = 4
NO_CENTS = re.compile(r"[.,]00(?!\d)")  # the cents, never the thousands of 500,000


@register.filter
def money(value: Decimal, currency: str) -> str:
    """An amount with its currency and always two decimals: € 167,17."""
    return formats.money(value, currency)


@register.filter
def whole(value: Value, currency: str) -> str:
    """A sum insured: without cents where it has none (€ 8.500); words and days stand as they are."""
    if isinstance(value, Decimal):
        written = formats.money(value, currency)
        return NO_CENTS.sub("", written)
    return shown(value)


@register.filter
def shown(value: Value) -> str:
    """A value of a fact: a day in prose, anything else as it stands."""
    return formats.day_in_prose(value) if isinstance(value, date) else str(value)


@register.filter
def prose(value: date) -> str:
    """A day in a sentence: 15 december 2026."""
    return formats.day_in_prose(value)


@register.filter
def short(value: date) -> str:
    """A day in a table or a key figure: 15 dec. 2026."""
    return formats.day(value)


@register.filter
def moment(value: datetime, zone: str) -> str:
    """A moment in the company's own time: 18 nov. 2026, 14:27."""
    return formats.moment(value, ZoneInfo(zone))


@register.filter
def zone(value: datetime, zone: str) -> str:
    """The name of the company's own time: Midden-Europese standaardtijd."""
    return formats.zone_name(value, ZoneInfo(zone))


@register.filter
def rate(value: Decimal) -> str:
    """A rate as a percentage: Decimal("0.21") is 21 %."""
    return formats.percent(value)


@register.filter
def in_fours(value: str) -> str:
    """A reference or a hash in groups of four signs, so that it can be read out; a number of ours stands as it is."""
    if "-" in value:
        return value
    plain = "".join(value.split())
    return formats.NO_BREAK.join(plain[place : place + GROUP] for place in range(0, len(plain), GROUP))


@register.filter
def qr(value: Transfer) -> Drawing:
    """The drawing of the code that a banking app reads as this transfer."""
    return epc_drawing(value)
