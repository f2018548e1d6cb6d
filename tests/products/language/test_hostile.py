"""A corpus of hostile documents and answers: each is refused by path and sentence within a second, or is harmless."""

import json
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from products.language import check, compile_definition, evaluate, read_form, to_json
from tests.products.language.programs import LOSSES
from tests.products.language.samples import ANSWERS, added, at, changed, example, fragment
from tests.work import calls_at_most

AS_OF = date(2027, 1, 15)
T = {"en": "x"}
Make = Callable[[], Any]
NAMES = [
    "", " ", "a b", "a.b", "1a", "_a", "a" * 61, "é", "ａ", "а", "a\u200b", "a\u0000", "\ud800", "__class__", "and",
    "where", "as_of", "edition", "plan", "contracts", "premium_total", "a\nb", "a;b", "a'b", 'a"b', "{a}", "a-b",
    "None" * 20,
]  # fmt: skip
NUMBERS = [
    "1e5", "1E400000", "NaN", "Infinity", "-Infinity", "sNaN", "0x10", "1_000", "１", "٣", "+1", " 1", "1 ", "1.", ".1",
    "9" * 21, "0." + "1" * 21, "--1", "1,5", "", 10**20, -(10**20), True, [], {}, None,
]  # fmt: skip
TEXTS = [
    "{" * 5000, "{a" * 3000, "{{}}" * 2000 + "{", "{value.__class__}", "{value!r}", "{value:>9999999}", "{0}", "{}",
    "{value}" * 21, "x" * 10_001, "\ud800", "\u0000", "\u202e" * 10_001,
]  # fmt: skip
FORMULAS = [
    "any(" * 30 + "losses where yes" + ")" * 30, "any(losses where " * 30 + "yes" + ")" * 30,
    "any(losses where any(losses where yes))", "any(losses where any(contracts where any(losses where yes)))",
    "count(losses where " + " and ".join(["amount > 1"] * 130) + ") > 0",
    "sum(losses.amount where " + "not " * 60 + "yes) > 0", "losses.amount > 1", "losses.__class__ = 1",
    "contracts.product = \"x\"", "losses where yes", "count(losses where)", "count(where yes)", "where",
    "any(losses where losses)", "all(losses where count(losses) > 1)", "count(count(losses)) > 0", "max(losses) > 1",
    "default(losses, losses) = 1", "answered(amount)", "answered(losses.amount)", "default(amount, 1) > 0",
    "interpolate(losses, 1) > 1", "brackets(regions.percent, value) > 1", "lookup(losses, 1) > 1",
    "lookup(regions) > 1", "interpolate(regions.percent.percent, 1) > 1", "sum() > 1", "sum(1) > 1", "any(1)",
    "min() > 1", "max(1) > 1", "count(losses.amount where yes) > 1", "sum(losses.amount where yes where yes) > 1",
    "if losses then yes else no", "value in losses", "losses in [losses]", "case losses of \"a\": yes, else: no end",
    "-losses > 1", "losses% > 1", "photos = photos", "count(photos) > 1", "sum(photos.size) > 1",
    "any(photos where yes)", "starts_with(losses, \"a\")",
]  # fmt: skip


def listed(**more: Any) -> dict[str, Any]:
    """The example with the page's losses and photos, changed."""
    document = fragment("losses", "photos")
    document["questions"][6].update(more)
    return document


def field(**more: Any) -> dict[str, Any]:
    """The same with another first field."""
    document = listed()
    document["questions"][6]["fields"][0].update(more)
    return document


def many(path: str, count: int) -> dict[str, Any]:
    """The example with one part of a list so many times, each with a key of its own."""
    document = example()
    document["cases"] = []
    parts = at(document, path)
    parts += [{**parts[0], "key": f"k{place}"} for place in range(count)]
    return document


