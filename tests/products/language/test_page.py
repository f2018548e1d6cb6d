"""Everything that docs/products.md shows, run."""

import re
from datetime import date
from typing import Any

import pytest

from products.language import check, compile_definition, evaluate
from products.language.result import value_json
from tests.products.language.evaluator import compiled, run_for
from tests.products.language.samples import ANSWERS, PAGE, errors, example, fragment, fragments


def table_rows() -> list[tuple[str, str, str]]:
    found = re.findall(r"^\| (.+?) \| `(.+)` \| `([^`]*)` \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return [(name, formula.replace("\\|", "|"), gives) for name, formula, gives in found]


LOSSES: list[dict[str, Any]] = [
    {"loss_date": "2026-05-01", "cause": "theft", "amount": "400", "reported": True},
    {"loss_date": "2024-03-03", "cause": "damage", "amount": "150"},
]


def with_use():
    """The example with the page's several-of, list and file questions."""
    return compile_definition(fragment("use", "losses", "photos", "limits", "duties", "agreed_rates"))


def test_the_example_is_a_product():
    assert check(example()) == {"ok": True, "errors": []}


@pytest.mark.parametrize("key", [parts[0][1]["key"] for parts in fragments()])
def test_a_fragment_can_be_added(key):
    assert errors(fragment(key)) == {}


def test_the_page_has_its_rows():
    assert len(table_rows()) >= 30


@pytest.mark.parametrize(("formula", "gives"), [row[1:] for row in table_rows()], ids=[row[0] for row in table_rows()])
def test_a_construct_gives_what_the_page_says(formula, gives):
    product = with_use()
    run = run_for(product, {**ANSWERS, "use": ["work", "sport"], "losses": LOSSES}, as_of=date(2027, 1, 15))
    result = compiled(formula, product)
    found = value_json(result.value(run), result.type.kind)
    assert {True: "yes", False: "no"}.get(found, found) == gives


def test_fragments_do_what_they_say():
    product = compile_definition(fragment(*(parts[0][1]["key"] for parts in fragments())))
    answers = {
        **ANSWERS,
        "reference_date": "2027-01-15",
        "use": ["work"],
        "losses": [],
        "holidays": [],
        "chip_number": "1",
    }
    found = evaluate(product, date(2027, 1, 15), answers)
    by_plan = {plan.plan: [str(i.amount) for i in plan.instalments] for plan in found.plans}
    assert by_plan["quarterly"] == ["28.73", "28.72", "28.73", "28.72"]
    assert by_plan["annual"] == ["108.90"] and by_plan["half_yearly"] == ["54.45", "54.45"]
    assert by_plan["deposit"][:2] == ["9.08", "9.07"]
    assert len(by_plan["deposit"]) == 12
    ring = evaluate(product, date(2027, 1, 15), {**answers, "lock": "ring"})
    assert (ring.decision, [term.key for term in ring.terms]) == ("accept", ["T01_CHAIN"])
    early = evaluate(product, date(2027, 1, 15), {**answers, "start_date": "2025-12-31"})
    assert early.not_rated_because == {"en": "no tariff before 2026"}
    assert early.premium is None and early.payment is None and early.decision == "accept"
