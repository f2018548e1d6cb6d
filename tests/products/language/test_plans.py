"""Payment plans to the cent: due days, surcharges, fees, deposits, refusals; and sections with their own tax."""

import json
import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from products.language import ask, check, compile_definition, evaluate, run_cases, to_json
from tests.products.language.contents_and_glass import product
from tests.products.language.samples import ANSWERS, PLANS_TEST, TRAILER, added, changed, errors, fragment
from tests.shared import shared

AS_OF = date(2026, 12, 1)
# Cases of the German dossier whose questions this smaller product has: glass alone, each plan and each refusal.
GLASS_CASES = ["CG-02", "CG-03", "CG-04", "CG-05", "CG-09", "CG-10", "CG-11", "CG-12"]


def amounts(plan):
    return [str(instalment.amount) for instalment in plan.instalments]


def test_due_days_step_by_month_and_stay_in_the_month():
    found = evaluate(
        compile_definition(PLANS_TEST.read_bytes()), AS_OF, {"start_date": "2027-01-31", "insured_sum": "100000"}
    )
    by_key = {plan.plan: plan for plan in found.plans}
    assert [str(i.due_on) for i in by_key["quarterly"].instalments] == [
        "2027-01-31", "2027-04-30", "2027-07-31", "2027-10-31",
    ]  # fmt: skip
    assert amounts(by_key["quarterly"]) == ["302.50"] * 4
    monthly = by_key["monthly"].instalments
    assert [str(i.due_on) for i in monthly[:3]] == ["2027-01-31", "2027-02-28", "2027-03-31"]
    assert {str(i.amount) for i in monthly} == {"100.83", "100.84"}
    assert sum(i.amount for i in monthly) == Decimal("1210.00")


@pytest.mark.parametrize("total", ["1000.00", "1234.56", "99999.99", "500000.00", "123456.78"])
def test_instalments_are_the_total(total):
    found = evaluate(
        compile_definition(PLANS_TEST.read_bytes()), AS_OF, {"start_date": "2028-02-29", "insured_sum": total}
    )
    assert found.premium is not None
    for plan in found.plans:
        assert sum(i.amount for i in plan.instalments) == plan.total == found.premium.total


def test_the_document_is_a_product():
    assert check(product()) == {"ok": True, "errors": []}


@pytest.mark.parametrize("case_id", GLASS_CASES)
def test_a_printed_glass_case_comes_out(case_id):
    cases = json.loads(shared("products", "de-contents-glass", "cases.json").read_text(encoding="utf-8"))["cases"]
    [case] = [case for case in cases if case["id"] == case_id]
    for name in ("other_glass_buildings", "conservatory"):
        case["answers"].pop(name, None)
    case["expected"]["asked"] = [key for key in case["expected"]["asked"] if key in case["answers"]]
    assert run_cases(product(), [case])["cases"][0]["differences"] == []


def contents_and_glass(plan, direct_debit=None, **more):
    answers = {
        "contents": True,
        "glass": True,
        "living_area_m2": "60",
        "dwelling_type": "flat",
        "payment_frequency": plan,
    }
    if direct_debit is not None:
        answers["direct_debit"] = direct_debit
    return evaluate(compile_definition(product()), date(2012, 1, 1), {**answers, **more})


def test_surcharge_per_section_and_two_tax_rates():
    found = contents_and_glass("half_yearly", False, living_area_m2="140", dwelling_type="house")
    premium = found.premium
    assert [step.value for step in premium.steps if step.listed] == [
        "91000.00", "163.80", "168.71", "30.37", "45.00", "46.35", "8.81", "254.24",
    ]  # fmt: skip
    assert (str(premium.net), str(premium.tax), str(premium.total)) == ("215.06", "39.18", "254.24")
    assert amounts(found.payment) == ["127.12", "127.12"]
    assert [(line.section, str(line.base), str(line.rate), str(line.amount)) for line in premium.tax_lines] == [
        ("contents", "168.71", "18", "30.37"),
        ("glass", "46.35", "19", "8.81"),
    ]
    assert [(section.key, str(section.net)) for section in premium.sections] == [
        ("contents", "168.71"),
        ("glass", "46.35"),
    ]
    assert sum(premium.commission[0].by_section.values()) == premium.commission[0].amount


