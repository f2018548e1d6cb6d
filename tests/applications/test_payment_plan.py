"""A payment plan that the product refuses for these answers: said at its question, before anything is sent (S0-14)."""

import json
from datetime import date
from typing import Any

import pytest

from applications.models import Application, Draft
from companies.doors import Door
from products.language import compile_definition, evaluate, problems
from quotations.models import Quotation
from quotations.services.quote import priced
from tests import given
from tests.applications.walk import DETAILS, Visitor

pytestmark = pytest.mark.django_db
CATALOGUE = "products/catalogue/de-contents-glass.json"
HOLDER: dict[str, Any] = {
    **given.HOLDER, "address": {**given.HOLDER["address"], "postcode": "86150", "country": "DE"},
}  # fmt: skip
ANSWERS: dict[str, Any] = {
    "contents": False, "glass": True, "living_area_m2": "75", "dwelling_type": "flat",
    "contents_policy_elsewhere": True, "payment_frequency": "quarterly", "direct_debit": False,
}  # fmt: skip
PAGE = {"contents": "no", "glass": "yes", "living_area_m2": "75", "payment_frequency": "quarterly"}
MORE = {"dwelling_type": "flat", "contents_policy_elsewhere": "yes", "direct_debit": "no"}
DAY = date(2026, 11, 1)
GERMAN = "ohne Lastschrift sind es mindestens 15,00\N{NO-BREAK SPACE}€. Möglich ist hier: Jährlich."


@pytest.fixture
def company():
    return given.provider("lindenquell-test", CATALOGUE, at=given.GERMAN)


@pytest.fixture(scope="module")
def product():
    return compile_definition(json.loads((given.ROOT / CATALOGUE).read_text()))


def at_plan(visitor: Visitor) -> None:
    """The visitor answers up to the page where the plan is asked together with what follows from it."""
    visitor.get("/lindenquell-test/apply/de-contents-glass/")
    visitor.send(**PAGE)
    for _page in range(3):
        if visitor.url.endswith("/questions/") or "/questions" not in visitor.url:
            return
        visitor.send(**MORE)


def test_a_refused_plan_leads_back_to_its_question_and_says_why_and_which_is_possible(company):
    visitor = Visitor("lindenquell-test", language="de")
    at_plan(visitor)
    assert visitor.url.endswith("/questions/"), "nobody comes to his details with a plan he can't have"
    assert GERMAN in visitor.text
    visitor.send(**PAGE, **MORE, asked=list(MORE))
    assert "payment_frequency" in visitor.errors and GERMAN in visitor.errors["payment_frequency"][0]
    visitor.send(**{**PAGE, "payment_frequency": "annual"}, **MORE, asked=list(MORE))
    assert visitor.url.endswith("/details/")


def test_an_allowed_plan_becomes_a_quotation_on_it(company):
    visitor = Visitor("lindenquell-test", language="de")
    visitor.get("/lindenquell-test/apply/de-contents-glass/")
    visitor.send(**PAGE)
    visitor.send(**{**MORE, "direct_debit": "yes"})
    assert visitor.url.endswith("/details/")
    visitor.send(**{**DETAILS, "postcode": "86150", "city": "Augsburg"})
    assert visitor.url.endswith("/review/")


def test_a_draft_with_a_refused_plan_is_handed_in_by_nobody(company):
    draft: Any = given.draft(company, answers=ANSWERS, holder=HOLDER, language="de")
    command = given.knocked(company, "apply", case_id=draft.case_id, link_id=draft.link_id, door=Door.FRONT, payload={})
    given.work(company)
    with given.inside(company):
        command.refresh_from_db()
        assert (command.state, command.outcome["code"]) == ("refused", "not_complete")
        assert not Application.objects.exists() and not Quotation.objects.exists() and Draft.objects.exists()


def test_the_same_answers_with_direct_debit_are_quoted_on_the_plan_that_was_asked_for(company):
    quotation = given.quotation(company, answers=ANSWERS | {"direct_debit": True}, holder=HOLDER, language="de")
    assert quotation.plan == "quarterly" and quotation.total == quotation.net + quotation.tax + quotation.fees


def test_problems_name_the_plan_only_when_nothing_else_is_wrong(product):
    assert [problem.code for problem in problems(product, DAY, {**ANSWERS, "direct_debit": None})] == ["missing"]
    (problem,) = problems(product, DAY, ANSWERS)
    assert (problem.path, problem.code) == ("answers.payment_frequency", "plan_refused")
    assert (problem.values["found"], problem.values["offered"]["en"]) == ("quarterly", "Yearly")
    assert problem.values["texts"]["en"].startswith("An instalment would be €")
    for plan in ("annual", "half_yearly"):
        found = problems(product, DAY, {key: value for key, value in (ANSWERS | {"payment_frequency": plan}).items()
                                        if plan != "annual" or key != "direct_debit"})  # fmt: skip
        assert [each.code for each in found] == [], plan


def test_a_plan_that_an_acceptor_s_price_refuses_is_quoted_as_the_one_offered_instead(product):
    evaluation = evaluate(product, DAY, ANSWERS)
    assert evaluation.payment is not None and evaluation.payment.allowed is False
    chosen, premium = priced(evaluation)
    assert (chosen.plan, chosen.allowed) == ("annual", True)
    assert premium.net + premium.tax + premium.fees + chosen.fees + premium.rounding == chosen.total > 0
