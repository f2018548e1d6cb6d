"""Both evaluators side by side where the page was once open, or one of them wrong: the same result, and which."""

import json
from datetime import date
from typing import Any

import pytest

from products.language import compile_definition
from tests.products.second.compare import differences, first
from tests.products.second.documents import example, whole_page
from tests.products.second.generate import Asked
from tests.products.second.whole import second

CASE = example()["cases"][0]
AS_OF = date.fromisoformat(CASE["as_of"])


def both(document, plan=None, contracts=(), **answers):
    """What both find for the page's first case with other answers; fails where they differ."""
    given = {**CASE["answers"], **answers}
    found = second(document, AS_OF, given, plan, contracts)
    order = Asked(AS_OF, given, plan, list(contracts))
    assert differences(first(compile_definition(document), document, order), found) == []
    return found


def bicycle(**parts):
    """The page's product without its cases, with other parts."""
    return {**example(), "cases": [], **parts}


PATHS = {
    "sections[0].when": ("sections", 0, "when", "1 / number(value - 1250) > 1"),
    "sections[0].insured_sum": ("sections", 0, "insured_sum", "value / number(value - 1250)"),
    "acceptance[0].when": ("acceptance", 0, "when", "1 / number(value - 1250) > 1"),
    "terms[0].when": ("terms", 0, "when", "1 / number(value - 1250) > 1"),
    "rating.steps[4]": ("taxes", 0, "due_on", "add_days(start_date, 1 / number(value - 1250))"),
    "documents[1].when": ("documents", 1, "when", "1 / number(value - 1250) > 1"),
}


@pytest.mark.parametrize("path", PATHS)
def test_a_formula_without_a_result_is_told_at_the_same_place(path):
    part, place, name, formula = PATHS[path]
    document = bicycle()
    document[part][place][name] = formula
    assert both(document) == {"errors": [path]}


REFUSED = {"refusals": [{"key": "P90", "when": "instalment > 1", "text": {"en": "Refused."}}]}


def plans(**changes):
    """The page's product with a plan in two parts, each plan changed; all but those named `allowed` are refused."""
    document = bicycle()
    rows = document["payment"]["plans"]
    rows.append({"key": "two", "names": {"en": "In two"}, "instalments": 2, "interval_months": 6})
    rows.append({"key": "four", "names": {"en": "In four"}, "instalments": 4, "interval_months": 3})
    for row in rows:
        row |= REFUSED if changes.get(row["key"]) != "allowed" else {"refusals": []}
        if changes.get(row["key"]) in [other["key"] for other in rows]:
            row["offered_instead"] = changes[row["key"]]
    return document


OFFERS = {
    "the first allowed": ({"two": "allowed", "four": "allowed"}, "two"),
    "the one named": ({"annual": "four", "two": "allowed", "four": "allowed"}, "four"),
    "the one named by the one named": ({"annual": "monthly", "monthly": "four", "two": "allowed", "four": "allowed"},
                                       "four"),
    "the first allowed, where a circle is named": ({"annual": "monthly", "monthly": "annual", "four": "allowed"},
                                                   "four"),
    "the first allowed, where the one named names none": ({"annual": "four", "two": "allowed"}, "two"),
    "none": ({"annual": "two"}, None),
}  # fmt: skip


@pytest.mark.parametrize("case", OFFERS)
def test_a_refused_plan_offers(case):
    changes, key = OFFERS[case]
    found = both(plans(**changes), "annual")
    assert (found["payment"]["allowed"], found["payment"]["offered"]) == (False, key)
    assert {row["offered"] for row in found["plans"][:1]} == {key}
    assert len(found["payment"]["instalments"]) == {"two": 2, "four": 4, None: 0}[key]
    assert (found["premium"] is None) is (key is None)


def test_a_plan_that_cannot_be_judged_yet_is_not_offered():
    document = plans(annual="monthly", monthly="allowed", four="allowed")
    keys = [row["key"] for row in document["payment"]["plans"]]
    asked = {"label": {"en": "x"}, "why": {"en": "x"}}
    choices = [{"key": key, "label": {"en": key}} for key in keys]
    document["questions"] += [
        {"key": "paying", "type": "one_of", "choices": choices, **asked},
        {"key": "bank", "type": "yes_no", "when": 'paying = "monthly"', "recorded": True, **asked},
    ]
    document["payment"]["question"] = "paying"
    found = both(document, paying="annual")
    assert [(row["allowed"], row["offered"]) for row in found["plans"]] == [
        (False, "four"), (None, None), (False, "four"), (True, None),
    ]  # fmt: skip
    assert found["payment"]["offered"] == "four"


