"""Arithmetic on 34 digits with its bounds, and rounding to a multiple."""

from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Context, Decimal, Overflow, Underflow

from tests.products.second.faults import Fault

CONTEXT = Context(prec=34, rounding=ROUND_HALF_UP, traps=[Overflow, Underflow])
MOST, LEAST, CENT = Decimal("1e30"), Decimal("1e-30"), Decimal("0.01")
MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "up": ROUND_UP, "down": ROUND_DOWN}


def bounded(value: Decimal) -> Decimal:
    """A result beyond 1e30, or not zero and below 1e-30, is an error."""
    if value.copy_abs() > MOST or (value and value.copy_abs() < LEAST):
        raise Fault("out_of_range")
    return value


def combined(sign: str, left: Decimal, right: Decimal) -> Decimal:
    """One operation, rounded half up."""
    if sign == "/" and not right:
        raise Fault("division_by_zero")
    operations: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
        "+": CONTEXT.add, "-": CONTEXT.subtract, "*": CONTEXT.multiply, "/": CONTEXT.divide,
    }  # fmt: skip
    return bounded(operations[sign](left, right))


def to_multiple(value: Decimal, to: Decimal, mode: str = "half_up") -> Decimal:
    """value / to made whole, times to."""
    if to <= 0:
        raise Fault("rounding_to")
    parts = combined("/", value, to).to_integral_value(rounding=MODES[mode])
    return combined("*", parts, to)


def to_cent(value: Decimal) -> Decimal:
    """To the cent, a half away from zero."""
    return to_multiple(value, CENT)
