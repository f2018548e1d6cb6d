"""Answers: which are asked, what is wrong with them, and how a form's entries are read."""

from datetime import date
from decimal import Decimal

import pytest

from products.language import ask, compile_definition, evaluate, fill_system_answers, quote, read_answer, read_form
from tests.products.language.samples import ANSWERS, TRAILER, added, example

AS_OF = date(2027, 1, 15)


@pytest.fixture(scope="module")
def bicycle():
    return compile_definition(example())


@pytest.fixture(scope="module")
def trailer():
    return compile_definition(TRAILER.read_bytes())


def problems(product, **answers):
    return {problem.path: problem for problem in evaluate(product, AS_OF, {**ANSWERS, **answers}).errors}


def test_a_missing_answer_is_told_and_nothing_is_priced(bicycle):
    answers = {key: value for key, value in ANSWERS.items() if key != "value"}
    found = evaluate(bicycle, AS_OF, answers)
    assert [(p.path, p.code, p.message) for p in found.errors] == [
        ("answers.value", "missing", "Expected an answer to “value”, found none.")
    ]
    assert found.premium is None and found.decision is None and found.plans == ()


def test_an_unasked_answer_names_the_condition(bicycle):
    [problem] = problems(bicycle, battery_value="400").values()
    assert (problem.path, problem.code) == ("answers.battery_value", "unasked")
    assert problem.values == {"key": "battery_value", "condition": "electric"}


def test_an_unknown_answer_suggests_the_nearest(bicycle):
    [problem] = problems(bicycle, valeu="1").values()
    assert problem.message.endswith("Did you mean “value”?")


def test_a_condition_that_lacks_its_answer_is_left_undecided(bicycle):
    found = ask(bicycle, AS_OF, {"start_date": "2027-02-01"})
    assert found.keys == ["start_date", "value", "postcode", "electric", "lock"]
    assert found.undecided == ["battery_value"]
    assert "answers.battery_value" not in [problem.path for problem in found.problems]


@pytest.mark.parametrize(
    ("key", "value", "code", "message"),
    [
        ("value", "99.99", "too_small", "Expected at least 100, found 99.99."),
        ("value", "10000.01", "too_large", "Expected at most 10000, found 10000.01."),
        ("value", "100.005", "not_an_amount", "Expected an amount with at most two decimals, found a text: 100.005."),
        ("value", "1,250", "not_an_amount", "Expected an amount such as 1250.00, found a text: 1,250."),
        ("postcode", "801", "wrong_length", "Expected 4 characters, found 3."),
        ("postcode", "80A1", "characters", "Expected digits only, found “80A1”."),
        ("lock", "chian", "not_a_choice", "Expected one of none, ring, chain, found chian. Did you mean “chain”?"),
        ("electric", "true", "not_yes_or_no", "Expected yes or no, found a text: true."),
        ("start_date", "2027-2-1", "not_a_day", "Expected a day such as 2027-01-31, found a text: 2027-2-1."),
    ],
)
def test_a_wrong_answer_says_what_was_expected_and_found(key, value, code, message, bicycle):
    problem = problems(bicycle, **{key: value})[f"answers.{key}"]
    assert (problem.code, problem.message) == (code, message)
    assert set(problem.as_json()) == {"path", "message", "code", "values"}


def test_limits_are_inclusive(bicycle):
    assert problems(bicycle, value="100.00") == {}
    assert problems(bicycle, value=10000) == {}


def test_a_list_needs_its_least_number_and_no_choice_twice(trailer):
    answers = fill_system_answers(
        trailer,
        AS_OF,
        {
            "start_date": "2027-02-01",
            "catalogue_value": "8500",
            "age_months": 72,
            "theft_devices": [],
            "area_of_use": [],
        },
    )
    [problem] = evaluate(trailer, AS_OF, answers).errors
    assert (problem.path, problem.code) == ("answers.area_of_use", "too_small")
    [problem] = evaluate(trailer, AS_OF, {**answers, "area_of_use": ["NL", "NL"]}).errors
    assert problem.code == "choice_twice"


def test_an_optional_answer_may_be_left_out():
    spec = {
        "key": "members",
        "type": "integer",
        "optional": True,
        "recorded": True,
        "label": {"en": "x"},
        "why": {"en": "x"},
    }
    product = compile_definition(added("questions", spec))
    found = evaluate(product, AS_OF, ANSWERS)
    assert found.ok and "members" in found.asked
    assert evaluate(product, AS_OF, {**ANSWERS, "members": None}).ok
    assert evaluate(product, AS_OF, {**ANSWERS, "members": 3}).ok
    assert not evaluate(product, AS_OF, {**ANSWERS, "members": "3.5"}).ok


