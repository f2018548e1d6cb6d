"""How values look in nl, de and en, exactly as the visual language says: true minus (U+2212), no-break spaces,
two decimals always, thousands always, zero is 0.00, unknown (None) is an empty text.

Every function takes `language`, by default the active translation. Amounts are rounded to the cent for reading only.
English days and times follow the country for which is written (`written_for`): the United States have their own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_timezone_name
from babel.numbers import get_currency_symbol
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from common.languages import base_language
from common.money import cents

MINUS = "\u2212"
NO_BREAK = "\u00a0"
_CONTINENTAL = str.maketrans(",.", ".,")
_US = "en_US"
_DAY = {"nl": "d MMM y", "de": "dd.MM.y", "en": "d MMM y", _US: "MMM d, y"}
_DAY_IN_PROSE = {"nl": "d MMMM y", "de": "d. MMMM y", "en": "d MMMM y", _US: "MMMM d, y"}
_WEEKDAY = {"nl": "EEE", "de": "EEEEEE", "en": "EEE", _US: "EEE,"}
_COUNTRY: ContextVar[str] = ContextVar("country", default="")


@contextmanager
def written_for(country: str) -> Iterator[None]:
    """What is written within is for the people of a country (its code): November 24, 2026 in the United States."""
    before = _COUNTRY.set(country)
    try:
        yield
    finally:
        _COUNTRY.reset(before)


def _calendar(language: str | None) -> str:
    """By whose custom days and times are written."""
    spoken = base_language(language)
    return _US if spoken == "en" and _COUNTRY.get() == "US" else spoken


def amount(value: Decimal | int | None, language: str | None = None) -> str:
    """An amount in a column, the currency stands in its head: 1.234,50 in nl and de, 1,234.50 in en; −47,29."""
    if value is None:
        return ""
    rounded = cents(value)
    return (MINUS if rounded < 0 else "") + _written(f"{abs(rounded):,.2f}", base_language(language))


def money(value: Decimal | int | None, currency: str = "EUR", language: str | None = None) -> str:
    """Money in a sentence: € 1.234,50 in nl, 1.234,50 € in de, €1,234.50 in en; `currency` is the ISO 4217 code."""
    if value is None:
        return ""
    spoken = base_language(language)
    symbol = currency_sign(currency, spoken)
    figure = amount(value, spoken)
    if spoken == "de":
        return f"{figure}{NO_BREAK}{symbol}"
    if spoken == "nl":
        return f"{symbol}{NO_BREAK}{figure}"
    gap = NO_BREAK if symbol[-1].isalpha() else ""
    sign, magnitude = (MINUS, figure[1:]) if figure.startswith(MINUS) else ("", figure)
    return f"{sign}{symbol}{gap}{magnitude}"


def currency_sign(currency: str, language: str | None = None) -> str:
    """The sign of a currency as readers of the language know it: € for EUR, $ or US$ for USD."""
    return str(get_currency_symbol(currency, locale=base_language(language)))


def whole_money(value: Decimal | int | None, currency: str = "EUR", language: str | None = None) -> str:
    """An insured sum or a limit as customers read it: € 85.000 where it is whole, else as `money`."""
    if value is None or cents(value) % 1:
        return money(value, currency, language)
    spoken = base_language(language)
    point = "." if spoken == "en" else ","
    return money(value, currency, spoken).replace(f"{point}00", "", 1)


def percent(rate: Decimal | int | None, language: str | None = None) -> str:
    """A rate as a percentage: Decimal("0.21") is 21 %, Decimal("0.045") is 4,5 % in nl; no digit is rounded away."""
    return _rate(rate, 2, "%", language)


def per_mille(rate: Decimal | int | None, language: str | None = None) -> str:
    """A rate per thousand: Decimal("0.00245") is 2,45 ‰ in nl and de, 2.45 ‰ in en."""
    return _rate(rate, 3, "‰", language)


def number(value: Decimal | int | None, language: str | None = None) -> str:
    """A count or measure, thousands always, decimals as they are without trailing zeros: 75.000 in nl, 12,5."""
    if value is None:
        return ""
    plain = f"{abs(value):,f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return (MINUS if value < 0 else "") + _written(plain, base_language(language))


def day(value: date | None, language: str | None = None) -> str:
    """A day in a list or a fact: 24 nov. 2026 (nl), 24.11.2026 (de), 24 Nov 2026 (en), Nov 24, 2026 (en, US)."""
    if value is None:
        return ""
    return _day(value, _calendar(language))


@lru_cache(4096)  # a list shows the same days in row after row
def _day(value: date, custom: str) -> str:
    written = format_date(value, _DAY[custom], locale=custom)
    if custom == "nl" and value.month != 5:  # mei is whole, the other months are cut and get a point
        head, year = written.rsplit(" ", 1)
        written = f"{head}. {year}"
    return written.replace(" ", NO_BREAK)


def day_with_weekday(value: date, language: str | None = None) -> str:
    """The business day in the top bar: di 24 nov. 2026 (nl), Di 24.11.2026 (de), Tue 24 Nov 2026 (en)."""
    custom = _calendar(language)
    weekday = format_date(value, _WEEKDAY[custom], locale=custom).rstrip(".")
    return f"{weekday}{NO_BREAK}{_day(value, custom)}"


def day_in_prose(value: date | None, language: str | None = None) -> str:
    """A day in a sentence or a letter: 24 november 2026 (nl), 24. November 2026 (de), 24 November 2026 (en)."""
    if value is None:
        return ""
    custom = _calendar(language)
    return format_date(value, _DAY_IN_PROSE[custom], locale=custom).replace(" ", NO_BREAK)


def distance(value: date, *, today: date, language: str | None = None) -> str:
    """How far a day under 7 days ahead lies: today, tomorrow, in 3 days; empty for a day further off or past."""
    ahead = (value - today).days
    if not 0 <= ahead < 7:
        return ""
    with translation.override(base_language(language)):
        if ahead == 0:
            return gettext("today")
        if ahead == 1:
            return gettext("tomorrow")
        return ngettext("in %(count)s day", "in %(count)s days", ahead) % {"count": ahead}


def day_and_distance(value: date | None, *, today: date, language: str | None = None) -> str:
    """A day with its distance where it lies under 7 days ahead: 27 Nov 2026, in 3 days."""
    if value is None:
        return ""
    away = distance(value, today=today, language=language)
    return f"{day(value, language)}, {away}" if away else day(value, language)


def moment(value: datetime | None, zone: ZoneInfo | str | None = None, language: str | None = None) -> str:
    """A moment in a place's own time: 24 Nov 2026, 14:00 (14:00 Uhr in de); `zone` by default the active one.

    The moment must know its zone; one without raises ValueError.
    """
    if value is None:
        return ""
    local = _local(value, zone)
    return f"{day(local.date(), language)}, {_clock(local, language)}"


def zone_name(value: datetime, zone: ZoneInfo, language: str | None = None) -> str:
    """A place's own time at a moment, as its people call it: Midden-Europese standaardtijd, Central Standard Time."""
    return get_timezone_name(value.astimezone(zone), locale=base_language(language))


