"""Numbers of the product language: Decimals within bounds, read from text, never from a float (traps 17)."""

from __future__ import annotations

import re
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Clamped,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    Subnormal,
    Underflow,
)
from typing import Any

from common.money import CENT, cents
from products.language.errors import BudgetExceeded, EvaluationError
from products.language.limits import EXPONENT, LITERAL_DIGITS, PRECISION

CONTEXT = Context(
    prec=PRECISION,
    rounding=ROUND_HALF_UP,
    Emin=-EXPONENT,
    Emax=EXPONENT,
    traps=[Overflow, Underflow, Subnormal, InvalidOperation, DivisionByZero],
    flags=[],
)
MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "up": ROUND_UP, "down": ROUND_DOWN}
LARGEST_AMOUNT = Decimal("999999999999.99")
_PLAIN = re.compile(rf"-?(\d{{1,{LITERAL_DIGITS}}})(?:\.(\d{{1,{LITERAL_DIGITS}}}))?", re.ASCII)


def read_number(value: Any) -> Decimal | None:
    """A Decimal from plain text ("1250.00") or a whole number; None for floats, exponents and too many digits."""
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        return None
    if isinstance(value, int) and abs(value) >= 10**LITERAL_DIGITS:
        return None
    if isinstance(value, Decimal) and not (value.is_finite() and abs(value.adjusted()) <= LITERAL_DIGITS):
        return None
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    found = _PLAIN.fullmatch(text)
    if not found or len(found[1]) + len(found[2] or "") > LITERAL_DIGITS:
        return None
    return Decimal(text)


def plain(value: Decimal) -> str:
    """A number as text without exponent and trailing zeros: 9.70 is "9.7", 21 is "21"."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def amount_text(value: Decimal) -> str:
    """An amount as text with two decimals, or with all it has where it isn't rounded yet."""
    return f"{value:.2f}" if value == cents(value) else plain(value)


def round_to(value: Decimal, to: Decimal, mode: str = "half_up") -> Decimal:
    """Round to a multiple of `to` (0.01, 1, 1000) by `half_up`, `half_even`, `up` or `down`, all on the magnitude."""
    if to == CENT and mode == "half_up":
        return cents(value)
    if to <= 0:
        raise EvaluationError(
            "rounding_step", f"Expected a rounding step above zero, found {plain(to)}.", found=plain(to)
        )
    try:
        count = CONTEXT.divide(value, to).quantize(Decimal(1), rounding=MODES[mode], context=CONTEXT)
        return CONTEXT.multiply(count, to)
    except DecimalException as error:
        raise refusal(error) from None


def refusal(error: DecimalException) -> EvaluationError:
    """The error of a calculation that divided by zero or left the bounds."""
    if isinstance(error, DivisionByZero) or "DivisionUndefined" in repr(error.args):
        return EvaluationError("division_by_zero", "Expected a divisor other than zero, found zero.")
    if isinstance(error, (Overflow, Underflow, Subnormal, Clamped)):
        return BudgetExceeded(
            "exponent", f"Expected a number between 1e-{EXPONENT} and 1e{EXPONENT}, found one outside."
        )
    return BudgetExceeded("digits", f"Expected a number of at most {PRECISION} digits, found more.")
