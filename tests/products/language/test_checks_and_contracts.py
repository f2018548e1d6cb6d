"""Answers that contradict each other, plans that aren't there for everybody, editions in questions, other contracts."""

from datetime import date
from typing import Any

import pytest

from products.language import ask, compile_definition, evaluate, quote, run_cases
from tests.products.language.samples import ANSWERS, added, changed, errors, example, fragment

AS_OF = date(2027, 1, 15)
T = {"en": "x"}
ELECTRIC = {**ANSWERS, "electric": True, "battery_value": "400"}
HOME = {"product": "home-1", "line_of_business": "home", "valid_from": "2026-01-01"}


def found_problems(product, answers, **more):
    return [(problem.path, problem.code) for problem in evaluate(product, AS_OF, answers, **more).errors]


# Checks ---------------------------------------------------------------------------------------------------------------


def test_a_contradiction_stands_at_its_answer_in_words():
    product = compile_definition(fragment("C01_BATTERY"))
    found = evaluate(product, AS_OF, {**ELECTRIC, "battery_value": "1250.01"})
    [problem] = found.errors
    assert (problem.path, problem.code, problem.question) == ("answers.battery_value", "contradiction", "battery_value")
    assert problem.message == "The battery can't be worth more than the bicycle, which is worth €1,250.00."
    assert problem.values == {"key": "battery_value", "check": "C01_BATTERY", "texts": {"en": problem.message}}
    assert found.decision is None and found.premium is None
    assert found_problems(product, {**ELECTRIC, "battery_value": "1250"}) == []


def test_a_check_is_skipped_where_its_question_is_not_asked_or_something_is_not_known():
    product = compile_definition(fragment("C01_BATTERY"))
    assert found_problems(product, ANSWERS) == []
    assert found_problems(product, {**ELECTRIC, "battery_value": "9999", "value": "x"}) == [
        ("answers.value", "not_an_amount")
    ]
    held = evaluate(product, AS_OF, ELECTRIC).trace.conditions
    [looked] = [looked for looked in held if looked.kind == "check"]
    assert (looked.key, looked.fired, looked.refused_by) == ("C01_BATTERY", False, "battery_value > value")
    assert looked.values == {"battery_value": "400.00", "value": "1250.00"}


def test_a_check_of_a_field_is_looked_at_in_each_record():
    product = compile_definition(fragment("holidays"))
    good, bad = {"leaves": "2027-05-01", "returns": "2027-05-09"}, {"leaves": "2027-05-01", "returns": "2027-04-09"}
    assert found_problems(product, {**ANSWERS, "holidays": [good, bad, good, bad]}) == [
        ("answers.holidays[1].returns", "contradiction"),
        ("answers.holidays[3].returns", "contradiction"),
    ]
    assert found_problems(product, {**ANSWERS, "holidays": [good]}) == []
    assert [problem.path for problem in ask(product, AS_OF, {"holidays": [bad]}).problems][-1:] == [
        "answers.holidays[0].returns"
    ]


def test_options_that_exclude_each_other():
    document = fragment("use", document=example())
    document["checks"] = [
        {"key": "C", "when": 'all_of(use, "work", "sport")', "at": "use", "text": {"en": "Choose work or sport."}}
    ]
    product = compile_definition(document)
    assert found_problems(product, {**ANSWERS, "use": ["work", "sport"]}) == [("answers.use", "contradiction")]
    assert found_problems(product, {**ANSWERS, "use": ["work"]}) == []


def test_a_check_without_a_result_is_an_error_of_the_check():
    check = {"key": "C", "when": "1 / (year(as_of) - 2027) > 1", "at": "value", "text": T}
    product = compile_definition(added("checks", check))
    assert found_problems(product, ANSWERS) == [("checks[0].when", "division_by_zero")]


CHECK = {"key": "C", "when": "value > 1", "at": "value", "text": T}


