"""A product's conditions in a reader's words."""

import pytest

from products.language import compile_definition
from products.words import Reader, left_open
from tests.products.language.samples import fragment


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("value > 5000", "more than €5,000.00"),
        ("value <= 100.5", "at most €100.50"),
        ('lock = "ring"', "exactly A ring lock"),
        ('lock <> "ring"', "something other than A ring lock"),
        ("free_years < 2.5", "less than 2.5"),
        ('postcode >= "80"', "at least 80"),
        ("electric", "yes"),
        ("not electric", "no"),
        ("value > 5000 or electric", ""),
    ],
)
def test_a_simple_condition_says_what_it_asks_for(formula, words):
    reader = Reader(compile_definition(fragment("free_years")), "en")
    assert reader.wanted(formula) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Value {value}, below 20,000.", "Value …, below 20,000."),
        ("Construction: {construction}.", "Construction: …"),
        ("No device against theft.", "No device against theft."),
    ],
)
def test_a_text_without_its_values_leaves_them_open(text, words):
    assert left_open(text) == words
