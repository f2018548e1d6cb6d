"""Money to the cent: one rounding, and the ways to divide an amount so that the parts are the whole (DESIGN section 4).

Amounts are `Decimal` in the company's one currency, two decimals. Every division works on the magnitude and puts the
sign back, so that a credit note mirrors its invoice. Wrong use by code raises `TypeError` or `ValueError`; what was
typed raises `AmountError` with a sentence for the screen.
"""

import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from typing import NoReturn

from django.utils.translation import gettext_lazy as _

from common.errors import BusinessError
from common.languages import base_language

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
_LARGEST_EXPONENT = 40  # weights beyond 1e40 or below 1e-40 are refused: exact fractions of them cost seconds


def cents(value: Decimal | int) -> Decimal:
    """Round to whole cents, half away from zero: 0.125 is 0.13 and -0.125 is -0.13.

    Refuses a float, infinity, not-a-number and anything with more than 58 digits before the point.
    """
    if not isinstance(value, (Decimal, int)):
        raise TypeError(f"Expected a Decimal amount, found {type(value).__name__}.")
    amount = Decimal(value)
    if not amount.is_finite():
        raise ValueError(f"Expected a finite amount, found {amount}.")
    try:
        rounded = amount.quantize(CENT, context=_WIDE)
    except InvalidOperation:
        raise ValueError(f"Expected an amount of at most 58 digits, found one of {amount.adjusted() + 1}.") from None
    return rounded or ZERO