@pytest.mark.parametrize(
    ("change", "path", "part"),
    [
        ({"at": "valeu"}, "checks[0].at", "Did you mean “value”?"),
        ({"at": "insured_sum"}, "checks[0].at", "Expected the key of a question or field, found “insured_sum”"),
        ({"when": "battery_value > 1"}, "checks[0].when", "only has a value when electric"),
        ({"when": "edition + 1"}, "checks[0].when", "Expected a number or an amount"),
        ({"when": "net > 1"}, "checks[0].when", "Expected a known name, found “net”"),
        ({"text": {}}, "checks[0].text.en", "Expected a text in en"),
    ],
)
def test_a_mistake_in_a_check_is_found(change, path, part):
    assert part in errors(added("checks", {**CHECK, **change}))[path]
    assert errors(added("checks", CHECK)) == {}


# Plans ----------------------------------------------------------------------------------------------------------------


def test_a_plan_that_is_not_there_is_neither_priced_nor_chosen():
    product = compile_definition(fragment("half_yearly"))
    assert [plan.plan for plan in evaluate(product, AS_OF, ANSWERS).plans] == ["annual", "monthly", "half_yearly"]
    small = {**ANSWERS, "value": "500"}
    found = evaluate(product, AS_OF, small)
    assert [plan.plan for plan in found.plans] == ["annual", "monthly"] and found.plan == "annual"
    assert found_problems(product, small, plan="half_yearly") == [("plan", "plan_not_here")]
    assert evaluate(product, AS_OF, ANSWERS, "half_yearly").plan == "half_yearly"


def test_where_the_plan_is_not_asked_the_first_that_is_there_is_quoted():
    document = example()
    choices = [{"key": key, "label": T} for key in ("annual", "monthly")]
    document["cases"] = []
    document["questions"] += [
        {"key": "lender_pays", "type": "yes_no", "label": T, "why": T},
        {"key": "pays", "type": "one_of", "when": "not lender_pays", "choices": choices, "label": T, "why": T},
    ]
    document["payment"]["question"] = "pays"
    document["payment"]["plans"].reverse()
    document["payment"]["plans"][0]["when"] = "not lender_pays"
    product = compile_definition(document)
    lender = evaluate(product, AS_OF, {**ANSWERS, "lender_pays": True})
    assert (lender.plan, [plan.plan for plan in lender.plans]) == ("annual", ["annual"])
    own = evaluate(product, AS_OF, {**ANSWERS, "lender_pays": False, "pays": "monthly"})
    assert (own.plan, [plan.plan for plan in own.plans]) == ("monthly", ["monthly", "annual"])
    document["payment"]["plans"][0]["when"] = "lender_pays"
    wrong = evaluate(compile_definition(document), AS_OF, {**ANSWERS, "lender_pays": False, "pays": "monthly"})
    assert [(problem.path, problem.code) for problem in wrong.errors] == [("answers.pays", "plan_not_here")]


def test_no_plan_at_all_is_an_error():
    document = example()
    document["cases"] = []
    for plan in document["payment"]["plans"]:
        plan["when"] = "value > 5000"
    product = compile_definition(document)
    assert found_problems(product, ANSWERS) == [("payment.plans", "no_plan")]
    assert evaluate(product, AS_OF, {**ANSWERS, "lock": "none"}).decision == "decline"


def test_a_refused_plan_never_offers_one_that_is_not_there():
    document = fragment("half_yearly")
    document["payment"]["plans"][1].update(offered_instead="half_yearly")
    document["payment"]["plans"][1]["refusals"][0]["when"] = "instalment < 300"
    product = compile_definition(document)
    offered = {plan.plan: plan.offered for plan in evaluate(product, AS_OF, ANSWERS).plans}
    assert offered["monthly"] == "half_yearly"
    offered = {plan.plan: plan.offered for plan in evaluate(product, AS_OF, {**ANSWERS, "value": "400"}).plans}
    assert offered["monthly"] == "annual"


