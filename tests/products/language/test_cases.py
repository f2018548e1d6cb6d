"""The worked cases of the horse trailer, and a comparison that notices every figure."""

import copy
import json
from datetime import date
from typing import Any

import pytest

from products.language import check, compile_definition, evaluate, json_schema, quote, run_cases
from tests.products.language.samples import PLANS_TEST, TRAILER, example
from tests.shared import shared

CASES = [f"TR-{number:02}" for number in range(1, 14)]


@pytest.fixture(scope="module")
def trailer() -> dict:
    return json.loads(TRAILER.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case_id", CASES)
def test_printed_case_comes_out_to_the_cent(case_id, trailer):
    cases = json.loads(shared("products", "nl-horse-trailer", "cases.json").read_text(encoding="utf-8"))["cases"]
    found = run_cases(trailer, [case for case in cases if case["id"] == case_id])
    assert found == {"passed": 1, "failed": 0, "cases": [{"id": case_id, "ok": True, "differences": []}]}


def test_cases_file_passes_as_a_whole(trailer):
    found = run_cases(trailer, shared("products", "nl-horse-trailer", "cases.json").read_bytes())
    assert (found["passed"], found["failed"]) == (13, 0)


def test_the_document_carries_the_same_thirteen_cases(trailer):
    found = run_cases(trailer)
    assert [case["id"] for case in found["cases"]] == CASES
    assert found["failed"] == 0
    assert check(TRAILER.read_bytes()) == {"ok": True, "errors": []}


def test_quote_has_the_fixed_shape(trailer):
    case = trailer["cases"][12]
    found = quote(trailer, {"as_of": case["as_of"], "answers": case["answers"]})
    assert list(found) == ["asked", "decision", "reasons", "terms", "premium", "not_rated_because", "payment"]
    assert found["premium"]["steps"][0] == {
        "key": "premium_by_value",
        "value": "116.88",
        "how": "€8,500.00 × 1.375 %, to the cent",
    }
    assert {key: found["premium"][key] for key in ("indicative", "net", "tax", "fees", "rounding", "total")} == {
        "indicative": True, "net": "116.88", "tax": "24.54", "fees": "0.00", "rounding": "0.00", "total": "141.42",
    }  # fmt: skip
    assert found["payment"] == {
        "plan": "annual", "allowed": True, "instalments": ["141.42"], "fees": "0.00", "total": "141.42",
    }  # fmt: skip


CHANGES = [
    ("asked", lambda e: e["asked"].pop(), "asked"),
    ("order asked", lambda e: e["asked"].reverse(), "asked"),
    ("decision", lambda e: e.update(decision="accept"), "decision"),
    ("reason gone", lambda e: e["reasons"].pop(), "reasons"),
    ("reason outcome", lambda e: e["reasons"][0].update(outcome="decline"), "reasons"),
    ("term", lambda e: e["terms"].append("T99"), "terms"),
    ("indicative", lambda e: e["premium"].update(indicative=False), "premium.indicative"),
    ("step gone", lambda e: e["premium"]["steps"].pop(0), "premium.steps"),
    ("step value", lambda e: e["premium"]["steps"][0].update(value="116.87"), "premium.steps.premium_by_value"),
    ("net", lambda e: e["premium"].update(net="116.89"), "premium.net"),
    ("tax", lambda e: e["premium"].update(tax="24.55"), "premium.tax"),
    ("fees", lambda e: e["premium"].update(fees="1.00"), "premium.fees"),
    ("total", lambda e: e["premium"].update(total="141.43"), "premium.total"),
    ("no premium", lambda e: e.update(premium=None), "premium"),
    ("not rated", lambda e: e.update(not_rated_because="no tariff"), "not_rated_because"),
    ("plan", lambda e: e["payment"].update(plan="monthly"), "payment.plan"),
    ("allowed", lambda e: e["payment"].update(allowed=False), "payment.allowed"),
    ("instalments", lambda e: e["payment"].update(instalments=["70.71", "70.71"]), "payment.instalments"),
    ("payment total", lambda e: e["payment"].update(total="1"), "payment.total"),
    ("errors", lambda e: e.update(errors=["answers.age_months"]), "errors"),
]


@pytest.mark.parametrize(("change", "field"), [(c, f) for _n, c, f in CHANGES], ids=[n for n, _c, _f in CHANGES])
def test_every_difference_is_noticed(change, field, trailer):
    case = copy.deepcopy(trailer["cases"][12])
    change(case["expected"])
    [found] = run_cases(trailer, [case])["cases"]
    assert not found["ok"]
    assert field in [difference["field"] for difference in found["differences"]]
    assert all(set(difference) == {"field", "expected", "found"} for difference in found["differences"])


def test_a_failing_case_is_a_mistake_of_the_document():
    document = example()
    document["cases"][0]["expected"]["premium"]["total"] = "109.00"
    assert check(document)["errors"] == [
        {
            "path": "cases[0].expected.premium.total",
            "message": "Case B-01, premium.total: expected 109.00, found 108.90.",
        }
    ]


def test_a_case_that_expects_nothing_is_named_by_its_id():
    document = example()
    del document["cases"][1]["expected"]
    [found] = check(document)["errors"]
    assert found == {"path": "cases[1].expected", "message": "Case B-02, expected: expected an object, found nothing."}


def test_a_case_may_expect_errors():
    case: dict[str, Any] = {"id": "E", "as_of": "2027-01-15", "answers": {}, "expected": {"errors": ["answers.value"]}}
    [found] = run_cases(example(), [case])["cases"]
    assert found["differences"][0]["field"] == "errors"
    case["expected"]["errors"] = [f"answers.{key}" for key in ("start_date", "value", "postcode", "electric", "lock")]
    assert run_cases(example(), [case])["passed"] == 1


def test_a_wrong_definition_or_file_is_one_failed_case():
    found = run_cases({"format": "product/1"})
    assert (found["passed"], found["failed"], found["cases"][0]["id"]) == (0, 1, "definition")
    found = run_cases(example(), {"cases": 3})
    assert found["cases"][0]["differences"][0]["field"] == "cases"
    found = run_cases(example(), ["x"])
    assert found["cases"][0]["differences"] == [{"field": "expected", "expected": "an object", "found": "a text"}]


def test_json_schema_describes_the_document():
    schema = json_schema()
    assert schema["additionalProperties"] is False
    assert {"questions", "tables", "rating", "payment", "ipid", "cases"} <= set(schema["properties"])


def test_plans_test_product_proves_four_and_twelve_items():
    product = compile_definition(PLANS_TEST.read_bytes())
    answers = {"start_date": "2027-01-31", "insured_sum": "100000"}
    for plan, count in (("annual", 1), ("quarterly", 4), ("monthly", 12)):
        found = evaluate(product, date(2026, 12, 1), answers, plan)
        premium = found.premium
        assert premium is not None and found.payment is not None
        assert [str(premium.net), str(premium.tax), str(premium.total)] == ["1000.00", "210.00", "1210.00"]
        assert found.plan == found.payment.plan == plan
        assert len(found.payment.instalments) == count
        assert sum(instalment.amount for instalment in found.payment.instalments) == premium.total
        assert str(premium.commission[0].amount) == "150.00"
    assert check(PLANS_TEST.read_bytes()) == {"ok": True, "errors": []}