CASE = {"id": {}, "as_of": "2027-01-15", "answers": ANSWERS}
EXPECTED: list[Any] = [
    {}, "x", None, {"premium": {"steps": "x"}}, {"premium": {"steps": [[]]}}, {"premium": 1}, {"reasons": "x"},
    {"reasons": [1, {}, {"key": []}]}, {"terms": 5}, {"terms": [1, "a", None]}, {"asked": {}}, {"errors": 1},
    {"errors": [{}]}, {"payment": []}, {"payment": {"instalments": "x", "fees": {}}}, {"premium": {"net": [[]]}},
]  # fmt: skip


def each(name: str, values: list[Any], make: Callable[[Any], Any]) -> dict[str, Make]:
    """An entry of the corpus for each value."""
    return {f"{name} {place}": partial(make, value) for place, value in enumerate(values)}


def check_saying(text: str) -> dict[str, Any]:
    """The example with a check that says this text."""
    return added("checks", {"key": "C", "when": "value > 9", "at": "value", "text": {"en": text}})


CORPUS: dict[str, Make] = {
    **each("name", NAMES, lambda name: changed("questions.1.key", name)),
    **each("name of a field", NAMES, lambda name: field(key=name)),
    **each("name of a plan", NAMES[:9], lambda name: changed("payment.plans.0.key", name)),
    **each("limit", NUMBERS[:-1], lambda number: changed("questions.1.least", number)),
    **each("most records", NUMBERS[:-1], lambda number: listed(most=number)),
    **each("cell", NUMBERS, lambda number: changed("tables.0.rows.0.then.0", number)),
    **each("fee", NUMBERS, lambda number: changed("payment.plans.0.fee_per_payment", number)),
    **each("rounding", NUMBERS, lambda number: changed("rating.steps.0.rounding", {"to": number})),
    **each("text", TEXTS, lambda text: changed("terms.0.text.en", text)),
    **each("text of a check", TEXTS, check_saying),
    **each("formula", FORMULAS, lambda source: changed("acceptance.0.when", source, listed())),
    "fields": lambda: listed(fields=[{"key": f"f{n}", "type": "date", "label": T} for n in range(41)]),
    "chain of fields": lambda: listed(
        fields=[{"key": "f0", "type": "yes_no", "label": T}]
        + [{"key": f"f{n}", "type": "yes_no", "when": f"f{n - 1}", "label": T} for n in range(1, 40)]
    ),
    "nested fields": lambda: field(fields=[{"key": "inner", "type": "date", "label": T}]),
    "a list of itself": lambda: listed(when="count(losses) > 1"),
    "choices": lambda: changed("questions.5.choices", [{"key": f"c{n}", "label": T} for n in range(501)]),
    "questions": lambda: many("questions", 600),
    "rules": lambda: many("acceptance", 600),
    "plans": lambda: many("payment.plans", 30),
    "rows": lambda: changed("tables.0.rows", [{"when": [None], "then": ["1"]}] * 5001),
    "overlaps": lambda: changed("tables.0.rows", [{"when": [None], "then": ["1"]}] * 4000),
    "points twice": lambda: changed("tables.1.rows.1.when.0", "90000", fragment("limits")),
    "points of nothing": lambda: changed("tables.1.rows.1.when.0", None, fragment("limits")),
    "long chain of values": lambda: {**many("acceptance", 0), "computed": [
        {"key": "insured_sum", "formula": "value + default(battery_value, 0)"}, {"key": "c0", "formula": "insured_sum"},
        *({"key": f"c{n}", "formula": f"c{n - 1} + c{n - 1}"} for n in range(1, 490))]},
    "a rule that needs a long chain": lambda: {**changed("acceptance.0.when", "c489 > 1"), "computed": [
        {"key": "insured_sum", "formula": "value + default(battery_value, 0)"}, {"key": "c0", "formula": "insured_sum"},
        *({"key": f"c{n}", "formula": f"if c{n - 1} > 0 then c{n - 1} else 0"} for n in range(1, 490))]},
    "constants without end": lambda: {**many("acceptance", 0), "acceptance": [
        {**example()["acceptance"][0], "key": f"D{n}", "when": " or ".join(
            ["electric"] * (n % 9 + 1)) + f" and value in [{', '.join(f'{n + 1}{m:04}' for m in range(150))}]"}
        for n in range(200)]},
    "cells without end": lambda: changed("tables.0", {
        **example()["tables"][0], "keys": [{"name": "postcode", "type": "code", "match": "set"}], "default": ["1"],
        "rows": [{"when": [[f"{n * 20 + m:06}" for m in range(20)]], "then": ["1"]} for n in range(3000)]}),
    "bytes of another alphabet": lambda: ('{"\u2200": ' + "[" * 100_000).encode("utf-16"),
    "cycle of values": lambda: {**many("acceptance", 0), "computed": [
        {"key": f"c{n}", "formula": f"c{(n + 1) % 400}"} for n in range(400)]},
    "values that use all before": lambda: {**many("acceptance", 0), "computed": [
        {"key": "insured_sum", "formula": "value + default(battery_value, 0)"},
        *({"key": f"c{n}", "formula": " + ".join(["insured_sum", *(f"c{m}" for m in range(max(0, n - 110), n))])}
          for n in range(490))]},
    "a thousand long rules": lambda: {**many("acceptance", 0), "acceptance": [
        {**example()["acceptance"][0], "key": f"D{n}", "when": " + ".join([f"{n}"] * 100) + " > value"}
        for n in range(490)]},
    "a thousand wrong rules": lambda: {**many("acceptance", 0), "acceptance": [
        {**example()["acceptance"][0], "key": f"D{n}", "when": " + ".join([f"{n}"] * 100) + " > electric"}
        for n in range(490)]},
    "a thousand unreadable rules": lambda: {**many("acceptance", 0), "acceptance": [
        {**example()["acceptance"][0], "key": f"D{n}", "when": " + ".join([f"{n}"] * 100) + " >"}
        for n in range(490)]},
    "questions in a ring": lambda: {**many("acceptance", 0), "questions": [
        *example()["questions"],
        *({"key": f"q{n}", "type": "yes_no", "label": T, "why": T,
           "when": " and ".join(f"q{(n + m) % 400}" for m in range(1, 60))} for n in range(400))]},
    "languages": lambda: changed("languages", ["en"] * 13),
    "cases": lambda: {**example(), "cases": [{"id": n} for n in range(2001)]},
    **each("case", EXPECTED, lambda expected: {**example(), "cases": [{**CASE, "expected": expected}]}),
    "case of nothing": lambda: {**example(), "cases": [{}]},
    "nesting": lambda: {**example(), "cases": [json.loads('{"a":' * 22 + "1" + "}" * 22)]},
    "a key of a megabyte": lambda: {**example(), "x" * 1_000_000: 1},
    "nothing": dict, "a list": list, "a number": lambda: "1", "bytes": lambda: b"\x00\xff", "empty": lambda: "",
}  # fmt: skip


