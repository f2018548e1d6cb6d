"""A person accepts with a loading or an excess, as far as the product leaves it to him (S0-12)."""

import json
from typing import Any

import pytest
from django.core import mail

from acceptance.models import Decision, Verdict
from acceptance.services.letter import send_letter
from acceptance.setting import Setting
from applications.models import Application
from applications.steps import asked_keys, asked_only
from companies.actor import ROBOT
from companies.clock import today
from companies.models import Act
from companies.models.trail import TrailEntry
from companies.trail import words
from documents.models import Document
from policies.models import Invoice, Policy, PolicyVersion
from products.models import ProductVersion
from products.selectors import compiled
from quotations.models import Quotation
from tests import given, world
from tests.acceptance import scenes
from tests.acceptance.test_no_other_road import DECISION, done, refused, row
from tests.chain import scenes as chain
from tests.world import run

pytestmark = pytest.mark.django_db
LIABILITY = "products/catalogue/nl-private-liability.json"
ANSWERS: dict[str, Any] = {
    "start_date": "2027-01-01", "household": "family", "insured_sum": "2500000", "adult_children": False, "dogs": 5,
    "claims": 2, "refused_before": False,
}  # fmt: skip
LOADED = {"loading": "15", "loading_for": "dogs", "excess": "250.00"}
HIGH = {"loading": "30"}


@pytest.fixture
def company():
    company = given.provider("duinhaven", LIABILITY)
    scenes.person(company, "maud")
    return company


@pytest.fixture
def maud(company):
    return scenes.person(company, "lena", Act.DECIDE_REFERRAL)


@pytest.fixture
def referred(company):
    return scenes.applied(company, ANSWERS)


def page_of(application):
    return f"/duinhaven/office/cases/{application.case.number}/decision/"


def test_referral_accepted_with_a_loading_is_quoted_ordered_and_insured_at_that_price(company, maud, referred):
    decision = scenes.decided(company, referred, maud, answers=LOADED, on=today(company))
    given.work(company)
    with given.inside(company):
        quotation = Quotation.objects.select_related("case").get()
        assert (str(quotation.net), str(quotation.total)) == ("83.49", "101.02")
        trace = scenes.assessment(referred).trace
        assert (trace["payment"]["total"], trace["answers"]["loading"]) == ("87.85", "0")
        assert decision.answers == LOADED
        paper = chain.text_of(chain.pdf(Document.objects.select_related("file").get(kind="quotation")))
        copy = chain.text_of(chain.pdf(Document.objects.select_related("file").get(kind="application")))
    told = "Wegens het aantal honden geldt een toeslag van 15 % op de premie."
    assert told in paper and "toeslag van 15 % wegens het aantal honden" in paper and "83,49" in paper
    assert "Van schade betaalt u per gebeurtenis de eerste € 250,00 zelf." in paper
    assert "Toeslag" not in copy
    assert f"- Toeslag: {told}" in mail.outbox[0].body and "Honden:" not in mail.outbox[0].body
    run(company, given.ordered(company, quotation))
    given.work(company)
    with given.inside(company):
        version = PolicyVersion.objects.get(policy=Policy.objects.get())
        assert (str(version.net), version.total, Invoice.objects.get().total) == (
            "83.49",
            quotation.total,
            version.total,
        )
        assert [term["key"] for term in version.terms][-2:] == ["T06_LOADING", "T07_EXCESS"]
        policy = chain.text_of(chain.pdf(Document.objects.select_related("file").get(kind="policy")))
    assert told in policy and "101,02" in policy


def test_the_applications_own_answers_stay_what_was_submitted(company, maud, referred):
    scenes.decided(company, referred, maud, answers=LOADED)
    with given.inside(company):
        assert Application.objects.get(pk=referred.pk).answers == ANSWERS


def test_no_page_of_the_application_asks_for_it(company):
    with given.inside(company):
        product = compiled(ProductVersion.objects.get())
    assert asked_keys(product, ANSWERS, given.DAY) == list(ANSWERS)
    assert asked_only(product, {**ANSWERS, **LOADED}, given.DAY) == ANSWERS


