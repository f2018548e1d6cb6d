"""Hostile formulas and documents: an error that names the bound, never a wait and never an escape (traps 17)."""

from datetime import date

import pytest

from products.language import check, compile_definition, evaluate
from products.language.errors import BudgetExceeded, EvaluationError
from tests.products.language.evaluator import compiled, run_for, scope_of
from tests.products.language.programs import every_fragment, run_documents, run_programs
from tests.products.language.samples import ANSWERS, changed, errors, example
from tests.work import calls_at_most

AS_OF = date(2027, 1, 15)
HOSTILE = {
    "huge number": "value > " + "9" * 3000,
    "exponent": "value > 1e400000",
    "power": "2 ** 99999 > 1",
    "nested brackets": "(" * 3000 + "1" + ")" * 3000 + " > 1",
    "nested not": "not " * 700 + "electric",
    "nested minus": "-" * 1400 + "1 > 0",
    "nested if": "if electric then " * 300 + "yes" + " else no" * 300,
    "nested percent": "1" + "%" * 1400 + " > 0",
    "long sum": "+".join(["1"] * 700) + " > 0",
    "nested calls": "abs(" * 400 + "1" + ")" * 400 + " > 0",
    "long text": 'postcode = "' + "x" * 5000 + '"',
    "long list": "value in [" + ",".join(["1"] * 2000) + "]",
    "null": "value > 1\x00",
    "letters of another alphabet": "vаlue > 1",
    "digits of another alphabet": "value > ٣",
    "dunder": "value.__class__ = 1",
    "attribute": "as_of.today > 1",
    "call of a value": "value(1) > 1",
    "python": "__import__(\"os\").system(\"true\") = 0",
    "lambda": "(lambda: 1)() = 1",
    "empty": " ",
    "unclosed": "case lock of",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_formula_is_refused_at_a_bounded_cost(name):
    with calls_at_most(3_000_000):
        found = errors(changed("acceptance.0.when", HOSTILE[name]))
        assert list(found) and all(path.startswith(("acceptance[0]", "acceptance")) for path in found)


@pytest.mark.parametrize(
    ("formula", "error"),
    [
        ("value / (value - value)", "division_by_zero"),
        ("1 / (year(as_of) - 2027)", "division_by_zero"),
        ("(year(as_of) - 2027) / (year(as_of) - 2027)", "division_by_zero"),
        ("99999999999999999999 * 99999999999999999999", "exponent"),
        ("0.0000000000000001 * 0.0000000000000001", "exponent"),
        ("round(99999999999999999999, 0.0000000000000000001)", "exponent"),
        ("round(value, year(as_of) - 2027)", "rounding_step"),
        ("round(value, -1)", "rounding_step"),
        ("year(add_years(as_of, 9000))", "date_range"),
        ("year(add_days(as_of, 99999999))", "whole_number"),
        ("year(add_months(as_of, 0.5))", "whole_number"),
    ],
)
def test_a_calculation_beyond_the_bounds_is_an_error(formula, error):
    product = compile_definition(example())
    with pytest.raises(EvaluationError) as raised:
        compiled(formula, product).value(run_for(product, ANSWERS, as_of=AS_OF))
    assert raised.value.code == error


def test_the_budget_of_steps_is_kept():
    product = compile_definition(example())
    run = run_for(product, ANSWERS, as_of=AS_OF, budget=60)
    formula = compiled("value > 1 and value > 2 and value > 3", product)
    with pytest.raises(BudgetExceeded):
        for _time in range(100):
            formula.value(run)


def test_a_document_that_costs_too_much_is_refused():
    document = example()
    document["cases"] = []
    costly = " + ".join(["value"] * 100) + " > 1"
    document["acceptance"] = [{**document["acceptance"][0], "key": f"D{place}", "when": costly} for place in range(450)]
    assert "Expected formulas of at most" in errors(document)["$"]


def test_a_table_with_too_many_combinations_is_refused():
    document = example()
    document["cases"] = []
    cells = [[{"from": str(1000 + place), "until": str(1001 + place)}] * 4 for place in range(60)]
    keys = [{"name": f"k{place}", "type": "code", "match": "range"} for place in range(4)]
    document["tables"][0].update(keys=keys, rows=[{"when": cell, "then": ["1"]} for cell in cells])
    document["rating"]["steps"][0]["formula"] = "insured_sum * lookup(regions, postcode, postcode, postcode, postcode)%"
    with calls_at_most(3_000_000):
        assert "split the table" in errors(document)["tables[0].rows"]


@pytest.mark.parametrize(
    "answers",
    [
        {"value": "1e400000"},
        {"value": "9" * 100},
        {"value": 10**5000},
        {"value": 1250.0},
        {"value": "NaN"},
        {"value": "Infinity"},
        {"value": True},
        {"value": ["1250"]},
        {"value": {"a": 1}},
        {"value": "１２５０"},
        {"postcode": "٨٠١١"},
        {"postcode": 8011},
        {"lock": "x" * 1_000_000},
        {"lock": ["chain"]},
        {"electric": "yes"},
        {"electric": 0},
        {"start_date": "2027-02-30"},
        {"start_date": 20270201},
        {"x" * 100_000: 1},
    ],
    ids=range(19),
)
def test_hostile_answers_are_refused_and_nothing_is_priced(answers):
    product = compile_definition(example())
    with calls_at_most(100_000):
        found = evaluate(product, AS_OF, {**ANSWERS, **answers})
        assert found.errors and found.premium is None and found.decision is None
        assert all(len(problem.message) < 400 for problem in found.errors)


def test_many_unknown_fields_and_answers_are_told_at_a_bounded_cost():
    document = example()
    document.update({f"field{place}": 1 for place in range(50_000)})
    with calls_at_most(3_000_000):
        assert len(check(document)["errors"]) == 200
        product = compile_definition(example())
        found = evaluate(product, AS_OF, {**ANSWERS, **{f"valu{place}": 1 for place in range(100_000)}})
        assert [problem.code for problem in found.errors] == ["too_many"]
        found = evaluate(product, AS_OF, {**ANSWERS, **{f"valu{place}": 1 for place in range(1000)}})
        assert len(found.errors) == 1000


def test_a_text_does_not_grow():
    document = changed("terms.0.text.en", "{value}" * 21)
    assert "at most 20 values" in errors(document)["terms[0].text.en"]


# Random programs ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def everything():
    """The example with all the page's fragments, and answers to it."""
    return every_fragment()


def test_five_thousand_random_programs_stay_inside(everything):
    document, answers = everything
    product = compile_definition(document)
    base = run_for(product, answers, as_of=AS_OF)
    assert all(base.has(name) for name in product.computed)
    found = run_programs(20270101, 5000, scope_of(product), base)
    assert found.slowest < 0.5
    counts = found.counts
    assert counts["result"] > 1000 and counts["refused"] > 500 and counts["no result"] > 100


def test_random_changes_of_a_document_never_escape(everything):
    found = run_documents(7, 300, *everything)
    assert found.slowest < 1
    assert found.counts["refused"] > 100 and found.counts["refer"] > 15