def test_the_last_instalment_takes_the_rest():
    found = contents_and_glass("monthly", True)
    assert amounts(found.payment) == ["11.00"] * 11 + ["10.96"]
    assert str(found.payment.total) == "131.96"


def test_a_refused_plan_shows_what_is_offered():
    found = contents_and_glass("monthly", False)
    assert (found.decision, found.payment.allowed, found.payment.reason) == (
        "accept",
        False,
        "P01_MONTHLY_NEEDS_DIRECT_DEBIT",
    )
    assert (str(found.payment.refused_instalment), found.payment.offered) == ("11.00", "annual")
    assert found.premium is not None and str(found.premium.total) == "125.68" and amounts(found.payment) == ["125.68"]
    by_key = {plan.plan: plan.allowed for plan in found.plans}
    assert by_key == {"annual": True, "half_yearly": True, "quarterly": True, "monthly": False}


def test_a_plan_that_needs_another_answer_says_which():
    found = contents_and_glass("annual")
    assert [(plan.plan, plan.allowed, plan.missing) for plan in found.plans] == [
        ("annual", True, ()),
        ("half_yearly", None, ("direct_debit",)),
        ("quarterly", None, ("direct_debit",)),
        ("monthly", None, ("direct_debit",)),
    ]


def test_the_order_picks_a_plan():
    answers = {"contents": True, "glass": False, "living_area_m2": "52.3", "payment_frequency": "annual"}
    ready = compile_definition(product())
    assert evaluate(ready, date(2012, 1, 1), answers, "annual").plan == "annual"
    chosen = evaluate(ready, date(2012, 1, 1), {**answers, "direct_debit": True}, "monthly")
    assert chosen.payment is not None
    assert (chosen.plan, len(chosen.payment.instalments)) == ("monthly", 12)
    [problem] = evaluate(ready, date(2012, 1, 1), answers, "monthly").errors
    assert problem.path == "answers.direct_debit"


def test_fee_a_payment_and_minimum_instalments():
    plan = {
        "key": "quarterly", "names": {"en": "Quarterly"}, "instalments": 4, "interval_months": 3,
        "division": "balance_anew", "fee_per_payment": "6.00", "minimum_instalment": "40.00", "minimum_last": "10.00",
    }  # fmt: skip
    found = evaluate(compile_definition(added("payment.plans", plan)), date(2027, 1, 15), ANSWERS)
    quarterly = found.plans[2]
    assert [(str(i.premium), str(i.fee), str(i.amount)) for i in quarterly.instalments] == [
        ("40.00", "6.00", "46.00"), ("40.00", "6.00", "46.00"), ("28.90", "6.00", "34.90"),
    ]  # fmt: skip
    assert quarterly.premium is not None
    assert (str(quarterly.fees), str(quarterly.total), str(quarterly.premium.total)) == ("18.00", "126.90", "108.90")


def test_a_deposit_moves_the_due_days():
    plan = {
        "key": "deposit", "names": {"en": "Deposit"}, "instalments": 12, "interval_months": 1, "division": "deposit",
        "deposit": "2",
    }  # fmt: skip
    found = evaluate(compile_definition(added("payment.plans", plan)), date(2027, 1, 15), ANSWERS)
    deposit = found.plans[2].instalments
    assert [str(i.due_on) for i in deposit[:3]] == ["2027-02-01", "2027-04-01", "2027-05-01"]
    assert (len(deposit), str(deposit[0].amount), sum(i.amount for i in deposit)) == (11, "18.16", Decimal("108.90"))


def test_a_deposit_of_all_shares_is_refused():
    plan = {
        "key": "deposit", "names": {"en": "Deposit"}, "instalments": 3, "interval_months": 1, "division": "deposit",
        "deposit": "3",
    }  # fmt: skip
    [problem] = evaluate(compile_definition(added("payment.plans", plan)), date(2027, 1, 15), ANSWERS).errors
    assert (problem.path, problem.code) == ("payment.plans[2]", "deposit")


def test_the_total_is_the_sum_of_the_parts_or_the_rounding_shown():
    wrong = changed("rating.steps.5.formula", 'sum_of("premium", "tax") + 0.10')
    [problem] = evaluate(compile_definition(wrong), date(2027, 1, 15), ANSWERS).errors
    assert (problem.path, problem.code) == ("rating.steps[5]", "total_differs")
    wrong["rating"]["rounding_limit"] = "0.50"
    premium = evaluate(compile_definition(wrong), date(2027, 1, 15), ANSWERS).premium
    assert premium is not None
    assert (str(premium.rounding), str(premium.total)) == ("0.10", "109.00")


