"""Conditions weighed together give what they give one by one: what holds, what refused, what it saw, what it cost."""

import random
from datetime import date

import pytest

from products.language import compile_definition, evaluate
from products.language.compiler import compile_condition
from products.language.errors import EvaluationError, FormulaError
from products.language.looking import look
from products.language.weighing import book_of
from tests.products.language.evaluator import run_for, scope_of
from tests.products.language.programs import AS_OF, every_fragment, program
from tests.products.language.samples import ANSWERS, changed, example

SIMPLE = [
    "value > {n}", "value <= {n}", "{n} < value", "value = 1250", "value <> 1250", "insured_sum >= {n}",
    'lock = "ring"', 'lock <> "chain"', 'lock in ["none", "chain"]', 'lock not in ["chain"]', "electric",
    "not electric", "electric = yes", 'postcode >= "{n}"', 'postcode = "8011"', 'start_date > date("2027-0{d}-01")',
    'edition = "2027"', "free_years in [{d}, 5]", "as_of <= date(\"2027-01-15\")", "battery_value > {n}",
    "ladder_percent >= {n}", "count(losses) > {d}", 'any(losses where amount > {n})',
]  # fmt: skip


@pytest.fixture(scope="module")
def ready():
    document, answers = every_fragment()
    product = compile_definition(document)
    return scope_of(product), run_for(product, answers, as_of=AS_OF)


def conditions(rng, scope, count):
    """Random conditions of one to four parts, as many as can be compiled of so many."""
    found = []
    for _number in range(count):
        parts = [
            rng.choice(SIMPLE).format(n=rng.choice([5, 400, 1250, 8011]), d=rng.randint(1, 5))
            if rng.random() < 0.8
            else program(rng, "boolean", 2)
            for _part in range(rng.randint(1, 4))
        ]
        if rng.random() < 0.3:
            parts.insert(0, "electric")
        try:
            found.append(compile_condition(" and ".join(parts), scope))
        except FormulaError:
            continue
    return found


def one_by_one(book, run):
    """What each condition gives on its own, or the first that has no result."""
    found = []
    for place, condition in enumerate(book.conditions):
        try:
            found.append(look(run, book.kind, book.keys[place], condition))
        except EvaluationError as error:
            return place, error.code
    return found


@pytest.mark.parametrize("seed", range(40))
def test_together_is_as_one_by_one(seed, ready):
    scope, base = ready
    rng = random.Random(seed)
    rules = [*conditions(rng, scope, 25), None]
    book = book_of("rule", "acceptance", [f"R{place}" for place in range(len(rules))], rules)
    alone, together = base.fork({}), base.fork({})
    wanted = one_by_one(book, alone)
    if isinstance(wanted, tuple):
        with pytest.raises(EvaluationError):
            book.weigh(together)
        place, error = book.find_error(base.fork({}))
        assert (place, error.code) == wanted
        return
    weighed = book.weigh(together)
    assert weighed.looks() == wanted
    assert weighed.held == [place for place, found in enumerate(wanted) if found[3] is None]
    assert together.left == alone.left


def test_most_parts_are_decided_by_columns(ready):
    scope, _base = ready
    condition = compile_condition('electric and value > 5 and lock in ["ring"] and count(losses) > 1', scope)
    assert [part.said is not None for part in condition.parts] == [True, True, True, False]


def test_the_rule_without_a_result_is_named():
    document = changed("acceptance.1.when", "value > 1000 and 1 / (year(as_of) - 2027) > 1")
    found = evaluate(compile_definition(document), date(2027, 1, 15), ANSWERS)
    assert [(problem.path, problem.code) for problem in found.errors] == [("acceptance[1].when", "division_by_zero")]
    small = evaluate(compile_definition(document), date(2027, 1, 15), {**ANSWERS, "value": "900"})
    assert small.ok, "a part is only looked at where the parts before it hold"


def test_a_line_without_a_result_is_named():
    document = example()
    document["cases"] = []
    document["ipid"]["lines"][2:2] = [
        {**document["ipid"]["lines"][2], "key": "x", "when": "1 / (year(as_of) - 2027) > 1"}
    ]
    [problem] = evaluate(compile_definition(document), date(2027, 1, 15), ANSWERS).errors
    assert (problem.path, problem.code) == ("ipid.lines[2].when", "division_by_zero")
