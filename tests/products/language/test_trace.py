"""The trace: everything that was looked at, writable as JSON, and the same for the same input."""

import json
from datetime import date

import pytest

from products.language import HEADINGS, compile_definition, evaluate, fingerprint, to_json
from tests.products.language.samples import ANSWERS, TRAILER, changed, example

AS_OF = date(2027, 1, 15)


@pytest.fixture
def found():
    return evaluate(compile_definition(example()), AS_OF, {**ANSWERS, "value": "1250", "lock": "ring"})


def looked(evaluation, kind):
    return {item.key: item for item in evaluation.trace.conditions if item.kind == kind}


def test_a_rule_that_did_not_fire_names_what_refused(found):
    rules = looked(found, "rule")
    assert not rules["D01_NO_LOCK"].fired
    assert rules["D01_NO_LOCK"].refused_by == 'lock = "none"'
    assert rules["D01_NO_LOCK"].values == {"lock": "ring"}
    assert rules["R01_VALUE"].values == {"insured_sum": "1250.00"}


def test_of_several_conditions_the_first_that_refused_is_named():
    document = changed("acceptance.1.when", 'value > 100 and electric and lock = "chain"')
    rule = looked(evaluate(compile_definition(document), AS_OF, ANSWERS), "rule")["R01_VALUE"]
    assert (rule.refused_by, rule.values) == ("electric", {"electric": False})


def test_a_rule_that_fired_is_told_to_each_reader():
    found = evaluate(compile_definition(example()), AS_OF, {**ANSWERS, "value": "9000"})
    assert looked(found, "rule")["R01_VALUE"].fired
    [reason] = found.reasons
    assert reason.underwriter == {"en": "Insured sum €9,000.00, above 5,000."}
    assert found.decision == "refer" and found.premium and found.premium.indicative


def test_the_worst_outcome_decides_and_all_reasons_are_kept():
    found = evaluate(compile_definition(example()), AS_OF, {**ANSWERS, "value": "9000", "lock": "none"})
    assert found.decision == "decline"
    assert [reason.key for reason in found.reasons] == ["D01_NO_LOCK", "R01_VALUE"]
    assert found.premium is None and found.payment is None and found.plans == ()


def test_special_is_between_accept_and_refer():
    document = changed("acceptance.1.outcome", "special")
    found = evaluate(compile_definition(document), AS_OF, {**ANSWERS, "value": "9000"})
    assert found.decision == "special" and found.premium and found.premium.indicative


def test_a_question_that_was_not_asked_names_what_refused(found):
    question = looked(found, "question")["battery_value"]
    assert (question.fired, question.refused_by, question.values) == (False, "electric", {"electric": False})


def test_steps_carry_operands_rounding_and_what_refused(found):
    steps = {step.key: step for step in found.premium.steps}
    assert steps["base_premium"].operands == {"insured_sum": "1250.00", "postcode": "8011"}
    assert steps["base_premium"].rounding == {"to": "0.01", "mode": "half_up"}
    assert steps["after_lock"].refused_by == 'lock = "chain"'
    assert not steps["after_lock"].listed and steps["after_lock"].value == "100.00"
    assert steps["net"].listed is False and steps["tax"].unrounded is None
    assert steps["tax"].how == {"en": "€100.00 x 21 %"}


def test_the_row_of_each_look_up_is_kept(found):
    assert {"table": "regions", "keys": ["8011"], "row": 1} in found.trace.tables
    assert 0 < found.trace.steps_spent < 1000


def test_an_evaluation_is_json_and_repeatable(found):
    written = json.dumps(to_json(found), sort_keys=True)
    again = evaluate(compile_definition(example()), AS_OF, {**ANSWERS, "value": "1250", "lock": "ring"})
    assert json.dumps(to_json(again), sort_keys=True) == written
    read = json.loads(written)
    assert read["premium"]["total"] == "121.00"
    assert read["premium"]["components"][0]["base"] == "1250.00"
    assert read["plans"][1]["premium"]["total"] == "125.84"
    assert read["plans"][0]["instalments"][0] == {
        "number": 1, "due_on": "2027-02-01", "premium": "121.00", "fee": "0.00", "amount": "121.00",
    }  # fmt: skip


def test_errors_are_json_too():
    found = to_json(evaluate(compile_definition(example()), AS_OF, {}))
    assert found["errors"][0] == {
        "path": "answers.start_date",
        "message": "Expected an answer to “start_date”, found none.",
        "code": "missing",
        "values": {"key": "start_date"},
    }


def test_products_are_kept_by_the_hash_of_their_canonical_document():
    document = example()
    shuffled = dict(reversed(list(document.items())))
    first = compile_definition(document)
    assert compile_definition(shuffled) is first
    assert compile_definition(json.dumps(document, indent=7)) is first
    assert first.sha256 == fingerprint(document)
    assert compile_definition(changed("key", "other")) is not first


def test_the_information_document_follows_the_answers():
    product = compile_definition(TRAILER.read_bytes())
    case = next(case for case in product.definition.cases if case["id"] == "TR-02")
    found = evaluate(product, date.fromisoformat(case["as_of"]), case["answers"])
    lines = {line.key: line for line in found.ipid}
    assert list(dict.fromkeys(line.heading for line in found.ipid)) == list(HEADINGS)
    assert "less_depreciation" in lines and "new_value" not in lines
    assert "one_lock" in lines and "both_locks" not in lines
    marks = {line.heading: line.mark for line in found.ipid}
    assert marks == {
        "type_of_insurance": "none", "insured": "tick", "not_insured": "cross", "restrictions": "exclamation",
        "where": "tick", "obligations": "none", "payment": "none", "start_and_end": "none", "cancellation": "none",
    }  # fmt: skip
    assert lines["when_pay"].text["en"].startswith("You pay €42.35 a year in advance, with 21 % insurance premium tax;")
    assert (
        lines["when_pay"].text["nl"].startswith("U betaalt €\u00a042,35 per jaar vooruit, met 21 % assurantiebelasting")
    )
    assert found.documents[0] == "quotation"
    assert found.premium is not None
    assert (str(found.premium.commission[0].amount), str(found.premium.commission[0].percent)) == ("5.25", "15")


def test_editions_follow_the_day():
    document = changed("editions", [
        {"key": "2026", "valid_from": "2026-01-01", "valid_until": "2027-01-15"},
        {"key": "2027", "valid_from": "2027-01-15"},
    ])  # fmt: skip
    product = compile_definition(document)
    assert evaluate(product, date(2027, 1, 14), ANSWERS).edition == "2026"
    assert evaluate(product, AS_OF, ANSWERS).edition == "2027"
    [problem] = evaluate(product, date(2025, 12, 31), ANSWERS).errors
    assert (problem.path, problem.code) == ("editions", "no_edition")