def test_the_system_answers_what_is_its_own(trailer):
    filled = fill_system_answers(trailer, AS_OF, {"start_date": "2027-02-01"})
    assert filled == {"start_date": "2027-02-01", "premium_due_date": "2027-02-01"}
    given = {"start_date": "2027-02-01", "premium_due_date": "2028-02-01"}
    assert fill_system_answers(trailer, AS_OF, given) == given
    assert fill_system_answers(trailer, AS_OF, {}) == {}


def test_a_form_is_read_as_its_language_writes(trailer):
    raw = {
        "start_date": "1-2-2027", "catalogue_value": "€ 8.500,50", "age_months": " 12 ", "bought_new": "ja",
        "area_of_use": ["NL", "BE"], "theft_devices": [], "unknown": "x",
    }  # fmt: skip
    answers, found = read_form(trailer, raw, "nl")
    assert found == []
    assert answers == {
        "start_date": "2027-02-01", "catalogue_value": "8500.50", "age_months": 12, "bought_new": True,
        "area_of_use": ["NL", "BE"], "theft_devices": [],
    }  # fmt: skip
    answers, found = read_form(trailer, {"catalogue_value": "8,500.50"}, "en")
    assert answers == {"catalogue_value": "8500.50"}


def test_a_form_entry_that_cannot_be_read_has_a_code_and_values(trailer):
    raw = {"catalogue_value": "85OO", "age_months": "a year", "start_date": "tomorrow", "bought_new": "perhaps"}
    answers, found = read_form(trailer, raw, "nl")
    assert answers == {}
    assert [(problem.path, problem.code) for problem in found] == [
        ("answers.start_date", "not_a_day"),
        ("answers.catalogue_value", "not_an_amount"),
        ("answers.age_months", "not_a_whole_number"),
        ("answers.bought_new", "not_yes_or_no"),
    ]
    assert found[1].values == {"key": "catalogue_value", "example": "1.250,00", "found": "85OO"}
    assert read_form(trailer, {"catalogue_value": " "}, "nl") == ({}, [])


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"answers": {}}, "as_of"),
        ({"as_of": "2027-13-01", "answers": {}}, "as_of"),
        ({"as_of": "2027-01-15"}, "answers"),
        ({"as_of": "2027-01-15", "answers": ANSWERS, "plan": 4}, "plan"),
        ({"as_of": "2027-01-15", "answers": ANSWERS, "plan": "weekly"}, "plan"),
        ({"as_of": "2026-12-31", "answers": ANSWERS}, "editions"),
        ("[", "ANSWERS"),
    ],
)
def test_a_quote_of_wrong_input_has_errors_only(data, path):
    found = quote(example(), data)
    assert list(found) == ["errors"]
    assert found["errors"][0]["path"] == path
    assert set(found["errors"][0]) == {"path", "message"}


def test_a_year_is_written_without_a_thousands_sign():
    asked = {"type": "year", "label": {"en": "Year"}, "why": {"en": "x"}}
    document = added("questions", {"key": "built", **asked})
    document["questions"].append({"key": "rows", "type": "list", "label": {"en": "x"}, "why": {"en": "x"},
                                  "fields": [{"key": "made", **asked}]})  # fmt: skip
    document["computed"] += [{"key": "latest", "formula": "max(max(rows.made), year(start_date))"},
                             {"key": "doubled", "formula": "built * 2"}]  # fmt: skip
    document["acceptance"][1]["customer"] = {"en": "{built}, {latest}, {doubled}"}
    product = compile_definition(document)
    answers = {**ANSWERS, "value": "6000", "built": 1987, "rows": [{"made": "2024"}]}
    [reason] = evaluate(product, AS_OF, answers).reasons
    assert reason.customer["en"] == "1987, 2027, 3,974"
    assert product.records_in_words("rows", read_answer(product, "rows", answers["rows"]), "en") == [[("Year", "2024")]]
    assert product.words("built", None, "en") == "–"
    assert product.words("insured_sum", Decimal(1987), "en") == "€1,987.00"


@pytest.mark.parametrize(("answer", "found"), [("a\0b", "a\ufffdb"), ("a\ud800", "a\ufffd")])
def test_characters_that_cannot_be_kept_are_refused_and_told_without_them(answer, found):
    note = {"key": "note", "type": "text", "recorded": True, "label": {"en": "x"}, "why": {"en": "x"}}
    [problem] = problems(compile_definition(added("questions", note)), note=answer).values()
    assert (problem.path, problem.code) == ("answers.note", "characters")
    assert problem.values == {"key": "note", "allowed": "any", "found": found}