def test_a_wrong_condition_of_a_plan_is_found():
    assert (
        "Expected a known name, found “net”"
        in errors(changed("payment.plans.1.when", "net > 1"))["payment.plans[1].when"]
    )


# Editions in questions ------------------------------------------------------------------------------------------------


def test_a_question_may_depend_on_the_edition():
    document = fragment("chip_number")
    document["editions"].insert(0, {"key": "2026", "valid_from": "2026-01-01", "valid_until": "2027-01-01"})
    document["edition_by"] = "start_date"
    product = compile_definition(document)
    assert "chip_number" in ask(product, AS_OF, {**ANSWERS, "start_date": "2026-12-31"}).refused
    assert "chip_number" in ask(product, AS_OF, ANSWERS).keys
    assert "chip_number" in ask(product, AS_OF, {}).undecided
    assert found_problems(product, {**ANSWERS, "start_date": "2025-12-31"}) == [("editions", "no_edition")]


def test_an_edition_that_depends_on_what_it_decides_is_a_cycle():
    document = changed("edition_by", 'if chip = "1" then as_of else start_date', fragment("chip_number"))
    document["questions"].append(
        {"key": "chip", "type": "code", "when": 'edition = "2027"', "optional": False, "label": T, "why": T}
    )
    assert "Expected a value that doesn't depend on itself" in str(errors(document))


def test_a_computed_value_may_use_the_edition_in_a_question():
    document = fragment("agreed_rates")
    document["questions"].append(
        {"key": "cheap", "type": "yes_no", "when": "agreed_percent < 8", "recorded": True, "label": T, "why": T}
    )
    product = compile_definition(document)
    assert "cheap" in ask(product, AS_OF, ANSWERS).keys
    assert "cheap" in ask(product, AS_OF, {**ANSWERS, "lock": "ring"}).refused


# Other contracts ------------------------------------------------------------------------------------------------------


def test_another_contract_changes_the_decision():
    product = compile_definition(fragment("R02_HOME"))
    assert evaluate(product, AS_OF, ELECTRIC).decision == "refer"
    assert evaluate(product, AS_OF, ELECTRIC, contracts=[HOME]).decision == "accept"
    late = {**HOME, "valid_from": "2027-02-02"}
    found = evaluate(product, AS_OF, ELECTRIC, contracts=[late])
    assert found.decision == "refer"
    assert found.trace.values["contracts"] == [late]


def test_a_package_discount_and_its_case():
    document = changed(
        "rating.steps.3.formula", "after_minimum * (1 + plan_surcharge_percent%) * (if together then 0.9 else 1)"
    )
    document["computed"].append({"key": "together", "formula": 'any(contracts where line_of_business = "home")'})
    data: dict[str, Any] = {"as_of": "2027-01-15", "answers": ANSWERS}
    assert quote(document, data)["premium"]["net"] == "90.00"
    packaged = quote(document, {**data, "contracts": [HOME]})
    assert packaged["premium"]["net"] == "81.00"
    case: dict[str, Any] = {"id": "P", **data, "contracts": [HOME], "expected": {**packaged, "not_rated_because": None}}
    assert run_cases(document, [case])["passed"] == 1


@pytest.mark.parametrize(
    ("contracts", "path"),
    [
        ("x", "contracts"),
        ([HOME] * 201, "contracts"),
        (["x"], "contracts[0]"),
        ([{**HOME, "number": 1}], "contracts[0]"),
        ([HOME, {**HOME, "valid_from": "2027-02-30"}], "contracts[1].valid_from"),
        ([{**HOME, "product": 3}], "contracts[0].product"),
    ],
)
def test_wrong_contracts_are_told(contracts, path):
    found = quote(example(), {"as_of": "2027-01-15", "answers": ANSWERS, "contracts": contracts})
    assert [error["path"] for error in found["errors"]] == [path]


def test_the_names_of_a_contract_are_built_in():
    for name in ("contracts", "product", "line_of_business", "valid_from"):
        assert "a built-in value" in errors(changed("computed.0.key", name))["computed[0].key"]