def split(total: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """Divide an amount among shares at one moment: insurers, commission, components (largest remainder).

    Each part is floored to the cent on the magnitude; the left-over cents go to the largest remainders, the earlier one
    first where they are equal. The parts sum to the total exactly, and `split(-x)` mirrors `split(x)`.
    """
    sign, pence = _pence(total)
    shares = _weights(weights)
    exact = [pence * share / sum(shares) for share in shares]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in by_remainder[: pence - sum(parts)]:
        parts[place] += 1
    return _amounts(sign, parts)


def spread(total: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """Divide an amount over time by cumulative rounding: months, days, earning periods.

    The parts up to any moment sum to the rounded exact share at that moment, so no difference ever piles up; parts of
    equal weight differ by at most a cent.
    """
    sign, pence = _pence(total)
    shares = _weights(weights)
    whole, seen, taken, parts = sum(shares), Fraction(0), 0, []
    for share in shares:
        seen += share
        reached = _half_up(pence * seen / whole)
        parts.append(reached - taken)
        taken = reached
    return _amounts(sign, parts)


class Division(StrEnum):
    """How a payment plan divides a premium: data of a product, not code (products/README, payment plans)."""

    CUMULATIVE = "cumulative"  # no instalment differs from another by more than a cent
    LAST_TAKES_REST = "last_takes_rest"  # all alike, the last one makes up the difference
    BALANCE_ANEW = "balance_anew"  # what is still open is divided again at each instalment
    DEPOSIT = "deposit"  # some months at once, then the balance anew


def cumulative(total: Decimal, count: int) -> list[Decimal]:
    """Divide into equal instalments by cumulative rounding: 100.00 in 3 is 33.33, 33.34, 33.33."""
    return spread(total, [1] * _count(count))


def last_takes_rest(total: Decimal, count: int) -> list[Decimal]:
    """Each instalment is the rounded share, the last takes the difference: 131.96 in 12 is 11 times 11.00, then 10.96.

    No instalment gets the opposite sign: where rounding up would overrun a tiny total, the later ones are zero.
    """
    sign, pence = _pence(total)
    each, parts, left = _half_up(Fraction(pence, _count(count))), [], pence
    for _place in range(count - 1):
        parts.append(min(each, left))
        left -= parts[-1]
    return _amounts(sign, [*parts, left])


def balance_anew(
    total: Decimal, count: int, *, at_least: Decimal = ZERO, last_at_least: Decimal = ZERO
) -> list[Decimal]:
    """Each instalment is the open balance divided by the instalments that remain, rounded; the last takes what is left.

    `at_least` raises every instalment but the last to that minimum; a last one under `last_at_least` joins the one
    before, so fewer instalments than `count` may come back: 80.00 in 4 with 25.00 and 10.00 is 25.00, 25.00, 30.00.
    """
    sign, pence = _pence(total)
    floor, last_floor = _pence(at_least)[1], _pence(last_at_least)[1]
    parts = _anew(pence, _count(count), floor=floor)
    if len(parts) > 1 and parts[-1] < last_floor:
        last = parts.pop()
        parts[-1] += last
    return _amounts(sign, parts or [0])


def deposit(total: Decimal, count: int, *, down: int) -> list[Decimal]:
    """`down` of `count` shares are paid at once, each rounded, then the balance anew over the shares that remain.

    787.00 in 12 with 2 down: 131.16 (twice 65.58), then ten instalments of the balance; `count - down + 1` parts.
    """
    if not 1 <= down < _count(count):
        raise ValueError(f"Expected a deposit of 1 to {count - 1} shares of {count}, found {down}.")
    sign, pence = _pence(total)
    first = min(pence, down * _half_up(Fraction(pence, count)))
    return _amounts(sign, [first, *_anew(pence - first, count - down)])


def divide(total: Decimal, count: int, *, rule: Division | str, down: int = 1) -> list[Decimal]:
    """Divide a premium into a plan's instalments by the rule that stands in the product; `down` serves `deposit`."""
    if Division(rule) is Division.DEPOSIT:
        return deposit(total, count, down=down)
    rules: dict[Division, Callable[[Decimal, int], list[Decimal]]] = {
        Division.CUMULATIVE: cumulative,
        Division.LAST_TAKES_REST: last_takes_rest,
        Division.BALANCE_ANEW: balance_anew,
    }
    return rules[Division(rule)](total, count)


def _anew(left: int, count: int, *, floor: int = 0) -> list[int]:
    """Open cents divided by the instalments that remain; with a floor it ends as soon as nothing is left."""
    parts: list[int] = []
    for remaining in range(count, 0, -1):
        if floor and not left:
            break
        parts.append(left if remaining == 1 else min(left, max(floor, _half_up(Fraction(left, remaining)))))
        left -= parts[-1]
    return parts


def _pence(amount: Decimal) -> tuple[int, int]:
    """The sign (1 or -1) and the magnitude in whole cents; refuses fractions of a cent."""
    whole = cents(amount)
    if whole != amount:
        raise ValueError(f"Expected an amount in whole cents, found {amount}.")
    return (-1 if whole < 0 else 1), int(abs(whole).scaleb(2, context=_WIDE))


def _amounts(sign: int, pence: Sequence[int]) -> list[Decimal]:
    """Whole cents back to signed amounts, each with two decimals and without a negative zero."""
    return [Decimal(sign * part).scaleb(-2, context=_WIDE) if part else ZERO for part in pence]


def _weights(weights: Sequence[Decimal | int]) -> list[Fraction]:
    if not weights:
        raise ValueError("Expected at least one weight, found none.")
    shares = [_weight(weight) for weight in weights]
    if not sum(shares):
        raise ValueError("Expected a weight above zero, found only zeros.")
    return shares


def _weight(weight: Decimal | int) -> Fraction:
    if not isinstance(weight, (Decimal, int)):
        raise TypeError(f"Expected a Decimal weight, found {type(weight).__name__}.")
    value = Decimal(weight)
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or value < 0:
        raise ValueError(f"Expected a weight of zero or more, found {value}.")
    if exponent < -_LARGEST_EXPONENT or (value and value.adjusted() > _LARGEST_EXPONENT):
        raise ValueError(f"Expected a weight between 1e-{_LARGEST_EXPONENT} and 1e{_LARGEST_EXPONENT}, found {value}.")
    return Fraction(value)


def _count(count: int) -> int:
    if count < 1:
        raise ValueError(f"Expected 1 instalment or more, found {count}.")
    return count


def _half_up(value: Fraction) -> int:
    """Whole number nearest to a fraction of zero or more, a half upwards."""
    return int(value + Fraction(1, 2))


class AmountError(BusinessError):
    """What a person typed isn't an amount; `str()` tells what was expected and what was found, and where."""

    default_code = "amount"


_DECIMAL_AND_GROUP = {"nl": (",", "."), "de": (",", "."), "en": (".", ",")}
_EXAMPLE = {"nl": "1.234,50", "de": "1.234,50", "en": "1,234.50"}
_CURRENCY = re.compile(r"(?:EUR|USD|GBP|CHF|[€$£])", re.IGNORECASE)
_SPACES = " \u00a0\u202f"
_MINUS = "-\u2212\u2013"
_MOST_DIGITS = 12  # before the separator, as in Decimal(14, 2)


def parse_amount(text: str, language: str | None = None) -> Decimal:
    """Read an amount as people write it in nl, de or en: "€ 1.234,50", "−47,29", "1,234.50 EUR".

    `language` is by default the active one. Takes a currency before or after, thousands in threes (with the language's
    sign or a space) and one or two decimals. Raises `AmountError`: nothing is guessed, "12.50" in Dutch is refused.
    """
    spoken = base_language(language)
    typed = text.strip()
    if not typed:
        raise AmountError(_("Expected an amount, found nothing."))
    if len(typed) > 40:
        raise AmountError(
            _("Expected an amount, found a text of %(length)s characters."), params={"length": len(typed)}
        )
    point, group = _DECIMAL_AND_GROUP[spoken]
    number, start = _without_currency(typed)
    negative = number[:1] in tuple(_MINUS)
    digits = number[1:] if negative else number
    _check_characters(typed, digits, start + negative, allowed=point + group)
    pattern = rf"(\d{{1,3}}(?:[{re.escape(group)}{_SPACES}]\d{{3}})+|\d+)(?:{re.escape(point)}(\d{{1,2}}))?"
    found = re.fullmatch(pattern, digits.strip(_SPACES), re.ASCII)
    if not found:
        raise AmountError(
            _("Expected an amount such as %(example)s, found “%(text)s”."),
            params={"example": _EXAMPLE[spoken], "text": typed},
        )
    whole = re.sub(r"\D", "", found[1]).lstrip("0") or "0"
    if len(whole) > _MOST_DIGITS:
        params: dict[str, object] = {"most": _MOST_DIGITS, "found": len(whole), "text": typed}
        message = _("Expected an amount of at most %(most)s digits before the cents, found %(found)s in “%(text)s”.")
        raise AmountError(message, params=params)
    amount = cents(Decimal(f"{whole}.{found[2] or '0'}"))
    return -amount if negative and amount else amount


def _without_currency(typed: str) -> tuple[str, int]:
    """The text without one currency in front, behind its sign or at the end, and where the rest starts."""
    at_front = re.match(rf"{_CURRENCY.pattern}[{_SPACES}]*", typed, re.IGNORECASE)
    if at_front:
        return typed[at_front.end() :], at_front.end()
    behind_sign = re.match(rf"([{_MINUS}])[{_SPACES}]*{_CURRENCY.pattern}[{_SPACES}]*", typed, re.IGNORECASE)
    if behind_sign:
        return behind_sign[1] + typed[behind_sign.end() :], behind_sign.end() - 1
    at_end = re.search(rf"[{_SPACES}]*{_CURRENCY.pattern}$", typed, re.IGNORECASE)
    return (typed[: at_end.start()] if at_end else typed), 0


def _check_characters(typed: str, digits: str, start: int, *, allowed: str) -> None:
    for place, character in enumerate(digits, start=start + 1):
        if not (character in allowed + _SPACES or character in "0123456789"):
            _refuse_character(typed, character, place)


def _refuse_character(typed: str, character: str, place: int) -> NoReturn:
    params = {"text": typed, "character": character, "place": place}
    if character.isalpha():
        message = _("Expected an amount, found “%(text)s” with the letter %(character)s in place %(place)s.")
    else:
        message = _("Expected an amount, found “%(text)s” with the character “%(character)s” in place %(place)s.")
    raise AmountError(message, params=params)
