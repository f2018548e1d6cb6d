"""A question that an acceptor sets: its default stands until then, and it never reaches back to the applicant's."""

from datetime import date

import pytest

from products.language import compile_definition, evaluate, quote, to_json
from tests.products.language.samples import ANSWERS, added, changed, errors, fragment

AS_OF = date(2027, 1, 15)
LOADING = {"key": "loading", "type": "decimal", "set_by": "acceptor", "default": "0", "least": "0", "most": "50",
           "recorded": True, "label": {"en": "Loading"}}  # fmt: skip


@pytest.fixture
def bicycle():
    return compile_definition(fragment("loading"))


def test_the_default_stands_until_somebody_sets_it(bicycle):
    found = evaluate(bicycle, AS_OF, ANSWERS)
    assert found.ok and found.asked[-1] == "loading"
    assert found.answers == {**ANSWERS, "loading": "0"}
    assert (found.decision, found.terms) == ("accept", ())
    assert found.premium is not None and str(found.premium.total) == "108.90"
    again = evaluate(bicycle, AS_OF, {**ANSWERS, "loading": None})
    assert (to_json(again.premium), again.answers) == (to_json(found.premium), found.answers)


def test_what_is_set_prices_and_is_told(bicycle):
    found = evaluate(bicycle, AS_OF, {**ANSWERS, "loading": "15", "loading_for": "region"})
    assert found.asked[-2:] == ("loading", "loading_for")
    assert found.premium is not None
    assert (str(found.premium.net), str(found.premium.total)) == ("103.50", "125.24")
    assert [dict(term.text) for term in found.terms] == [
        {"en": "The premium has a loading of 15 % because of the region."}
    ]


def test_a_question_behind_what_is_set_has_its_default_too(bicycle):
    found = evaluate(bicycle, AS_OF, {**ANSWERS, "loading": "15"})
    assert found.answers["loading_for"] == "value"
    assert found.terms[0].text["en"].endswith("because of the value.")


def test_a_rule_on_what_is_set_asks_for_a_second_signature(bicycle):
    allowed, high = (evaluate(bicycle, AS_OF, {**ANSWERS, "loading": value}) for value in ("25", "25.1"))
    assert allowed.reasons == ()
    assert [(reason.key, reason.authority) for reason in high.reasons] == [("R03_LOADING", "head_of_acceptance")]


@pytest.mark.parametrize(
    ("answers", "path"),
    [({"loading": "50.1"}, "answers.loading"), ({"loading": "-1"}, "answers.loading"),
     ({"loading": "1.25"}, "answers.loading"), ({"loading_for": "region"}, "answers.loading_for"),
     ({"loading": "5", "loading_for": "weather"}, "answers.loading_for")],
)  # fmt: skip
def test_what_is_set_beyond_its_limits_is_an_error(bicycle, answers, path):
    assert [problem.path for problem in evaluate(bicycle, AS_OF, {**ANSWERS, **answers}).errors] == [path]


def test_a_quote_takes_it_among_the_answers():
    document, told = fragment("loading"), {"as_of": "2027-01-15"}
    assert quote(document, {**told, "answers": ANSWERS})["premium"]["total"] == "108.90"
    assert quote(document, {**told, "answers": {**ANSWERS, "loading": "10"}})["premium"]["total"] == "119.79"


def asked(**changes):
    return added("questions", {**LOADING, **changes})


MISTAKES = {
    "without default": (asked(default=None), "questions[6].default", "exactly where “set_by” is"),
    "default without one who sets": (
        changed("questions.1.default", "500"),
        "questions[1].default",
        "exactly where “set_by” is",
    ),
    "default beyond its limits": (asked(default="60"), "questions[6].default", "at most 50, found 60"),
    "default of another type": (asked(default="much"), "questions[6].default", "Expected a number such as"),
    "set by two": (
        asked(set_by_system=True, system_value="1"),
        "questions[6].set_by_system",
        "found the acceptor and the system",
    ),
    "optional": (asked(optional=True), "questions[6].optional", "where the default stands"),
    "a list": (
        asked(type="list", fields=[{"key": "part", "type": "yes_no", "label": {"en": "x"}}], least=None, most=None),
        "questions[6].set_by",
        "found the type list",
    ),
    "by somebody unknown": (asked(set_by="adviser"), "questions[6].set_by", "acceptor"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_where_it_stands(name):
    document, path, part = MISTAKES[name]
    found = errors(document)
    assert path in found, found
    assert part in found[path]


def test_it_may_hang_on_what_the_applicant_answers():
    assert errors(asked(when="electric")) == {}


@pytest.mark.parametrize(
    ("part", "question"),
    [
        ("when", {"type": "yes_no", "when": "loading > 5", "why": {"en": "x"}}),
        ("when", {"type": "yes_no", "when": "loaded", "why": {"en": "x"}}),
        ("system_value", {"type": "decimal", "set_by_system": True, "system_value": "loading + 1"}),
    ],
)
def test_nothing_the_applicant_or_the_system_answers_waits_for_it(part, question):
    document = asked()
    document["computed"].append({"key": "loaded", "formula": "loading > 5"})
    added("questions", {"key": "more", "recorded": True, "label": {"en": "More"}, **question}, document)
    assert "before the acceptor decides" in errors(document)[f"questions[7].{part}"]
