"""Cents, splits and the division of payment plans: to the cent, mirrored, whole."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.money import (
    AmountError,
    Division,
    balance_anew,
    cents,
    cumulative,
    deposit,
    divide,
    last_takes_rest,
    parse_amount,
    split,
    spread,
)

AMOUNTS = st.decimals(min_value=Decimal("-99999999.99"), max_value=Decimal("99999999.99"), places=2)
WEIGHTS = st.lists(st.decimals(min_value=0, max_value=1000, places=3), min_size=1, max_size=20).filter(
    any
)  # at least one above zero
COUNTS = st.integers(min_value=1, max_value=60)


def amounts(text: str) -> list[Decimal]:
    return [Decimal(part) for part in text.split()]


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("0.125", "0.13"), ("-0.125", "-0.13"), ("0.124999", "0.12"), ("2", "2.00"), ("-0.004", "0.00"), ("1e20", "1e20")],
)
def test_cents_rounds_half_away_from_zero(exact, rounded):
    assert cents(Decimal(exact)) == Decimal(rounded)
    assert str(cents(Decimal("-0.001"))) == "0.00"


def test_cents_refuses_what_is_no_amount():
    with pytest.raises(TypeError, match="found float"):
        cents(0.1)  # type: ignore[arg-type]
    for wrong in ("NaN", "Infinity", "1e400000"):
        with pytest.raises(ValueError, match="Expected"):
            cents(Decimal(wrong))


def test_split_gives_left_over_cents_to_the_largest_remainders():
    assert split(Decimal("100.00"), [Decimal(1)] * 3) == amounts("33.34 33.33 33.33")
    assert split(Decimal("-100.00"), [Decimal(1)] * 3) == amounts("-33.34 -33.33 -33.33")
    assert split(Decimal("0.05"), [Decimal("0.6"), Decimal("0.4")]) == amounts("0.03 0.02")
    assert split(Decimal("0.00"), [1, 2]) == amounts("0.00 0.00")


@given(total=AMOUNTS, weights=WEIGHTS)
def test_split_is_whole_mirrored_and_within_a_cent(total, weights):
    parts = split(total, weights)
    assert sum(parts) == total
    assert split(-total, weights) == [-part for part in parts]
    exact = [total * weight / sum(weights) for weight in weights]
    assert all(abs(part - share) < Decimal("0.010000001") for part, share in zip(parts, exact, strict=True))
    assert all(not str(part).startswith("-0.00") for part in parts)


@given(total=AMOUNTS, weights=WEIGHTS)
def test_spread_is_right_up_to_every_moment(total, weights):
    parts = spread(total, weights)
    assert sum(parts) == total
    assert spread(-total, weights) == [-part for part in parts]
    for place in range(1, len(parts) + 1):
        exact = total * sum(weights[:place]) / sum(weights)
        assert abs(sum(parts[:place]) - exact) <= Decimal("0.0050000001")


@given(total=AMOUNTS, count=COUNTS, rule=st.sampled_from(Division))
def test_a_plan_divides_without_loss_and_mirrors(total, count, rule):
    parts = divide(total, count + 1, rule=rule)
    assert sum(parts) == total
    assert divide(-total, count + 1, rule=rule) == [-part for part in parts]
    assert all(part == 0 or (part > 0) == (total > 0) for part in parts)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param(cumulative(Decimal("749.05"), 4), "187.26 187.27 187.26 187.26", id="cumulative"),
        pytest.param(last_takes_rest(Decimal("131.96"), 12), "11.00 " * 11 + "10.96", id="CG-07 monthly"),
        pytest.param(last_takes_rest(Decimal("44.98"), 4), "11.25 11.25 11.25 11.23", id="CG-10 quarterly"),
        pytest.param(last_takes_rest(Decimal("0.07"), 12), "0.01 " * 7 + "0.00 " * 5, id="tiny total"),
        pytest.param(balance_anew(Decimal("745.01"), 4), "186.25 186.25 186.26 186.25", id="HO schedule 4"),
        pytest.param(
            deposit(Decimal("787.00"), 12, down=2),
            "131.16 65.58 65.58 65.59 65.58 65.59 65.58 65.59 65.58 65.59 65.58",
            id="HO-05 two months down",
        ),
        pytest.param(
            deposit(Decimal("670.00"), 12, down=1),
            "55.83 55.83 55.83 55.83 55.84 55.83 55.84 55.83 55.84 55.83 55.84 55.83",
            id="HO-06 one month down",
        ),
    ],
)
def test_plans_of_the_dossiers(parts, expected):
    assert parts == amounts(expected)


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        ("80.00", "25.00 25.00 30.00"),
        ("100.00", "25.00 25.00 25.00 25.00"),
        ("231.00", "57.75 57.75 57.75 57.75"),
        ("10.00", "10.00"),
        ("-80.00", "-25.00 -25.00 -30.00"),
    ],
)
def test_balance_anew_keeps_the_minimum_and_joins_a_small_last_part(total, expected):
    parts = balance_anew(Decimal(total), 4, at_least=Decimal("25.00"), last_at_least=Decimal("10.00"))
    assert parts == amounts(expected)


def test_divisions_refuse_wrong_use():
    for wrong in ([], [Decimal(0)], [Decimal(-1)], [Decimal("NaN")], [Decimal("1e400000")]):
        with pytest.raises(ValueError, match="Expected"):
            split(Decimal("1.00"), wrong)
    with pytest.raises(TypeError):
        split(Decimal("1.00"), [0.5])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="whole cents"):
        split(Decimal("1.001"), [1])
    with pytest.raises(ValueError, match="instalment"):
        cumulative(Decimal("1.00"), 0)
    with pytest.raises(ValueError, match="deposit"):
        deposit(Decimal("1.00"), 12, down=12)


@pytest.mark.parametrize(
    ("language", "typed", "amount"),
    [
        ("nl", "€ 1.234,50", "1234.50"),
        ("nl", "1234,5", "1234.50"),
        ("nl", "\u221247,29", "-47.29"),
        ("nl", "-€ 12,50", "-12.50"),
        ("de", "1.234,50 €", "1234.50"),
        ("de", "1 234,50\u00a0EUR", "1234.50"),
        ("en", "€1,234.50", "1234.50"),
        ("en", "75,000", "75000.00"),
        ("en", "999999999999.99", "999999999999.99"),
        ("nl-be", "0,00", "0.00"),
    ],
)
def test_amounts_are_read_as_people_write_them(language, typed, amount):
    assert parse_amount(typed, language) == Decimal(amount)


@pytest.mark.parametrize(
    ("language", "typed", "message"),
    [
        ("en", "4O.00", "Expected an amount, found “4O.00” with the letter O in place 2."),
        ("nl", "€ 4O,00", "Expected an amount, found “€ 4O,00” with the letter O in place 4."),
        ("en", "12;50", "Expected an amount, found “12;50” with the character “;” in place 3."),
        ("nl", "12.50", "Expected an amount such as 1.234,50, found “12.50”."),
        ("en", "1,23", "Expected an amount such as 1,234.50, found “1,23”."),
        ("en", "1.234", "Expected an amount such as 1,234.50, found “1.234”."),
        ("en", "  ", "Expected an amount, found nothing."),
        ("en", "9" * 41, "Expected an amount, found a text of 41 characters."),
        (
            "en",
            "1" * 13,
            "Expected an amount of at most 12 digits before the cents, found 13 in “1111111111111”.",
        ),
    ],
)
def test_what_is_no_amount_is_named(language, typed, message):
    with pytest.raises(AmountError) as refused:
        parse_amount(typed, language)
    assert str(refused.value) == message


@given(amount=AMOUNTS, language=st.sampled_from(["nl", "de", "en"]))
def test_what_is_written_is_read_back(amount, language):
    from common import formats

    assert parse_amount(formats.amount(amount, language), language) == amount
    assert parse_amount(formats.money(amount, language=language), language) == amount