@pytest.mark.parametrize("name", CORPUS)
def test_a_hostile_document_is_refused_or_harmless_at_a_bounded_cost(name):
    document = CORPUS[name]()
    with calls_at_most(3_000_000):
        found = check(document)
        assert all(error["path"] and 10 < len(error["message"]) < 1000 for error in found["errors"])
        if found["ok"]:
            evaluation = evaluate(compile_definition(document), AS_OF, {**ANSWERS, "losses": LOSSES})
            json.dumps(to_json(evaluation))
        else:
            assert found["errors"]


def test_most_of_the_corpus_is_refused():
    refused = sum(not check(make())["ok"] for make in CORPUS.values())
    assert len(CORPUS) > 200 and refused > len(CORPUS) * 0.9


DEEP: Any = json.loads("[" * 500 + "]" * 500)
HOSTILE_ANSWERS: list[Any] = [
    [{}], [[]], [None], [1], ["x"], {"0": {}}, "losses", 5, True, [{}] * 201, [{}] * 100_000, [LOSSES[0]] * 11, DEEP,
    [{"cause": "x" * 1_000_000}], [{"cause": DEEP}], [{"amount": 10**5000}], [{"amount": float("nan")}],
    [{**LOSSES[1], "x" * 100_000: 1}], [{**LOSSES[1], 5: 1}], [{**LOSSES[1], **{f"f{n}": 1 for n in range(5000)}}],
    [{**LOSSES[1], "loss_date": "0000-00-00"}], [{**LOSSES[1], "loss_date": None}], [{**LOSSES[0], "reported": "yes"}],
    [{**LOSSES[0], "__class__": 1}],
]  # fmt: skip