def time_of_day(value: datetime | None, zone: ZoneInfo | str | None = None, language: str | None = None) -> str:
    """Hour and minute of a moment in a place's own time: 14:00, in German 14:00 Uhr, in the United States 2:00 PM."""
    return "" if value is None else _clock(_local(value, zone), language)


def language_name(code: str, language: str | None = None) -> str:
    """A language as the reader calls it: nl is Dutch, Nederlands, Niederländisch; one that nobody knows, its code."""
    return str(Locale.parse(base_language(language)).languages.get(code, code.upper()))


def country_name(code: str, language: str | None = None) -> str:
    """A country as the reader calls it: DE is Germany, Duitsland, Deutschland."""
    return str(Locale.parse(base_language(language)).territories.get(code, code))


def iban(value: str | None) -> str:
    """An account number in groups of four with no-break spaces: NL00 DEMO 0123 4567 89."""
    plain = "".join((value or "").split()).upper()
    return NO_BREAK.join(plain[place : place + 4] for place in range(0, len(plain), 4))


def street_line(street: str, house_number: str, country: str) -> str:
    """Street and house number in the order of the country's post: Dorpsstraat 12, in the US 1207 Elm Street."""
    parts = (house_number, street) if country == "US" else (street, house_number)
    return " ".join(part for part in parts if part)


def town_line(postcode: str, city: str, country: str) -> str:
    """Postcode and town in the order of the country's post; Dutch ones stand two blanks apart on an envelope."""
    parts = (city, postcode) if country == "US" else (postcode, city)
    return ("  " if country == "NL" else " ").join(part for part in parts if part)


def name_in_list(*, family: str, given: str = "", prefix: str = "") -> str:
    """A person in a list, found by the family name: Verbruggen, Sanne; Wit, Joris de."""
    rest = " ".join(part for part in (given.strip(), prefix.strip()) if part)
    return f"{family.strip()}, {rest}" if rest else family.strip()


def name_in_text(*, family: str, given: str = "", prefix: str = "") -> str:
    """A person everywhere else: Sanne Verbruggen; Joris de Wit."""
    return " ".join(part for part in (given.strip(), prefix.strip(), family.strip()) if part)


def initials(name: str) -> str:
    """First letters of the first and the last name for the small round mark: Maud Terwiel is MT."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalpha()]
    picked = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0] for word in picked).upper()


def _written(plain: str, spoken: str) -> str:
    return plain if spoken == "en" else plain.translate(_CONTINENTAL)


def _rate(rate: Decimal | int | None, places: int, sign: str, language: str | None) -> str:
    if rate is None:
        return ""
    return f"{number(Decimal(rate).scaleb(places), language)}{NO_BREAK}{sign}"


def _local(value: datetime, zone: ZoneInfo | str | None) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"Expected a moment with a time zone, found {value.isoformat()} without one.")
    place = ZoneInfo(zone) if isinstance(zone, str) else zone
    return value.astimezone(place or timezone.get_current_timezone())


def _clock(local: datetime, language: str | None) -> str:
    custom = _calendar(language)
    written = format_time(local.time(), "h:mm a" if custom == _US else "HH:mm", locale=custom).replace(" ", NO_BREAK)
    return f"{written}{NO_BREAK}Uhr" if custom == "de" else written
