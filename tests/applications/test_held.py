"""What a client holds counts in a product where the office knows who he is, and stays as it counted; of whoever merely
says that he is somebody nothing counts (docs/products.md, `contracts`).
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError

from acceptance.rating import rated_again
from applications.models import Application, Draft
from companies.models import Company
from policies.models import Policy, PolicyState
from products.language import ask, evaluate, to_json
from products.models import ProductVersion
from products.selectors import compiled
from quotations.models import Quotation
from relations.models import Party
from tests import given
from tests.applications.test_by_hand import Clerk
from tests.applications.test_filler_guards import refused, run
from tests.applications.walk import DETAILS
from tests.chain import scenes

pytestmark = pytest.mark.django_db
TEXTS = {"nl": "Twee", "en": "Two"}
HELD = [{"product": "nl-horse-trailer", "line_of_business": "trailer", "valid_from": "2026-12-01"}]


@pytest.fixture
def company(tmp_path: Path, settings: Any) -> Company:
    """Sells the trailer, and a product that asks more of its holders and takes a tenth off their premium."""
    settings.ROOT_URLCONF = "config.urls.everything"
    told = json.loads((given.ROOT / given.PLANS).read_text(encoding="utf-8"))
    more = {
        "key": "both_in_one_shed",
        "type": "yes_no",
        "when": "package",
        "recorded": True,
        "label": TEXTS,
        "why": TEXTS,
    }
    package = {"key": "package", "formula": 'any(contracts where product = "nl-horse-trailer")'}
    net, *others = told["rating"]["steps"]
    net = {**net, "formula": "if package then insured_sum * 0.9% else insured_sum * 1%"}
    changed = scenes.definition(
        tmp_path, questions=[*told["questions"], more], computed=[*told.get("computed", []), package],
        rating={**told["rating"], "steps": [net, *others]},
    )  # fmt: skip
    made = given.provider("duinhaven", given.TRAILER, changed)
    given.member(made, "nora@duinhaven.example", "policy-clerk")
    return made


@pytest.fixture
def held(company: Company) -> Policy:
    return given.policy(company, slug="nl-horse-trailer")


def filled_in_for(company: Company, holder_id: int) -> Clerk:
    """The office's application for a client of the relations, on its first page."""
    with given.inside(company):
        number = Party.objects.get(pk=holder_id).number
    nora = Clerk()
    nora.begin("plans-test", party=number)
    return nora


def applied(company: Company) -> tuple[Application, Quotation]:
    with given.inside(company):
        rows = Application.objects.select_related("version__product")
        return rows.latest("pk"), Quotation.objects.latest("pk")


def test_what_a_known_client_holds_is_asked_about_counts_and_stays(company: Company, held: Policy) -> None:
    nora = filled_in_for(company, held.holder_id)
    assert 'name="both_in_one_shed"' in nora.text
    nora.send(start_date="2027-01-31", insured_sum="100000", both_in_one_shed="yes")
    nora.send(**DETAILS)
    nora.send(declared="on")
    given.work(company)
    application, quotation = applied(company)
    with given.inside(company):
        line = held.product.line_of_business
        assert application.contracts == [{**HELD[0], "line_of_business": line}]
        assert (quotation.net, application.answers["both_in_one_shed"]) == (Decimal("900.00"), True)
        Policy.objects.filter(pk=held.pk).update(state=PolicyState.ENDED)
        again = rated_again(application)
        assert again.ok and again.premium is not None and again.premium.net == quotation.net
    given.ordered(company, quotation, birth_date="1986-04-17")
    given.work(company)
    with given.inside(company):
        assert Policy.objects.latest("pk").versions.get().net == quotation.net


def test_what_ended_counts_no_more(company: Company, held: Policy) -> None:
    with given.inside(company):
        Policy.objects.filter(pk=held.pk).update(state=PolicyState.ENDED)
    assert 'name="both_in_one_shed"' not in filled_in_for(company, held.holder_id).text


def test_of_a_visitor_who_says_that_he_is_the_holder_nothing_counts(company: Company, held: Policy) -> None:
    quotation = given.quotation(company, slug="plans-test", answers=scenes.PLANS_ANSWERS)
    application, _latest = applied(company)
    assert (application.contracts, quotation.net) == ([], Decimal("1000.00"))
    assert "both_in_one_shed" not in application.answers


def test_nor_of_a_client_whom_an_adviser_names(company: Company, held: Policy) -> None:
    ilse = given.adviser(company)
    draft = given.draft_on_behalf(company, adviser=ilse, slug="plans-test", answers=scenes.PLANS_ANSWERS)
    with given.inside(company):
        assert Draft.objects.get(pk=draft.pk).known_id is None and "both_in_one_shed" not in draft.answers


def test_the_database_keeps_contracts_of_known_clients_alone(company: Company, held: Policy) -> None:
    with given.inside(company):
        columns = (
            "case_id, version_id, channel, filled_in_by, declared_by, answers, parties, language, submitted_on, "
            "submitted_at"
        )
        copy = (
            f"INSERT INTO applications_application (number, state, contracts, {columns}) "
            f"SELECT 'A-X', 'submitted', %s, {columns} FROM applications_application"
        )
        refused(IntegrityError, "application_contracts_of_known", copy, json.dumps(HELD))
        assert run(copy, "[]") == 1


def test_the_language_takes_the_contracts_that_a_product_stands_beside(company: Company) -> None:
    with given.inside(company):
        product = compiled(ProductVersion.objects.get(product__slug="plans-test"))
    beside, on, answers = product.beside(HELD), given.DAY, scenes.PLANS_ANSWERS
    assert "both_in_one_shed" in ask(beside, on, answers).keys and product.held == ()
    assert "both_in_one_shed" not in ask(product, on, answers).keys
    same = evaluate(product, on, {**answers, "both_in_one_shed": True}, contracts=HELD)
    assert to_json(evaluate(beside, on, {**answers, "both_in_one_shed": True})) == to_json(same) and same.ok
    assert to_json(evaluate(beside, on, answers, contracts=())) == to_json(evaluate(product, on, answers))