def test_an_amount_too_large_for_the_books_is_an_error():
    document = changed("rating.steps.0.formula", "insured_sum * 99999999999999")
    assert errors(document)["tables[0].key"]
    document["rating"]["steps"][0]["formula"] = "insured_sum * 99999999999999 * lookup(regions, postcode)"
    [problem] = evaluate(compile_definition(document), date(2027, 1, 15), ANSWERS).errors
    assert (problem.path, problem.code) == ("rating.steps[0]", "amount_too_large")


def answer_for(rng, part):
    """An answer that mostly fits its question."""
    if part.spec.type == "yes_no":
        return rng.random() < 0.5
    if part.spec.type in ("one_of", "several_of"):
        options = list(part.type.options)
        return rng.choice(options) if part.spec.type == "one_of" else rng.sample(options, rng.randint(0, len(options)))
    if part.spec.type == "date":
        return (date(2008, 3, 1) + timedelta(rng.randrange(9000))).isoformat()
    return rng.choice([rng.randint(0, 100), str(rng.randint(1, 30000)), f"{rng.randint(1, 9999)}.5", "x", None])


@pytest.mark.parametrize("name", ["trailer", "contents-glass", "plans-test"])
def test_whatever_is_priced_adds_up(name):
    documents: dict[str, Any] = {
        "trailer": TRAILER.read_bytes,
        "plans-test": PLANS_TEST.read_bytes,
        "contents-glass": lambda: json.dumps(product()),
    }
    ready = compile_definition(documents[name]())
    rng, priced = random.Random(3), 0
    for _time in range(400):
        answers: dict = {}
        for part in ready.questions:
            if part.spec.key in ask(ready, AS_OF, answers).keys:
                answers[part.spec.key] = answer_for(rng, part)
        found = evaluate(ready, AS_OF, answers)
        json.dumps(to_json(found))
        if found.premium is None:
            continue
        priced += 1
        for plan in found.plans:
            if plan.premium is not None:
                premium = plan.premium
                assert premium.net + premium.tax + premium.fees + premium.rounding == premium.total
                assert sum(i.amount for i in plan.instalments) == plan.total == premium.total + plan.fees
                assert sum(c.amount for c in premium.components) == premium.total - premium.rounding
                assert sum(line.amount for line in premium.tax_lines) == premium.tax
                assert sum(section.net for section in premium.sections) == premium.net
    assert priced > 20


def test_a_section_that_depends_on_the_plans_question_is_priced_anew_for_each_plan():
    document = fragment("assistance")
    document["cases"] = []
    document["questions"][-1] = {
        "key": "way", "type": "one_of", "label": {"en": "How?"}, "why": {"en": "It decides on the price."},
        "choices": [{"key": "annual", "label": {"en": "Yearly"}}, {"key": "monthly", "label": {"en": "Monthly"}}],
    }  # fmt: skip
    document["payment"]["question"] = "way"
    document["payment"]["plans"][1]["surcharge_percent"] = "0"
    document["sections"][-1]["when"] = 'way = "monthly"'  # help on the road, of 15.00 and its tax of 3.15
    next(step for step in document["rating"]["steps"] if step["key"] == "net")["formula"] = "after_minimum"
    for way in ("annual", "monthly"):
        found = evaluate(compile_definition(document), date(2027, 1, 15), {**ANSWERS, "way": way})
        assert {plan.plan: str(plan.total) for plan in found.plans} == {"annual": "108.90", "monthly": "127.05"}


def test_a_part_of_the_price_has_a_key_that_an_invoice_can_keep():
    document = changed("rating.steps.3.key", "n" * 41)
    document["rating"]["steps"][4].update(formula=f"{'n' * 41} * 21%", component={
        "kind": "tax", "base": "n" * 41, "rate": "21"}, how={"en": "tax"})  # fmt: skip
    document["taxes"][0]["exemption"] = {"en": "x" * 201}
    assert set(errors(document)) == {"rating.steps[3].key", "taxes[0].exemption.en"}