@pytest.mark.parametrize("place", range(len(HOSTILE_ANSWERS)))
def test_hostile_records_are_refused_at_their_place(place):
    product = compile_definition(listed())
    with calls_at_most(3_000_000):
        found = evaluate(product, AS_OF, {**ANSWERS, "losses": HOSTILE_ANSWERS[place]})
        assert found.errors and found.decision is None
        assert all(problem.path.startswith("answers.losses") for problem in found.errors)
        assert all(len(problem.message) < 500 for problem in found.errors)
        read_form(product, {"losses": HOSTILE_ANSWERS[place]}, "nl")


def test_answers_to_thousands_of_unknown_questions_are_refused_at_a_bounded_cost():
    questions = [
        {"key": f"question_number_{n}", "type": "integer", "recorded": True, "optional": True, "label": T, "why": T}
        for n in range(490)
    ]
    product = compile_definition({**example(), "cases": [], "questions": [*example()["questions"], *questions]})
    with calls_at_most(3_000_000):
        found = evaluate(product, AS_OF, {**ANSWERS, **{f"questoin_number_{n}": 1 for n in range(1900)}})
        assert len(found.errors) == 1900 and "Did you mean" in found.errors[0].message


def test_fields_whose_conditions_have_no_result_are_all_named_at_a_bounded_cost():
    fields = [{"key": f"f{n}", "type": "yes_no", "when": "1 / (value - value) > 0", "label": T} for n in range(40)]
    losses = {"key": "faulty", "type": "list", "most": 200, "recorded": True, "label": T, "why": T, "fields": fields}
    product = compile_definition(added("questions", losses))
    with calls_at_most(3_000_000):
        found = evaluate(product, AS_OF, {**ANSWERS, "faulty": [{}] * 200})
        assert len(found.errors) == 8000 and found.errors[-1].path == "answers.faulty[199].f39"


def test_a_value_through_as_many_others_as_allowed_is_worked_out():
    chain = [{"key": f"c{n}", "formula": f"c{n - 1} + 1" if n else "value"} for n in range(52)]
    document = changed("acceptance.0.when", 'c51 > 1301 and lock <> "ring"')
    document["computed"] += chain
    found = evaluate(compile_definition(document), AS_OF, ANSWERS)
    assert found.decision == "accept" and found.ok
    document["computed"] += [{"key": "c52", "formula": "c51 + 1"}, {"key": "c53", "formula": "c52 + 1"}]
    [error] = check(document)["errors"]
    assert "at most 160 operations inside each other" in error["message"]


def test_many_records_of_many_fields_stay_within_the_budget():
    fields = [{"key": f"f{n}", "type": "yes_no", "when": "value > 1", "label": T} for n in range(40)]
    document = example()
    document["cases"] = []
    document["questions"] += [
        {"key": f"l{place}", "type": "list", "most": 200, "recorded": True, "label": T, "why": T,
         "fields": [{**field, "key": f"l{place}{field['key']}"} for field in fields]}
        for place in range(20)
    ]  # fmt: skip
    product = compile_definition(document)
    lists = {f"l{place}": [{f"l{place}f{n}": True for n in range(40)}] * 200 for place in range(20)}
    with calls_at_most(3_000_000):
        found = evaluate(product, AS_OF, {**ANSWERS, **lists})
        assert {problem.code for problem in found.errors} == {"steps"}