def test_right_records_are_checked_beside_wrong_ones():
    answers = {
        "use": ["work"], "chip_number": "1", "assistance": False, "no_theft": False, "free_years": 5, "losses": [],
        "reference_date": "2027-01-15",
    }  # fmt: skip
    wrong, right = {"leaves": "2027-05-02", "returns": "soon"}, {"leaves": "2027-05-02", "returns": "2027-05-01"}
    found = both(whole_page(), **answers, holidays=[wrong, right, {**right, "returns": "2027-05-03"}, "x"])
    assert sorted(found["errors"]) == [
        "answers.holidays[0].returns", "answers.holidays[1].returns", "answers.holidays[3]",
    ]  # fmt: skip


def asking(**question):
    """The page's product that asks one more question, in a list too."""
    texts = {"label": {"en": "x"}, "why": {"en": "x"}}
    document, inner = bicycle(), {"key": "inner", "label": {"en": "x"}, **question}
    document["questions"] += [
        {"key": "more", "recorded": True, **texts, **question},
        {"key": "rows", "type": "list", "recorded": True, "fields": [inner], **texts},
    ]
    return document


CHARACTERS = {
    "a null": ("text", "any", "a\0b", False),
    "half a character": ("text", "any", "a\ud800", False),
    "a new line and an emoji": ("text", "any", "a\n😀", True),
    "a null in a code": ("code", "any", "a\0b", False),
    "half a character in a code": ("code", "any", "\udfff", False),
    "a small three": ("code", "letters_and_digits", "12³", False),
    "a small three among digits": ("code", "digits", "12³", False),
    "arabic digits": ("code", "letters_and_digits", "a٣", False),
    "a fraction in a text": ("text", "letters_and_digits", "a½", False),
    "letters with accents, and digits": ("code", "letters_and_digits", "Zoë12", True),
    "letters": ("text", "letters", "Zoë", True),
}


@pytest.mark.parametrize("case", CHARACTERS)
def test_an_answer_of_these_characters(case):
    kind, characters, answer, right = CHARACTERS[case]
    document = asking(type=kind, characters=characters)
    found = both(document, more=answer, rows=[{"inner": answer}])
    assert found.get("errors", []) == ([] if right else ["answers.more", "answers.rows[0].inner"])
    told = first(compile_definition(document), document, Asked(AS_OF, {**CASE["answers"], "more": answer, "rows": []}))
    json.dumps(told.get("errors"), ensure_ascii=False).encode()


@pytest.mark.parametrize("text", ["a\0b", "\ud800", ""])
def test_a_contract_of_characters_that_cannot_be_kept_is_refused_at_its_fact(text):
    contract = {"product": "home", "line_of_business": text, "valid_from": "2026-01-01"}
    assert both(bicycle(), contracts=[contract]) == {"errors": ["contracts[0].line_of_business"]}