def test_no_applicant_sets_it(company):
    chain.applied(company, given.draft(company, answers={**ANSWERS, "loading": "0", "excess": "500"}))
    with given.inside(company):
        application = Application.objects.get()
        assert application.answers == ANSWERS
        assert scenes.assessment(application).trace["answers"]["excess"] == "0"


def test_what_stands_at_its_default_was_not_set(company, maud, referred):
    decision = scenes.decided(company, referred, maud, answers={"loading": "0.0", "excess": "0"})
    assert (decision.answers, decision.reasons) == ({}, [])
    with given.inside(company):
        assert words(TrailEntry.objects.get(code="decision.signed")) == "Accepted as asked by a person"


def test_the_trail_says_what_was_set(company, maud, referred):
    scenes.decided(company, referred, maud, answers=LOADED)
    with given.inside(company):
        said = words(TrailEntry.objects.get(code="decision.signed"))
    assert said == "Accepted by a person, who set loading, loading_for, excess"


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"loading": "50.1"}, "Expected at most 50, found 50.1."),
        ({"excess": "-1"}, "Expected at least €0.00, found"),
        ({"loading": "a lot"}, "Expected a number such as"),
        ({"loading_for": "dogs"}, "Expected another answer here"),
        ({"dogs": 0}, "The product leaves no “dogs” to who accepts."),
        ({"colour": "red"}, "The product leaves no “colour” to who accepts."),
    ],
)
def test_what_is_set_beyond_its_limits_is_refused(company, maud, referred, answers, message):
    assert message in scenes.why_not(company, referred, maud, answers=answers)
    with given.inside(company):
        assert not Decision.objects.exists()


def test_a_refusal_sets_nothing(company, maud, referred):
    refusing: dict[str, Any] = scenes.REFUSING
    assert "carries no terms" in scenes.why_not(company, referred, maud, answers=LOADED, **refusing)
    assert scenes.decided(company, referred, maud, **refusing).verdict == Verdict.DECLINE


def test_what_was_left_unasked_cannot_be_set(company):
    declined = scenes.applied(company, {**ANSWERS, "dogs": 0, "claims": 0, "refused_before": True})
    accepted = scenes.applied(company, {**ANSWERS, "dogs": 0, "claims": 0})
    with given.inside(company):
        assert [part.spec.key for part in Setting(declined, {}).open] == ["loading", "loading_for", "excess"]
        assert Setting(accepted, {}).open == ()


def test_a_loading_above_the_acceptors_own_waits_for_a_second_name(company, maud, referred):
    joris = scenes.person(company, "joris", Act.DECIDE_REFERRAL)
    proposal = scenes.decided(company, referred, maud, answers=HIGH)
    assert proposal.authority == "head_of_acceptance"
    assert [reason["key"] for reason in proposal.reasons] == ["R03_HIGH_LOADING"]
    assert "Somebody other than Lena" in scenes.why_no_name(company, proposal, maud)
    scenes.countersigned(company, proposal, joris)
    given.work(company)
    with given.inside(company):
        assert str(Quotation.objects.get().net) == "94.38"


def test_a_refusal_overturned_is_accepted_with_a_loading(company, maud):
    declined = scenes.applied(company, {**ANSWERS, "dogs": 0, "claims": 3})
    scenes.decided(company, declined, maud, answers={"loading": "20"})
    given.work(company)
    with given.inside(company):
        assert str(Quotation.objects.get().net) == "82.08"


def test_a_letter_of_a_refusal_names_no_answer_of_the_acceptors(company, maud, referred):
    decision = scenes.decided(company, referred, maud, **scenes.REFUSING)
    with given.inside(company):
        assessment = type(decision.assessment).objects.select_related(
            "application__case", "application__adviser", "application__version__product"
        ).get(pk=decision.assessment_id)  # fmt: skip
        letter = send_letter(assessment=assessment, decision=decision, company=company, actor=ROBOT, on=given.DAY)
    assert "oeslag" not in chain.text_of(chain.pdf(letter))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"answers": {"dogs": 0}}, "the product leaves no dogs to an acceptor"),
        ({"answers": {"colour": "red"}}, "the product leaves no colour to an acceptor"),
        ({"answers": HIGH, "reasons": [{"key": "R03_HIGH_LOADING", "authority": "head_of_acceptance"}]},
         "needs a second signature"),
        ({"answers": LOADED, "verdict": "decline", "told": "Nee."}, "decision_refusal_sets_nothing"),
    ],
)  # fmt: skip
def test_the_database_refuses_to_set_what_is_the_customers_or_above_authority(
    company, maud, referred, changes, message
):
    told = {name: json.dumps(value) if isinstance(value, (dict, list)) else value for name, value in changes.items()}
    with given.inside(company):
        assert message in refused(DECISION, row(referred, maud, **told))
        assert "permission denied" in refused("UPDATE acceptance_decision SET answers = '{}'")
        done(DECISION, row(referred, maud, answers=json.dumps(LOADED)))


