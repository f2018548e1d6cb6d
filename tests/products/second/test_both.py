"""Both evaluators side by side: the same answers, the same result, whatever the answers are."""

from collections import Counter
from datetime import date

import pytest

from products.language import compile_definition
from tests.products.second.compare import compare_many, compare_programs, differences, first
from tests.products.second.documents import catalogue, documents
from tests.products.second.generate import Asked, Generator
from tests.products.second.whole import second

COUNT, SEED = 150, 20270104
OUTCOMES = ("accepted", "referred", "in error", "priced")
CASE = catalogue()["de-contents-glass"]["cases"][7]


@pytest.mark.parametrize("key", list(documents()))
def test_both_evaluators_agree_on_random_answers(key):
    found = compare_many(documents()[key], SEED, COUNT)
    assert sum(found[name] for name in ("accepted", "special", "referred", "declined", "in error")) == COUNT
    assert all(found[name] for name in OUTCOMES), found


def test_both_evaluators_agree_on_random_formulas():
    found = compare_programs(SEED, 60, 4)
    assert found["refused"] < 6
    assert all(
        found[name] for name in ("accepted", "referred", "special", "declined", "in error", "priced", "plan refused")
    ), found


def test_answers_are_the_same_for_the_same_seed_and_others_for_another():
    document = catalogue()["us-mo-homeowners-premier"]
    one, same, other = (Generator(document, seed).order() for seed in (1, 1, 2))
    assert one == same != other


def test_lists_hold_up_to_five_records_and_each_choice_is_made():
    document = catalogue()["us-mo-homeowners-premier"]
    generator = Generator(document, SEED)
    orders = [generator.order() for _ in range(400)]
    counts = Counter(len(row.answers["losses"]) for row in orders if isinstance(row.answers.get("losses"), list))
    assert set(range(6)) <= set(counts)
    assert {row.plan for row in orders} == {None, "annual", "quarterly", "eft_monthly", "nowhere"}
    forms = {row["key"] for row in document["questions"][0]["choices"]}
    assert forms <= {row.answers.get("form") for row in orders if isinstance(row.answers.get("form"), str)}


def test_a_cent_beside_is_told_with_its_field():
    document = catalogue()["de-contents-glass"]
    order = Asked(date.fromisoformat(CASE["as_of"]), CASE["answers"])  # given
    found = second(document, order.as_of, order.answers)
    found["premium"]["total"] += 1
    found["payment"]["instalments"].append(1)
    told = differences(first(compile_definition(document), document, order), found)  # then
    assert [row.partition(":")[0] for row in told] == [
        "payment.instalments#",
        "payment.instalments[1]",
        "premium.total",
    ]
