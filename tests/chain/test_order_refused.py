"""Orders that are refused, each with a sentence that says what to do; nothing is written for them."""

from typing import Any

import pytest

from policies import tasks
from policies.models import Policy
from quotations.models import Order
from tests import given
from tests.chain import scenes
from tests.world import run

pytestmark = pytest.mark.django_db

REFUSALS: dict[str, dict[str, Any]] = {
    "wrong_fact": {"birth_date": "1986-04-18"},
    "plan": {"plan": "monthly"},
    "papers": {"documents": []},
}


def test_order_with_something_wrong_is_refused():
    company = given.provider()
    given.adviser(company)
    quotation = given.quotation(company, code="ilse-markus")
    with given.inside(company):
        shown = scenes.shown_papers(quotation)
    changed = {"documents": [{**shown[0], "sha256": "0" * 64}, *shown[1:]]}
    before = scenes.counts(company)
    for code, payload in [
        *REFUSALS.items(),
        ("papers", changed),
        ("papers", {"documents": shown[1:]}),
        ("wrong_fact", {"birth_date": None}),
    ]:
        command = scenes.order(company, quotation, **payload)
        assert (command.state, command.outcome["code"]) == ("refused", code)
        assert command.outcome["message"]
    command = scenes.order(company, quotation, addressee="adviser")
    assert (command.state, command.outcome["code"]) == ("refused", "not_customer")
    assert scenes.counts(company) | {"jobs": 0} == before | {"jobs": 0}


def test_order_after_the_last_day_is_refused_with_the_way_to_a_new_one(monkeypatch):
    company = given.provider()
    quotation = given.quotation(company)
    monkeypatch.setattr(tasks, "day_of", lambda company, moment: quotation.valid_until)
    command = scenes.order(company, quotation)
    assert (command.state, command.outcome["code"]) == ("refused", "expired")
    assert quotation.number in command.outcome["message"]
    assert "opnieuw" in command.outcome["message"].lower()  # apply again
    with given.inside(company):
        assert not Order.objects.exists()


def test_five_wrong_answers_close_the_link():
    company = given.provider()
    quotation = given.quotation(company)
    codes = [scenes.order(company, quotation, birth_date=f"1986-04-{day:02d}").outcome["code"] for day in range(1, 7)]
    assert codes == ["wrong_fact"] * 5 + ["closed"]
    command = scenes.order(company, quotation)
    assert (command.state, command.outcome["code"]) == ("refused", "closed")
    with given.inside(company):
        assert not Policy.objects.exists()


def test_wrong_answers_that_wait_together_count_too():
    """Six guesses sent at once are counted by what they say, not by which worker was first."""
    company = given.provider()
    quotation = given.quotation(company)
    guesses = [given.ordered(company, quotation, birth_date=f"1986-04-{day:02d}") for day in range(1, 6)]
    right = given.ordered(company, quotation)
    run(company, right)
    assert scenes.again(company, right).outcome["code"] == "closed"
    run(company, guesses[0])
    assert scenes.again(company, guesses[0]).outcome["code"] == "wrong_fact"
