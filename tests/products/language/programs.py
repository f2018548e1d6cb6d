"""Random programs: formulas that are mostly well typed, formulas of junk, and changed documents; all from one seed."""

from __future__ import annotations

import copy
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from products.language import check, compile_definition, evaluate, to_json
from products.language.compiler import compile_formula
from products.language.errors import DefinitionError, EvaluationError, FormulaError
from products.language.limits import EXPONENT, PRECISION
from products.language.run import Run
from products.language.scope import Scope
from tests.products.language.samples import ANSWERS, fragment, fragments

AS_OF = date(2027, 1, 15)
LOSSES: list[dict[str, Any]] = [
    {"loss_date": "2026-05-01", "cause": "theft", "amount": "400", "reported": True},
    {"loss_date": "2024-03-03", "cause": "damage", "amount": "150"},
]
LEAVES = {
    "number": [
        "0", "1", "2.5", "100", "0.0000001", "99999999999999999999", "8%", "count(use)", "year(as_of)", "count(losses)",
        "lookup(regions.percent, postcode)", "months_between(as_of, start_date)", "count(losses where amount > value)",
    ],
    "money": [
        "value", "insured_sum", "money(12.345)", "default(battery_value, 1)", "sum(losses.amount)",
        "max(losses.amount)", "default(min(losses.amount where reported), 3)", "brackets(duties.rate, value)",
    ],
    "boolean": [
        "yes", "no", "electric", "answered(battery_value)", 'lock = "ring"', 'contains(use, "work")',
        'postcode >= "5000"', "electric and battery_value > 3", 'any(losses where cause = "theft" and reported)',
        'any(contracts where line_of_business = "home")', "answered(photos)", "1 / number(value - 1250) > 1",
    ],
    "date": ["as_of", "start_date", 'date("2024-02-29")', "max(losses.loss_date)"],
}  # fmt: skip
INSIDE = {"number": [], "money": ["amount"], "boolean": ['cause = "theft"', "reported"], "date": ["loss_date"]}
SHAPES = {
    "number": [
        "({n} + {n})", "({n} - {n})", "({n} * {n})", "({n} / {n})", "-{n}", "abs({n})", "round({n}, {n})",
        "min({n}, {n}, {n})", "(if {b} then {n} else {n})", "days_between({d}, {d})", "({m} / {m})", "number({m})",
        'case lock of "none": {n}, "ring" | "chain": {n} end', "({n})%", "count(losses where {r})",
        "length(postcode) + {n}", "lookup(agreed_rates, edition, lock) * {n}",
    ],
    "money": [
        "({m} + {m})", "({m} * {n})", "({m} / {n})", "max({m}, {n})", "round_up({m}, {n})", "money({n})",
        "(if {b} then {m} else {m})", "sum(losses.amount where {r})", "default(max(losses.amount where {r}), {m})",
        "interpolate(limits.premium, {m})", "extrapolate(limits.premium, {m})", "brackets(duties.rate, {m})",
    ],
    "boolean": [
        "({b} and {b})", "({b} or {b})", "not {b}", "({n} < {n})", "({m} >= {m})", "({d} = {d})", "({n} in [{n}, {n}])",
        "any(losses where {r})", "all(losses where {r})", "any(contracts where {b})",
    ],
    "date": ["add_days({d}, {n})", "add_months({d}, {n})", "max({d}, {d})"],
}  # fmt: skip
JUNK = [
    "(", ")", ",", "and", "or", "not", "if", "then", "else", "case", "of", "end", "in", "[", "]", "=", "<>", "<", "%",
    "+", "-", "*", "/", "1", "value", "lock", '"ring"', "use", "round", "max", ".", ":", "|", "nothing", "9" * 25,
    "where", "losses", "count", "sum", "amount", "any",
]  # fmt: skip
VALUES: list[Any] = [
    None, "", "x", -1, 0, 200, 10**19, True, [], {}, ["a"], {"en": "x"}, [[]], "value > 1", "1.5", "1e9", "2027-01-01",
    "count(losses) > 1", "no", "list", "file", "edition", "range", "exact", {"from": "1"}, "losses", "amount", "٣",
    "a" * 70,
]  # fmt: skip


def program(rng: random.Random, kind: str, depth: int, *, record: bool = False) -> str:
    """A formula of a type, mostly; now and then of another one. `record`: inside `where`, where fields are known."""
    if rng.random() < 0.03:
        kind = rng.choice(list(LEAVES))
    if depth <= 0 or rng.random() < 0.15:
        return rng.choice(LEAVES[kind] + (INSIDE[kind] * 5 if record else []))
    shape = rng.choice(SHAPES[kind])
    for letter, wanted in (("n", "number"), ("m", "money"), ("b", "boolean"), ("d", "date"), ("r", "boolean")):
        while f"{{{letter}}}" in shape:
            inner = program(rng, wanted, depth - 1, record=record or letter == "r")
            shape = shape.replace(f"{{{letter}}}", inner, 1)
    return shape


