"""A list of records page by page, without script: added, changed, removed, empty, limited, read back (S0-06, S0-07)."""

import re
from typing import Any

import pytest

from applications.models import Application, Draft
from tests import given
from tests.applications.test_steps import BICYCLE, FIRST, SECOND
from tests.applications.walk import DETAILS, Visitor

pytestmark = pytest.mark.django_db
THEFT: dict[str, Any] = {"loss_date": "2025-05-01", "cause": "theft", "amount": "400"}
DAMAGE: dict[str, Any] = {"loss_date": "2024-03-03", "cause": "damage", "amount": "150.50"}


@pytest.fixture
def company():
    return given.provider("duinhaven", BICYCLE)


@pytest.fixture
def visitor(company):
    """Somebody before the page of the list."""
    found = Visitor(language="en")
    found.get("/duinhaven/apply/bicycle/")
    found.send(**{**FIRST, "value": "2,500.00"})
    found.send(**SECOND)
    assert found.url.endswith("/list-losses/")
    return found


def losses(company):
    with given.inside(company):
        return Draft.objects.get().answers.get("losses")


def page(visitor, place=""):
    return f"/duinhaven/apply/a/{visitor.secret}/list-losses/{place}"


def add(visitor, **record):
    visitor.get(page(visitor, "new/"))
    return visitor.send(**record)


def test_an_empty_list_is_an_answer(company, visitor):
    assert "None, continue" in visitor.text and losses(company) is None
    visitor.send()
    assert visitor.url.endswith("/details/") and losses(company) == []
    visitor.send(**DETAILS)
    assert re.search(r"Loss</h2>.*?none", visitor.text, re.S)


def test_a_record_is_added_and_shown_in_words(company, visitor):
    add(visitor, **DAMAGE)
    assert visitor.url == page(visitor)
    assert losses(company) == [{"loss_date": "2024-03-03", "cause": "damage", "amount": "150.50"}]
    assert "€150.50" in visitor.text and "Damage" in visitor.text and "3\u00a0March\u00a02024" in visitor.text


def test_a_field_that_another_makes_necessary_is_asked_next(company, visitor):
    add(visitor, **THEFT)
    assert visitor.url == page(visitor, "new/") and losses(company) is None
    assert "one more question necessary" in visitor.text
    assert 'name="q-reported"' in visitor.text and 'value="400"' in visitor.text
    visitor.send(**THEFT, asked="reported", reported="yes")
    assert losses(company) == [{"loss_date": "2025-05-01", "cause": "theft", "amount": "400.00", "reported": True}]


def test_with_script_the_field_appears_in_place(visitor):
    visitor.get(page(visitor, "new/"))
    answer = visitor.client.post(visitor.url, {"q-cause": "theft"}, headers={"HX-Request": "true"}).content.decode()
    assert 'name="q-reported"' in answer and 'name="q-cause"' not in answer


def test_a_hidden_field_is_not_kept(company, visitor):
    add(visitor, **DAMAGE, asked="reported", reported="yes")
    assert "reported" not in losses(company)[0]


def test_a_wrong_record_is_told_at_its_field_and_not_kept(company, visitor):
    add(visitor, **DAMAGE | {"amount": "-1", "loss_date": ""})
    assert set(visitor.errors) == {"amount", "loss_date"} and losses(company) is None
    assert "at least €0.00" in " ".join(visitor.errors["amount"])


def test_a_record_is_changed_in_its_place(company, visitor):
    add(visitor, **DAMAGE)
    add(visitor, **DAMAGE | {"amount": "75"})
    visitor.get(page(visitor, "1/"))
    assert 'value="150.50"' in visitor.text
    visitor.send(**DAMAGE | {"amount": "160"})
    assert [row["amount"] for row in losses(company)] == ["160.00", "75.00"]


