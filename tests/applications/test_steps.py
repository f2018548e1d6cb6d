"""One page after another: what appears in place, what comes on a page of its own, what is kept (S0-06, S0-07)."""

import re
from typing import Any

import pytest

from applications.models import Draft
from tests import given
from tests.applications.walk import DETAILS, Visitor, named

pytestmark = pytest.mark.django_db
BICYCLE = "tests/products/bicycle.json"
FIRST: dict[str, Any] = {
    "start_date": "2026-12-01", "value": "1,250.00", "built": "2024", "postcode": "8011", "electric": "no",
    "lock": "chain", "brand": "b3", "use": ["work", "cargo"],
}  # fmt: skip
SECOND: dict[str, Any] = {"distance": "40.5", "remarks": ""}


@pytest.fixture
def company():
    return given.provider("duinhaven", BICYCLE)


def draft(company):
    with given.inside(company):
        return Draft.objects.order_by("-pk")[0]


def visitor_at(page, **changes):
    """A visitor who has answered the pages before one."""
    visitor = Visitor(language="en")
    visitor.get("/duinhaven/apply/bicycle/")
    visitor.send(**{**FIRST, **changes})
    if page == "questions-2":
        return visitor
    visitor.send(**SECOND)
    return visitor


def look(visitor, **typed):
    """What the page's script asks when something changes."""
    return visitor.client.post(visitor.url, named(typed), headers={"HX-Request": "true"}).content.decode()


def appeared(answer):
    return set(re.findall(r'name="q-([a-z_]+)"', answer))


def test_each_type_of_question_has_its_control(company):
    text = Visitor(language="en").get("/duinhaven/apply/bicycle/").content.decode()
    for control in (
        r'<input type="date" name="q-start_date"',
        r"<span>€</span><input type=\"text\" name=\"q-value\"",
        r'<input type="text" name="q-built"[^>]+inputmode="numeric"',
        r'<input type="text" name="q-postcode"[^>]+maxlength="4"',
        r'<input type="radio" name="q-electric" value="yes"',
        r'<input type="radio" name="q-lock" value="ring"',
        r'<select name="q-brand"',
        r'<input type="checkbox" name="q-use" value="cargo"',
    ):
        assert re.search(control, text), control


def test_a_unit_stands_behind_its_number_and_an_open_question_says_so(company):
    visitor = visitor_at("questions-2")
    assert "km a week</span>" in visitor.text and "An estimate will do." in visitor.text
    assert '<span class="optional">' in visitor.text


def test_a_year_out_of_bounds_is_told_without_a_thousands_sign(company):
    visitor = visitor_at("questions-2", built="1989")
    assert visitor.errors == {"built": ["Expected at least 1990, found 1989."]}


def test_what_an_answer_makes_necessary_appears_in_place(company):
    visitor = Visitor(language="en")
    visitor.get("/duinhaven/apply/bicycle/")
    assert "battery_value" not in visitor.text
    answer = look(visitor, **{**FIRST, "electric": "yes"})
    assert appeared(answer) == {"battery_value", "removable"}
    assert answer.count("hx-swap-oob") == 4  # two places, what stands there now, why it is asked
    further = look(visitor, **{**FIRST, "electric": "yes", "asked": "battery_value removable", "removable": "yes"})
    assert appeared(further) == {"charged"}


def test_what_is_not_asked_any_more_leaves_its_place(company):
    visitor = Visitor(language="en")
    visitor.get("/duinhaven/apply/bicycle/")
    asked = "start_date electric battery_value removable"
    answer = look(visitor, **{**FIRST, "electric": "no", "asked": asked, "removable": "yes"})
    assert appeared(answer) == set()
    assert len(re.findall(r'id="q\d+" hx-swap-oob="true"></div>', answer)) == 2


def test_looking_keeps_nothing(company):
    visitor = Visitor(language="en")
    visitor.get("/duinhaven/apply/bicycle/")
    look(visitor, **FIRST)
    with given.inside(company):
        assert not Draft.objects.exists()
    visitor.send(**FIRST)
    before = draft(company)
    look(visitor, distance="90")
    assert (draft(company).answers, draft(company).unfinished) == (before.answers, {})


def test_with_script_all_is_answered_on_one_page(company):
    visitor = Visitor(language="en")
    visitor.get("/duinhaven/apply/bicycle/")
    shown = "battery_value removable charged"
    visitor.send(**FIRST | {"electric": "yes", "asked": shown, "battery_value": "400", "removable": "no"})
    assert visitor.url.endswith("/questions-2/")
    assert "battery_value" not in visitor.text
    assert draft(company).answers["battery_value"] == "400.00"
    assert "charged" not in draft(company).answers
    visitor.send(**SECOND)
    assert visitor.url.endswith("/details/")


def test_without_script_it_comes_as_a_page_of_its_own(company):
    visitor = visitor_at("", electric="yes")
    assert visitor.url.endswith("/questions-3/")
    assert {"battery_value", "removable"} <= appeared(visitor.text)
    visitor.send(battery_value="400", removable="yes")
    assert visitor.url.endswith("/questions-4/")
    visitor.send(charged="home")
    assert visitor.url.endswith("/details/")