def junk(rng: random.Random) -> str:
    """Words of the language in no order."""
    return " ".join(rng.choice(JUNK) for _word in range(rng.randint(1, 40)))


def check_result(value: Any) -> None:
    """A value is of the language, and within its bounds."""
    if isinstance(value, Decimal):
        assert value.is_finite()
        assert len(value.as_tuple().digits) <= PRECISION
        assert not value or -EXPONENT <= value.adjusted() <= EXPONENT
    else:
        assert isinstance(value, (bool, date, str, tuple))


@dataclass
class Outcomes:
    """What became of the programs, and how long the slowest took in seconds of the processor."""

    counts: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    most_steps: int = 0

    def add(self, outcome: str, seconds: float, steps: int = 0) -> None:
        """One more."""
        self.counts[outcome] += 1
        self.slowest, self.most_steps = max(self.slowest, seconds), max(self.most_steps, steps)


def run_programs(seed: int, count: int, scope: Scope, base: Run) -> Outcomes:
    """So many random formulas, a fifth of them junk: each is refused, without a result, or a value within bounds.

    Anything else than the named errors goes through to the caller.
    """
    rng, found = random.Random(seed), Outcomes()
    for number in range(count):
        source = junk(rng) if number % 5 == 4 else program(rng, rng.choice(list(LEAVES)), rng.randint(1, 7))
        started = time.process_time()
        outcome, steps = outcome_of(source, scope, base)
        found.add(outcome, time.process_time() - started, steps)
    return found


def outcome_of(source: str, scope: Scope, base: Run) -> tuple[str, int]:
    """Only the named errors may come out, and no more than the budget may be spent."""
    try:
        formula = compile_formula(source, scope)
    except FormulaError as error:
        assert error.message and error.at >= 1
        return "refused", 0
    run = base.fork({})
    try:
        check_result(formula.value(run))
    except EvaluationError as error:
        assert error.code != "absent", source
        return "no result", 0
    assert 0 <= run.left <= run.budget
    assert formula.cost <= run.budget - run.left <= formula.most_cost, source
    return "result", run.budget - run.left


def run_documents(seed: int, count: int, document: dict[str, Any], answers: dict[str, Any]) -> Outcomes:
    """So many copies of a document with one to three random changes: each is refused with paths, or evaluated."""
    rng, found = random.Random(seed), Outcomes()
    for _number in range(count):
        changed = mutated(rng, document)
        started = time.process_time()
        found.add(outcome_of_document(changed, answers), time.process_time() - started)
    return found


def mutated(rng: random.Random, document: dict[str, Any]) -> dict[str, Any]:
    """A copy with one to three values replaced, left out, doubled or exchanged."""
    changed = copy.deepcopy(document)
    for _change in range(rng.choice([1, 1, 1, 2, 3])):
        path: list[tuple[Any, Any]] = []
        part: Any = changed
        while isinstance(part, (dict, list)) and part and (not path or rng.random() < 0.85):
            key = rng.choice(list(part)) if isinstance(part, dict) else rng.randrange(len(part))
            path.append((part, key))
            part = part[key]
        container, key = path[-1]
        match rng.randrange(4):
            case 0:
                del container[key]
            case 1 if isinstance(container, list):
                container.insert(rng.randrange(len(container) + 1), copy.deepcopy(container[key]))
            case 2 if isinstance(container[key], str):
                container[key] = program(rng, rng.choice(list(LEAVES)), rng.randint(0, 3))
            case _:
                container[key] = copy.deepcopy(rng.choice(VALUES))
    return changed


def outcome_of_document(document: dict[str, Any], answers: dict[str, Any]) -> str:
    """Refused with a path for each mistake, or evaluated to a result or errors that can be written as JSON."""
    try:
        product = compile_definition(document)
    except DefinitionError as error:
        assert error.problems and all(problem.path and problem.message for problem in error.problems)
        return "refused"
    found = evaluate(product, AS_OF, answers)
    to_json(found)
    assert isinstance(check(document)["ok"], bool)
    return "errors" if found.errors else str(found.decision)


def every_fragment() -> tuple[dict[str, Any], dict[str, Any]]:
    """The example with all the page's fragments, and answers to it."""
    document = fragment(*(parts[0][1]["key"] for parts in fragments()))
    answers = {
        **ANSWERS, "electric": True, "battery_value": "400", "use": ["work"], "losses": LOSSES, "holidays": [],
        "chip_number": "1", "assistance": False, "no_theft": False, "free_years": 5, "reference_date": "2027-01-15",
    }  # fmt: skip
    return document, answers
