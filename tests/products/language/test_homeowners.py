"""The worked cases of the Missouri homeowners product: to the cent and to the asked set, from the document alone."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from products.language import check, compile_definition, evaluate, run_cases
from tests.shared import CHECKOUT, shared

HOMEOWNERS = CHECKOUT / "products" / "catalogue" / "us-mo-homeowners-premier.json"
AS_OF = date(2017, 5, 1)
CASES = [f"HO-{number:02}" for number in range(1, 18)]


@pytest.fixture(scope="module")
def homeowners() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(HOMEOWNERS.read_text(encoding="utf-8"))
    return document


@pytest.fixture(scope="module")
def answers(homeowners) -> dict[str, Any]:
    return dict(homeowners["cases"][0]["answers"])


def printed() -> dict[str, Any]:
    path = shared("products", "us-mo-homeowners-premier", "cases.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("case_id", CASES)
def test_printed_case_comes_out_to_the_cent(case_id, homeowners):
    found = run_cases(homeowners, [case for case in printed()["cases"] if case["id"] == case_id])
    assert found == {"passed": 1, "failed": 0, "cases": [{"id": case_id, "ok": True, "differences": []}]}


def test_the_document_is_a_product_and_holds_its_cases(homeowners):
    assert check(homeowners) == {"ok": True, "errors": []}
    assert [case["id"] for case in homeowners["cases"]] == CASES
    assert (run_cases(homeowners)["passed"], run_cases(homeowners)["failed"]) == (17, 0)


@pytest.mark.parametrize("place", range(4))
def test_printed_schedule_of_the_quarterly_plan(place, homeowners, answers):
    wanted = printed()["schedule_checks"][place]
    document = {**homeowners, "cases": []}
    rating = json.loads(json.dumps(homeowners["rating"]))
    net = next(step for step in rating["steps"] if step["key"] == "net")
    net["formula"] = f"max(min(after_protective_devices, 0), {wanted['premium']})"
    found = evaluate(compile_definition({**document, "rating": rating}), AS_OF, answers, wanted["plan"])
    assert found.payment is not None and found.premium is not None
    assert str(found.premium.total) == wanted["premium"]
    assert [str(part.premium) for part in found.payment.instalments] == wanted["premium_part_per_instalment"]
    assert {str(part.fee) for part in found.payment.instalments} == {wanted["service_charge_each"]}


def test_three_years_count_back_from_the_application(homeowners, answers):
    product = compile_definition(homeowners)
    loss = {"cause": "liability", "amount": "100"}
    outcomes = {}
    for day in ("2014-04-30", "2014-05-01", "2017-05-01"):
        outcomes[day] = evaluate(product, AS_OF, {**answers, "losses": [{"date": day, **loss}]}).decision
    assert outcomes == {"2014-04-30": "accept", "2014-05-01": "decline", "2017-05-01": "decline"}
    future = evaluate(product, AS_OF, {**answers, "losses": [{"date": "2017-05-02", **loss}]})
    assert [(problem.path, problem.code) for problem in future.errors] == [("answers.losses[0].date", "contradiction")]


def test_the_underwriter_reads_the_losses_in_words(homeowners, answers):
    loss = {"date": "2016-06-01", "cause": "nature", "amount": "15000", "repaired": True, "chargeable": True}
    told = [{**loss, "proof_of_repair": False}, {**loss, "amount": "9000"}]
    found = evaluate(compile_definition(homeowners), AS_OF, {**answers, "losses": told})
    by_key = {reason.key: reason for reason in found.reasons}
    assert set(by_key) == {"D04_MORE_THAN_ONE_LOSS_3Y", "R01_PROOF_OF_REPAIR"}
    assert by_key["D04_MORE_THAN_ONE_LOSS_3Y"].detail == {"en": "2 losses since 1\u00a0May\u00a02014"}
    assert "the largest is $15,000.00" in by_key["R01_PROOF_OF_REPAIR"].underwriter["en"]
    assert [term.key for term in found.terms] == ["T01_DEDUCTIBLE_RAISED_TO_2500"]
    assert found.ipid == ()


def test_a_lender_who_pays_has_the_yearly_plan_only(homeowners, answers):
    told = {key: value for key, value in answers.items() if key != "payment_plan"}
    found = evaluate(compile_definition(homeowners), AS_OF, {**told, "payer": "mortgagee"})
    assert [plan.plan for plan in found.plans] == ["annual"] and found.plan == "annual"
    own = evaluate(compile_definition(homeowners), AS_OF, answers)
    assert [(plan.plan, plan.allowed, plan.missing) for plan in own.plans] == [
        ("annual", True, ()), ("quarterly", True, ()), ("eft_monthly", None, ("days_before_start",)),
    ]  # fmt: skip


def test_the_premium_rises_with_the_limit_and_never_jumps(homeowners, answers):
    product = compile_definition(homeowners)
    before = Decimal(0)
    for limit in range(90_000, 260_000, 1_700):
        found = evaluate(product, AS_OF, {**answers, "replacement_cost": str(limit), "coverage_a": str(limit)})
        assert found.premium is not None
        assert 0 <= found.premium.total - before < 20 or limit == 90_000
        before = found.premium.total