def told_page(**changes):
    return {"verdict": "terms", "reason": "Two claims, small ones.", "set_loading": "15", "set_loading_for": "dogs",
            "set_excess": "250.00", **changes}  # fmt: skip


def test_the_page_offers_what_the_product_leaves_open_and_shows_the_premium_with_it(company, referred):
    client = world.client_of("maud@duinhaven.example")
    text = client.get(page_of(referred)).content.decode()
    for shown in ("Loading on the premium", "From 0 to 50.", "From €0.00 to €500.00.", "the number of your dogs"):
        assert shown in text
    assert "T06_LOADING" not in text
    tried = client.post(page_of(referred), told_page(verdict="", reason="", **{"try": "yes"}))
    text = tried.content.decode()
    assert "With this it costs €101.02, tax included." in text
    assert tried.status_code == 200 and "83.49" in text and "T06_LOADING" in text and "Choose an outcome" not in text
    high = client.post(page_of(referred), told_page(set_loading="30", **{"try": "yes"})).content.decode()
    assert "94.38" in high and "Sign the proposal" in high
    with given.inside(company):
        assert not Decision.objects.exists()


def test_the_page_records_what_is_set_and_shows_it_with_the_decision(company, referred):
    client = world.client_of("maud@duinhaven.example")
    response = client.post(page_of(referred), told_page(), follow=True)
    text = response.content.decode()
    assert "The quotation goes out within seconds" in text
    assert "Loading on the premium: <b>15 %</b>" in text and "Excess for each event: <b>€250.00</b>" in text
    with given.inside(company):
        assert Decision.objects.get().answers == {"loading": "15", "loading_for": "dogs", "excess": "250.00"}
    audit = client.get(f"{page_of(referred)}?reader=audit").content.decode()
    assert "By what was set: Steps of the premium" in audit and "loaded_premium" in audit


WRONG: list[tuple[dict[str, str], str]] = [
    ({"set_loading": "60"}, "Expected at most 50, found 60."),
    ({"set_excess": "much"}, "Expected an amount such as"),
    ({"verdict": "accept"}, "Terms are filled in"),
    ({"verdict": "decline", "told": "No."}, "Terms are filled in"),
    ({"set_loading": "0", "set_excess": ""}, "at least one term"),
]


def test_what_is_wrong_is_said_on_the_page_and_nothing_is_decided(company, referred):
    client = world.client_of("maud@duinhaven.example")
    for changes, message in WRONG:
        response = client.post(page_of(referred), told_page(**changes))
        assert response.status_code == 422 and message in response.content.decode(), message
    with given.inside(company):
        assert not Decision.objects.exists()


def test_the_second_signer_reads_what_he_signs(company, referred):
    scenes.person(company, "joris", Act.DECIDE_REFERRAL)
    world.client_of("maud@duinhaven.example").post(page_of(referred), told_page(set_loading="30"))
    joris = world.client_of("joris@duinhaven.example")
    text = joris.get(page_of(referred)).content.decode()
    for shown in ("Maud proposes: accepted", "Loading on the premium: <b>30 %</b>", "94.38",
                  "Loading of 30 %; at most 25 % without a second signature."):  # fmt: skip
        assert shown in text
    joris.post(page_of(referred), {"agreed": "yes", "why": "Seen."})
    given.work(company)
    with given.inside(company):
        assert str(Quotation.objects.get().net) == "94.38"