def test_a_record_changed_to_need_more_asks_for_it(company, visitor):
    add(visitor, **DAMAGE)
    visitor.get(page(visitor, "1/"))
    visitor.send(**THEFT)
    assert 'name="q-reported"' in visitor.text and losses(company)[0]["cause"] == "damage"


def test_a_record_is_taken_out(company, visitor):
    add(visitor, **DAMAGE)
    add(visitor, **DAMAGE | {"amount": "75"})
    visitor.send(remove="1")
    assert visitor.url == page(visitor)
    assert [row["amount"] for row in losses(company)] == ["75.00"]


def test_the_same_button_pressed_twice_takes_out_one(company, visitor):
    add(visitor, **DAMAGE)
    add(visitor, **DAMAGE | {"amount": "75"})
    token = visitor.token
    visitor.send(remove="1")
    visitor.send(page(visitor), token=token, remove="1")
    assert "changed on another page" in visitor.text
    assert [row["amount"] for row in losses(company)] == ["75.00"]


def test_the_same_record_sent_twice_stands_once(company, visitor):
    visitor.get(page(visitor, "new/"))
    token = visitor.token
    for _time in range(2):
        visitor.send(page(visitor, "new/"), token=token, **DAMAGE)
    assert len(losses(company)) == 1 and visitor.url == page(visitor)


def test_a_record_changed_meanwhile_is_not_overwritten(company, visitor):
    add(visitor, **DAMAGE)
    visitor.get(page(visitor, "1/"))
    token = visitor.token
    visitor.get(page(visitor, "1/"))
    visitor.send(**DAMAGE | {"amount": "160"})
    visitor.send(page(visitor, "1/"), token=token, **DAMAGE | {"amount": "170"})
    assert "changed on another page" in visitor.text and 'value="170"' in visitor.text
    assert losses(company)[0]["amount"] == "160.00"


def test_no_more_than_the_list_holds(company, visitor):
    for amount in ("1", "2", "3"):
        add(visitor, **DAMAGE | {"amount": amount})
    assert "At most 3." in visitor.text and "list-losses/new/" not in visitor.text
    add(visitor, **DAMAGE | {"amount": "4"})
    assert "At most 3." in visitor.text
    assert len(losses(company)) == 3


@pytest.mark.parametrize("place", ["2/", "999/"])
def test_a_record_that_is_not_there_answers_404(visitor, place):
    assert visitor.client.get(page(visitor, place)).status_code == 404


def test_going_on_is_a_decision_of_the_applicant(company, visitor):
    add(visitor, **DAMAGE)
    visitor.get(f"/duinhaven/apply/a/{visitor.secret}/")
    assert visitor.url == page(visitor)
    visitor.send()
    assert visitor.url.endswith("/details/")


@pytest.mark.parametrize("go", ["back", "later"])
def test_leaving_the_list_confirms_nothing(company, visitor, go):
    visitor.send(go=go)
    assert losses(company) is None
    visitor.get(f"/duinhaven/apply/a/{visitor.secret}/")
    assert visitor.url == page(visitor)


def test_a_list_not_asked_any_more_is_dropped(company, visitor):
    add(visitor, **DAMAGE)
    visitor.get(f"/duinhaven/apply/a/{visitor.secret}/questions/")
    visitor.send(**FIRST)
    assert losses(company) is None


def test_the_review_shows_a_table_and_the_application_keeps_the_records(company, visitor):
    add(visitor, **DAMAGE)
    add(visitor, **THEFT, asked="reported", reported="no")
    visitor.send()
    visitor.send(**DETAILS)
    assert visitor.text.count('<table class="tbl">') == 1
    for words in ("What happened?", "Theft", "€400.00", "Was it reported to the police?", "no"):
        assert words in visitor.text
    visitor.send(declared="on")
    given.work(company)
    with given.inside(company):
        application = Application.objects.get()
    assert [set(row) for row in application.answers["losses"]] == [set(DAMAGE), {*THEFT, "reported"}]