def test_a_question_that_stood_on_the_page_is_judged_there(company):
    visitor = Visitor(language="en")
    visitor.get("/duinhaven/apply/bicycle/")
    visitor.send(**FIRST | {"electric": "yes", "asked": "battery_value", "battery_value": "much"})
    assert visitor.url.endswith("/bicycle/") and set(visitor.errors) == {"battery_value"}
    assert 'value="much"' in visitor.text


@pytest.mark.parametrize("asked", ["premium_due_date", "nothing", "battery_value", "x " * 5000, "../a <b>"])
def test_what_a_page_claims_to_have_asked_gives_no_right_to_answer(company, asked):
    visitor = Visitor(language="en")
    visitor.get("/duinhaven/apply/bicycle/")
    visitor.send(**FIRST | {"asked": asked, "battery_value": "400"})
    assert visitor.url.endswith("/questions-2/")
    assert "battery_value" not in draft(company).answers


def test_back_keeps_what_was_typed_good_or_not(company):
    visitor = visitor_at("questions-2")
    visitor.send(distance="far", remarks="It is red", go="back")
    assert visitor.url.endswith("/questions/")
    visitor.get(visitor.url.replace("/questions/", "/"))
    assert visitor.url.endswith("/questions-2/")
    assert 'value="far"' in visitor.text and "It is red" in visitor.text
    assert not visitor.errors
    visitor.send(**SECOND)
    assert draft(company).unfinished == {}


def test_back_from_a_good_page_keeps_it_as_answered(company):
    visitor = visitor_at("questions-2")
    visitor.send(distance="12", remarks="", go="back")
    assert draft(company).answers["distance"] == "12" and visitor.url.endswith("/questions/")


def test_a_page_left_unfinished_holds_up_the_sending(company):
    visitor = visitor_at("details")
    visitor.send(**DETAILS)
    assert visitor.url.endswith("/review/")
    review = visitor.url
    token = visitor.token
    visitor.get(review.replace("review", "questions-2"))
    visitor.send(distance="", go="back")
    visitor.send(review, token=token, declared="on")
    assert visitor.url.endswith("/questions-2/")


def test_back_from_the_details_keeps_them(company):
    visitor = visitor_at("details")
    visitor.send(**{**DETAILS, "postcode": "nowhere", "go": "back"})
    visitor.get(re.sub(r"questions-2/$", "", visitor.url))
    assert visitor.url.endswith("/details/")
    assert 'value="nowhere"' in visitor.text and 'value="Dorpsstraat"' in visitor.text
    assert draft(company).parties == {}


def test_what_is_left_unfinished_is_bounded(company):
    visitor = visitor_at("questions-2")
    many = {f"field{number}": "x" * 5000 for number in range(300)}
    visitor.send(distance=["x" * 5000] * 190, go="back", **many)
    kept = draft(company).unfinished["questions-2"]
    assert set(kept) == {"q-distance", "asked"}
    assert len(kept["q-distance"]) == 100 and set(map(len, kept["q-distance"])) == {2000}


def test_questions_seen_again_stand_where_they_were_answered(company):
    visitor = Visitor(language="en")
    visitor.get("/duinhaven/apply/bicycle/")
    visitor.send(**FIRST | {"electric": "yes", "asked": "battery_value", "battery_value": "400"})
    visitor.get(visitor.url.replace("questions-2", "questions"))
    assert 'name="q-battery_value"' in visitor.text and 'value="400.00"' in visitor.text


def test_what_was_answered_in_place_counts_as_no_page_of_its_own(company):
    visitor = Visitor(language="en")
    visitor.get("/duinhaven/apply/bicycle/")
    told = {"battery_value": "400", "removable": "yes", "charged": "home"}
    visitor.send(**FIRST | {"electric": "yes", "asked": " ".join(told)} | told)
    visitor.send(**SECOND)
    visitor.send(**DETAILS)
    titles = [part["title"] for part in visitor.page.context["parts"]]
    assert titles == ["What you insure", "More about it", "Your details"]
    assert "step 4 of 4" in visitor.text and "At home" in visitor.text and "2024" in visitor.text
    assert "2,024" not in visitor.text


def test_a_form_from_another_website_is_refused(company):
    visitor = visitor_at("questions-2")
    sent = {"token": visitor.token, **named(SECOND)}
    foreign = visitor.client.post(visitor.url, sent, headers={"origin": "https://elsewhere.example"})
    assert foreign.status_code == 403 and "distance" not in draft(company).answers
    assert visitor.client.post(visitor.url, sent, headers={"origin": "http://testserver"}).status_code == 302


def test_no_page_of_the_front_office_sets_a_cookie(company):
    visitor = visitor_at("details")
    visitor.send(**DETAILS)
    for step in ("", "questions/", "details/", "review/", "later/"):
        visitor.get(f"/duinhaven/apply/a/{visitor.secret}/{step}")
    visitor.send(f"/duinhaven/apply/a/{visitor.secret}/review/", declared="on")
    assert not visitor.client.cookies