PHOTO = {"sha256": "a" * 64, "name": "p", "media_type": "image/png", "size": 50_000_000}
ANSWERS: dict[str, tuple[dict[str, Any], Any, bool]] = {
    "an amount of 12 digits": ({"type": "money"}, "999999999999.99", True),
    "an amount of 13": ({"type": "money"}, "1000000000000", False),
    "a number of 15": ({"type": "decimal"}, "999999999999999.0000100000", False),
    "a number of 20": ({"type": "decimal"}, "9999999999999.0000100", True),
    "a whole number with a point": ({"type": "integer"}, "1.0", True),
    "half a number": ({"type": "integer"}, "1.5", False),
    "the first year": ({"type": "year"}, 1000, True),
    "a year before": ({"type": "year"}, 999, False),
    "the last year": ({"type": "year"}, "9999", True),
    "a year after": ({"type": "year"}, "10000", False),
    "a large file": ({"type": "file"}, [PHOTO], True),
    "one that is too large": ({"type": "file"}, [{**PHOTO, "size": 50_000_001}], False),
    "no file": ({"type": "file", "optional": True, "least": 1}, [], True),
    "no file where one is needed": ({"type": "file"}, [], False),
    "none of several": ({"type": "several_of", "choices": [{"key": "a", "label": {"en": "a"}}]}, [], True),
    "none of several, where one is needed": (
        {"type": "several_of", "optional": True, "least": 1, "choices": [{"key": "a", "label": {"en": "a"}}]}, [], False
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ANSWERS)
def test_an_answer_is_right_or_not(case):
    question, answer, right = ANSWERS[case]
    document = bicycle()
    texts = {"label": {"en": "x"}, "why": {"en": "x"}}
    document["questions"].append({"key": "more", "recorded": True, **texts, **question})
    assert both(document, more=answer).get("errors", []) == ([] if right else ["answers.more"])


def test_an_answer_to_an_undecided_question_is_no_error_and_a_null_to_an_unknown_one_is():
    found = both(bicycle(), electric="perhaps", battery_value="400", nobody_asked=None)
    assert sorted(found["errors"]) == ["answers.electric", "answers.nobody_asked"]
    assert "errors" not in both(bicycle(), battery_value=None)


HOME = {"product": "home", "line_of_business": "home", "valid_from": "2026-01-01"}
CONTRACTS = {
    "200": ([HOME] * 200, []),
    "201": ([HOME] * 201, ["contracts"]),
    "a fact more": ([HOME, {**HOME, "x": 1}], ["contracts[1]"]),
    "no day": ([{**HOME, "valid_from": "soon", "product": 1}], ["contracts[0].product", "contracts[0].valid_from"]),
}


@pytest.mark.parametrize("case", CONTRACTS)
def test_contracts_are_right_or_told_at_their_place(case):
    contracts, paths = CONTRACTS[case]
    assert sorted(both(bicycle(), contracts=contracts).get("errors", [])) == paths


def held(formula, worst="1"):
    """Whether a condition of acceptance holds, or its error; `worst` is a computed value's formula."""
    document = whole_page()
    document |= {"cases": [], "computed": [*document["computed"], {"key": "worst", "formula": worst}]}
    document["acceptance"].append({**document["acceptance"][1], "key": "R99", "when": f"({formula}) and worst > 0"})
    more = {
        "use": ["work"], "chip_number": "1", "assistance": False, "no_theft": False, "free_years": 5, "losses": [],
        "reference_date": "2027-01-15", "holidays": [],
    }  # fmt: skip
    found = both(document, **more)
    return found["errors"] if "errors" in found else "R99" in [row["key"] for row in found["reasons"]]


def test_in_stops_at_the_first_equal_value():
    place = ["acceptance[5].when"]
    assert held("1 in [1, 1 / number(value - 1250)]") is True
    assert held("1 in [2, 1 / number(value - 1250)]") == place


def test_default_does_not_stand_in_for_an_error():
    place = ["acceptance[5].when"]
    assert held("default(worst, 1) = 1", "1 / number(value - 1250)") == place
    assert held("default(worst, 1) = 1", "number(max(losses.amount))") == place
    assert held("default(max(losses.amount), 1) = 1") is True


@pytest.mark.parametrize(("shares", "errors"), [("0", True), ("1", False), ("11", False), ("12", True), ("1.5", True)])
def test_a_deposit_is_less_than_all_shares(shares, errors):
    document = bicycle()
    plan = {"key": "deposit", "names": {"en": "x"}, "instalments": 12, "interval_months": 1, "division": "deposit"}
    document["payment"]["plans"].append({**plan, "deposit": shares})
    assert both(document).get("errors", []) == (["payment.plans[2]"] if errors else [])


@pytest.mark.parametrize(("value", "errors"), [("5000", []), ("5000.01", ["acceptance[1].when"])])
def test_the_end_of_the_last_bracket_is_in_it(value, errors):
    document = bicycle()
    rows = [{"when": [{"to": "1000"}], "then": ["0.05"]}, {"when": [{"above": "1000", "until": "5000"}], "then": ["3"]}]
    key = {"name": "worth", "type": "money", "match": "range", "least": "0", "most": "4999"}
    results = [{"name": "rate", "type": "number"}]
    document["tables"].append({"key": "duties", "keys": [key], "results": results, "rows": rows})
    document["acceptance"][1]["when"] = "brackets(duties.rate, value) > 0 and insured_sum > 1"
    assert both(document, value=value).get("errors", []) == errors
