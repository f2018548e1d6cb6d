"""What a cell of a file may say: each reader gives the value as text that means one thing, or says what it expected."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from common.errors import BusinessError
from common.text import one_line

Reader = Callable[[str], str]
MOST = Decimal("999999999999.99")
FIRST_YEAR, LAST_YEAR = 1900, 2999
ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
DAY_FIRST = re.compile(r"(?P<day>[0-9]{1,2})([.-])(?P<month>[0-9]{1,2})\2(?P<year>[0-9]{4})")
PLAIN = re.compile(r"[0-9]+")
WITH_CENTS = re.compile(r"(?P<whole>[0-9]+|[0-9]{1,3}(?:(?P<group>[.,])[0-9]{3})+)(?P<point>[.,])(?P<cents>[0-9]{1,2})")
IN_THREES = re.compile(r"[0-9]{1,3}(?P<group>[.,])[0-9]{3}(?:(?P=group)[0-9]{3})+")
MINUS = ("-", "\u2212")


def expected(message: Any, found: str, **params: Any) -> BusinessError:
    """What was expected, and what stands there, cut to what one can read."""
    return BusinessError(message, params={"found": one_line(found, 60), **params})


def text(most: int) -> Reader:
    """One line of at most so many characters."""

    def read(cell: str) -> str:
        line = one_line(cell)
        if len(line) > most:
            message = _("Expected at most %(most)s characters, found %(length)s.")
            raise BusinessError(message, params={"most": most, "length": len(line)})
        return line

    return read


def one_of(words: Iterable[str]) -> Reader:
    """One of a few words, in capitals or not."""
    known = list(words)

    def read(cell: str) -> str:
        word = cell.strip().lower()
        if word not in known:
            raise expected(_("Expected one of %(words)s, found “%(found)s”."), cell, words=", ".join(known))
        return word

    return read


def day(cell: str) -> str:
    """A day as 2026-11-24, 24-11-2026 or 24.11.2026; never with slashes, whose order nobody knows."""
    typed = cell.strip()
    match = ISO.fullmatch(typed) or DAY_FIRST.fullmatch(typed)
    if match is None:
        raise expected(_("Expected a day such as 2026-11-24 or 24-11-2026, found “%(found)s”."), cell)
    try:
        found = date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        raise expected(_("Expected a day of the calendar, found “%(found)s”."), cell) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        message = _("Expected a year from %(first)s to %(last)s, found “%(found)s”.")
        raise expected(message, cell, first=FIRST_YEAR, last=LAST_YEAR)
    return found.isoformat()


def amount(cell: str) -> str:
    """An amount in the company's currency: 1234.56, 1.234,56 or 1,234.56. What can be read in two ways is refused:
    1.234 may be a thousand or one and a bit.
    """
    typed = cell.strip().replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    negative = typed[:1] in MINUS
    digits = typed[1:] if negative else typed
    match = WITH_CENTS.fullmatch(digits)
    if match and match["group"] != match["point"]:
        whole, cents = re.sub(r"[.,]", "", match["whole"]), match["cents"]
    elif PLAIN.fullmatch(digits) or IN_THREES.fullmatch(digits):
        whole, cents = re.sub(r"[.,]", "", digits), "0"
    else:
        raise expected(_("Expected an amount such as 1234.56 or 1.234,56, found “%(found)s”."), cell)
    if len(whole) > 15 or Decimal(f"{whole}.{cents}") > MOST:
        raise expected(_("Expected an amount of at most %(most)s, found “%(found)s”."), cell, most=MOST)
    value = Decimal(f"{whole}.{cents}").quantize(Decimal("0.01"))
    return str(-value if negative and value else value)


def email(cell: str) -> str:
    """An e-mail address, in small letters."""
    address = cell.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise expected(_("Expected an e-mail address, found “%(found)s”."), cell) from None
    return text(254)(address)


def country(cell: str) -> str:
    """Two letters, such as NL."""
    code = cell.strip().upper()
    if not re.fullmatch(r"[A-Z]{2}", code):
        raise expected(_("Expected two letters, such as NL or DE, found “%(found)s”."), cell)
    return code


def iban(cell: str) -> str:
    """An account number whose check digits are right, without blanks."""
    plain = re.sub(r"\s", "", cell).upper()
    if re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", plain):
        figures = "".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])
        if int(figures) % 97 == 1:
            return plain
    raise expected(_("Expected an IBAN, found “%(found)s”, whose check digits aren't right."), cell)


language = one_of(code for code, _name in settings.LANGUAGES)
