"""Hostile formulas and documents: an error that names the bound, never a wait and never an escape (traps 17)."""

import random
import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from products.language import check, compile_definition, evaluate
from products.language.compiler import compile_formula
from products.language.errors import BudgetExceeded, EvaluationError, FormulaError
from products.language.limits import EXPONENT, PRECISION
from products.language.run import Run
from tests.products.language.evaluator import compiled, run_for, scope_of
from tests.products.language.samples import ANSWERS, changed, errors, example
from tests.products.language.test_page import LOSSES, with_use

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
def test_a_hostile_formula_is_refused_at_once(name):
    started = time.perf_counter()
    found = errors(changed("acceptance.0.when", HOSTILE[name]))
    assert list(found) and all(path.startswith(("acceptance[0]", "acceptance")) for path in found)
    assert time.perf_counter() - started < 1


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
    started = time.perf_counter()
    assert "split the table" in errors(document)["tables[0].rows"]
    assert time.perf_counter() - started < 2


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
    started = time.perf_counter()
    found = evaluate(product, AS_OF, {**ANSWERS, **answers})
    assert found.errors and found.premium is None and found.decision is None
    assert all(len(problem.message) < 400 for problem in found.errors)
    assert time.perf_counter() - started < 0.5


def test_many_unknown_fields_and_answers_are_told_quickly():
    document = example()
    document.update({f"field{place}": 1 for place in range(50_000)})
    started = time.perf_counter()
    assert len(check(document)["errors"]) == 200
    product = compile_definition(example())
    found = evaluate(product, AS_OF, {**ANSWERS, **{f"valu{place}": 1 for place in range(100_000)}})
    assert [problem.code for problem in found.errors] == ["too_many"]
    found = evaluate(product, AS_OF, {**ANSWERS, **{f"valu{place}": 1 for place in range(1000)}})
    assert len(found.errors) == 1000
    assert time.perf_counter() - started < 5


def test_a_text_does_not_grow():
    document = changed("terms.0.text.en", "{value}" * 21)
    assert "at most 20 values" in errors(document)["terms[0].text.en"]


# Random programs ----------------------------------------------------------------------------------------------------

LEAVES = {
    "number": [
        "0",
        "1",
        "2.5",
        "100",
        "0.0000001",
        "99999999999999999999",
        "8%",
        "count(use)",
        "year(as_of)",
        "lookup(regions.percent, postcode)",
        "months_between(as_of, start_date)",
        "count(losses where amount > value / 9)",
    ],
    "money": ["value", "insured_sum", "money(12.345)", "default(battery_value, 1)", "sum(losses.amount)"],
    "boolean": [
        "yes",
        "no",
        "electric",
        "answered(battery_value)",
        'lock = "ring"',
        'contains(use, "work")',
        'postcode >= "5000"',
        "electric and battery_value > 3",
    ],
    "date": ["as_of", "start_date", 'date("2024-02-29")'],
}
JUNK = [
    "(",
    ")",
    ",",
    "and",
    "or",
    "not",
    "if",
    "then",
    "else",
    "case",
    "of",
    "end",
    "in",
    "[",
    "]",
    "=",
    "<>",
    "<",
    "%",
    "+",
    "-",
    "*",
    "/",
    "1",
    "value",
    "lock",
    '"ring"',
    "use",
    "round",
    "max",
    ".",
    ":",
    "|",
    "nothing",
    "9" * 25,
]


def program(rng: random.Random, kind: str, depth: int) -> str:
    """A formula that is mostly well typed, and now and then isn't."""
    if rng.random() < 0.03:
        kind = rng.choice(list(LEAVES))
    if depth <= 0 or rng.random() < 0.15:
        return rng.choice(LEAVES[kind])

    def of(wanted: str) -> str:
        return program(rng, wanted, depth - 1)

    shapes = {
        "number": [
            "({n} + {n})",
            "({n} - {n})",
            "({n} * {n})",
            "({n} / {n})",
            "-{n}",
            "abs({n})",
            "round({n}, {n})",
            "min({n}, {n}, {n})",
            "(if {b} then {n} else {n})",
            "days_between({d}, {d})",
            "({m} / {m})",
            "number({m})",
            'case lock of "none": {n}, "ring" | "chain": {n} end',
            "({n})%",
        ],
        "money": [
            "({m} + {m})",
            "({m} * {n})",
            "({m} / {n})",
            "max({m}, {n})",
            "round_up({m}, {n})",
            "money({n})",
            "(if {b} then {m} else {m})",
        ],
        "boolean": [
            "({b} and {b})",
            "({b} or {b})",
            "not {b}",
            "({n} < {n})",
            "({m} >= {m})",
            "({d} = {d})",
            "({n} in [{n}, {n}])",
        ],
        "date": ["add_days({d}, {n})", "add_months({d}, {n})", "max({d}, {d})"],
    }[kind]
    shape = rng.choice(shapes)
    for letter, wanted in (("n", "number"), ("m", "money"), ("b", "boolean"), ("d", "date")):
        while f"{{{letter}}}" in shape:
            shape = shape.replace(f"{{{letter}}}", of(wanted), 1)
    return shape


def check_result(value) -> None:
    if isinstance(value, Decimal):
        assert value.is_finite()
        assert len(value.as_tuple().digits) <= PRECISION
        assert not value or -EXPONENT <= value.adjusted() <= EXPONENT
    else:
        assert isinstance(value, (bool, date, str, tuple))


def test_five_thousand_random_programs_stay_inside():
    rng = random.Random(20270101)
    product = with_use()
    answers = {**ANSWERS, "electric": True, "battery_value": "400", "use": ["work"], "losses": LOSSES}
    base = run_for(product, answers, as_of=AS_OF)
    scope = scope_of(product)
    slowest, outcomes = 0.0, {"refused": 0, "no result": 0, "result": 0}
    for number in range(5000):
        if number % 5 == 4:
            source = " ".join(rng.choice(JUNK) for _word in range(rng.randint(1, 40)))
        else:
            source = program(rng, rng.choice(list(LEAVES)), rng.randint(1, 7))
        started = time.perf_counter()
        outcomes[outcome_of(source, scope, base)] += 1
        slowest = max(slowest, time.perf_counter() - started)
    assert slowest < 0.5
    assert outcomes["result"] > 1000 and outcomes["refused"] > 500 and outcomes["no result"] > 100


def outcome_of(source: str, scope, base: Run) -> str:
    """Only the named errors may come out, and no more than the budget may be spent."""
    try:
        formula = compile_formula(source, scope)
    except FormulaError as error:
        assert error.message and error.at >= 1
        return "refused"
    run = base.fork({})
    try:
        check_result(formula.value(run))
    except EvaluationError as error:
        assert error.code != "absent", source
        return "no result"
    assert 0 <= run.left <= run.budget
    return "result"


def test_random_changes_of_a_document_never_escape():
    rng = random.Random(7)
    values = [None, "", "x", -1, 10**19, True, [], {}, ["a"], {"en": "x"}, "value > 1", "1.5", "1e9", "2027-01-01"]
    for _time in range(400):
        document = example()
        document["cases"] = []
        for _change in range(rng.randint(1, 3)):
            path: list[tuple[Any, Any]] = []
            part: Any = document
            while isinstance(part, (dict, list)) and part and (not path or rng.random() < 0.8):
                key = rng.choice(list(part)) if isinstance(part, dict) else rng.randrange(len(part))
                path.append((part, key))
                part = part[key]
            container, key = path[-1]
            container[key] = rng.choice(values)
        found = check(document)
        assert isinstance(found["ok"], bool)
