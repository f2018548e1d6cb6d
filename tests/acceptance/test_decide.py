"""A person decides what the robot left to people: signed, with a reason, once (S0-11, S0-12, S0-16)."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail

from acceptance.models import Decision, Stage, Verdict
from acceptance.rating import rated_again
from acceptance.selectors import deciders
from acceptance.services.decide import ChosenTerm
from applications.models import Application
from companies.clock import today
from companies.models import Act
from companies.models.trail import TrailEntry
from companies.trail import signed, words
from documents.models import Document
from policies.models import Policy, PolicyVersion
from products.language import to_json
from quotations.models import Quotation
from quotations.offer import Offer
from tests import given
from tests.acceptance import scenes
from tests.chain import scenes as chain
from tests.world import run

pytestmark = pytest.mark.django_db
DECIDED = given.DAY + timedelta(days=3)
CLAUSE = ChosenTerm(title="Slot", text="Op slot met SCM.", reason="No device against theft.")


@pytest.fixture
def company(tmp_path):
    return given.provider("duinhaven", given.TRAILER, scenes.limits(tmp_path))


def test_accepted_referral_becomes_a_quotation_with_the_price_of_the_applications_day(company):
    application = scenes.applied(company, scenes.REFERRED, slug="nl-horse-trailer")
    maud = scenes.person(company, "maud")
    decision = scenes.decided(company, application, maud, CLAUSE, on=DECIDED)
    with given.inside(company):
        assert Application.objects.get(pk=application.pk).state == "accepted"
        assert not Quotation.objects.exists()  # the worker makes it
    given.work(company)
    with given.inside(company):
        quotation = Quotation.objects.get(assessment=decision.assessment_id)
        robot = decision.assessment.trace
        assert str(quotation.total) == robot["payment"]["total"]
        assert (quotation.valid_from, quotation.valid_until - quotation.valid_from) == (DECIDED, timedelta(days=30))
        assert quotation.evaluation["decision"] == "accept"
        assert quotation.evaluation["premium"]["indicative"] is False
        assert quotation.evaluation["sha256"] == robot["sha256"] == decision.assessment.definition_sha256
        assert [term["key"] for term in quotation.evaluation["terms"]][-1] == "F01"
        texts = {row.kind: chain.text_of(chain.pdf(row)) for row in Document.objects.select_related("file")}
        assert "Op slot met SCM." in texts["quotation"]
        trail = [(words(row), signed(row)) for row in TrailEntry.objects.select_related("user").order_by("pk")]
        assert ("Accepted with 1 term", "Maud") in trail
    body = mail.outbox[0].body
    assert "Slot: Op slot met SCM." in body


def test_what_the_robot_priced_is_what_is_priced_again(company):
    application = scenes.applied(company, scenes.REFERRED, slug="nl-horse-trailer")
    with given.inside(company):
        trace = scenes.assessment(application).trace
        again = to_json(rated_again(application))
    assert again == trace


def test_policy_carries_the_decisions_terms_and_the_case_is_the_customers_own(company):
    application = scenes.applied(company, scenes.sum_of("250000"), slug="plans-test")
    terms = [ChosenTerm(key="T09_SAFE", reason="A high sum."), CLAUSE]
    scenes.decided(company, application, scenes.person(company, "maud"), *terms, on=today(company))
    given.work(company)
    with given.inside(company):
        quotation = Quotation.objects.select_related("case").get()
    run(company, given.ordered(company, quotation))
    given.work(company)
    with given.inside(company):
        version = PolicyVersion.objects.get(policy=Policy.objects.get())
        assert [term["key"] for term in version.terms] == ["T01_STANDARD", "T09_SAFE", "F01"]
        paper = chain.text_of(chain.pdf(Document.objects.select_related("file").get(kind="policy")))
        assert "Bewaar het in een kluis, tot € 250.000,00." in paper and "Op slot met SCM." in paper
        assert version.total == Offer(quotation.evaluation, quotation.plan).total


def test_declined_referral_gets_no_quotation(company):
    application = scenes.applied(company, scenes.sum_of("250000"), slug="plans-test")
    decision = scenes.refused(company, application, scenes.person(company, "maud"))
    with given.inside(company):
        application.refresh_from_db()
        assert application.state == "declined"
        assert not Quotation.objects.exists()
        assert decision.told == "Het bedrag is ons te hoog."
        application.case.refresh_from_db()
        assert str(application.case.retention_date) == "2029-12-31"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reason": "  "}, "Say why, for the file."),
        ({"verdict": Verdict.DECLINE}, "Say to the customer why"),
        ({"verdict": Verdict.DECLINE, "told": "Nee.", "terms": [CLAUSE]}, "carries no terms"),
        ({"terms": [replace(CLAUSE, reason="")]}, "why it is added"),
    ],
)
def test_decision_without_its_words_is_refused(company, changes, message):
    application = scenes.applied(company, scenes.sum_of("250000"), slug="plans-test")
    terms = changes.pop("terms", [])
    assert message in scenes.why_not(company, application, scenes.person(company, "maud"), *terms, **changes)
    with given.inside(company):
        assert not Decision.objects.exists()


def test_the_second_acceptor_is_told_who_decided(company):
    application = scenes.applied(company, scenes.sum_of("250000"), slug="plans-test")
    scenes.decided(company, application, scenes.person(company, "maud"))
    joris = scenes.person(company, "joris")
    told = scenes.why_not(company, application, joris, **scenes.REFUSING)
    assert re.fullmatch(r"Maud decided this application on .*: accepted\.", told)
    accepted = scenes.applied(company, scenes.sum_of("1000"), slug="plans-test")
    assert "The robot decided" in scenes.why_not(company, accepted, joris)


def test_decision_above_authority_waits_for_a_second_name(company):
    application = scenes.applied(company, scenes.sum_of("350000"), slug="plans-test")
    maud, joris = (scenes.person(company, name, Act.DECIDE_REFERRAL) for name in ("maud", "joris"))
    lieke = scenes.person(company, "lieke")
    proposal = scenes.decided(company, application, maud)
    assert proposal.authority == "head_of_acceptance"
    given.work(company)
    with given.inside(company):
        assert Application.objects.get(pk=application.pk).state == "referred"
        assert not Quotation.objects.exists()
    assert "Maud proposed a decision" in scenes.why_not(company, application, joris)
    assert "Decide referrals above the limit" in scenes.why_no_name(company, proposal, lieke)
    assert "Somebody other than Maud" in scenes.why_no_name(company, proposal, maud)
    scenes.countersigned(company, proposal, joris)
    given.work(company)
    with given.inside(company):
        assert Quotation.objects.count() == 1


def test_who_may_decide_is_told_by_name(company):
    for name in ("maud", "joris"):
        scenes.person(company, name, Act.DECIDE_REFERRAL)
    scenes.person(company, "lieke")
    scenes.person(company, "otto", officer=True)
    with given.inside(company):
        above = [(str(user), holds) for user, holds in deciders(Stage.REFERRAL, above=True)]
        plain = [str(user) for user, _holds in deciders(Stage.REFERRAL, above=False)]
        special = [str(user) for user, _holds in deciders(Stage.SPECIAL, above=False)]
    assert above == [("Approver", True), ("Joris", True), ("Lieke", False), ("Maud", True)]
    assert (plain, special) == (["Approver", "Joris", "Lieke", "Maud"], ["Otto"])


def test_returned_proposal_lets_the_application_wait_again(company):
    application = scenes.applied(company, scenes.sum_of("350000"), slug="plans-test")
    maud, joris = scenes.person(company, "maud"), scenes.person(company, "joris", Act.DECIDE_REFERRAL)
    proposal = scenes.decided(company, application, maud)
    scenes.countersigned(company, proposal, joris, agreed=False)
    assert scenes.why_no_name(company, proposal, joris)
    assert scenes.refused(company, application, maud).authority == "head_of_acceptance"


def test_nobody_decides_what_is_his_own(company):
    maud = scenes.person(company, "maud")
    holder = {**given.HOLDER, "email": "maud@duinhaven.example"}
    own = scenes.applied(company, scenes.sum_of("250000"), slug="plans-test", holder=holder)
    assert "your own" in scenes.why_not(company, own, maud)
    anothers = scenes.applied(company, scenes.sum_of("250000"), slug="plans-test")
    assert scenes.decided(company, anothers, maud).signed_by_id == maud.user_id


def test_nobody_decides_what_he_sells(company):
    given.adviser(company, email="maud@duinhaven.example")
    maud = scenes.person(company, "maud")
    sold = scenes.applied(company, scenes.sum_of("250000"), slug="plans-test", code="ilse-markus")
    assert "adviser of this customer" in scenes.why_not(company, sold, maud)


def test_nobody_decides_what_he_entered_by_hand(company):
    maud, joris = scenes.person(company, "maud"), scenes.person(company, "joris")
    application = scenes.by_hand(company, clerk=maud)
    assert (application.filled_in_by, application.declared_by) == ("employee", "employee")
    assert scenes.why_not(company, application, maud) == (
        "You filled in this application. Somebody else decides it. Who can: Approver, Joris."
    )
    assert scenes.decided(company, application, joris).signed_by_id == joris.user_id


def test_nobody_decides_what_he_filled_in_at_the_advisers_door(company):
    adviser = given.adviser(company, email="maud@duinhaven.example")
    maud, joris = scenes.person(company, "maud"), scenes.person(company, "joris")
    application = scenes.by_hand(company, adviser=adviser)
    assert (application.filled_in_by, application.membership_id == maud.membership_id) == ("adviser", False)
    assert "You filled in this application." in scenes.why_not(company, application, maud)
    assert scenes.decided(company, application, joris).signed_by_id == joris.user_id


def test_who_filled_in_counts_though_a_colleague_sent_it(company):
    maud, joris, lieke = (scenes.person(company, name) for name in ("maud", "joris", "lieke"))
    application = scenes.by_hand(company, clerk=maud, sender=joris)
    for actor in (maud, joris):
        assert "Who can: Approver, Lieke." in scenes.why_not(company, application, actor)
    assert scenes.decided(company, application, lieke).signed_by_id == lieke.user_id


def test_quotation_officer_completes_what_is_special_with_a_validity_of_his_own(company):
    application = scenes.applied(company, scenes.sum_of("111111"), slug="plans-test")
    assert application.state == "special"
    scenes.decided(company, application, scenes.person(company, "otto", officer=True), valid_days=10)
    given.work(company)
    with given.inside(company):
        quotation = Quotation.objects.get()
        assert quotation.valid_until - quotation.valid_from == timedelta(days=10)


def test_what_has_no_premium_cannot_be_accepted(tmp_path):
    rules = [{"key": "N01", "when": "insured_sum > 200000", "text": {"nl": "geen tarief", "en": "no tariff"}}]
    rating = json.loads((given.ROOT / given.PLANS).read_text(encoding="utf-8"))["rating"] | {"not_rated": rules}
    company = given.provider("duinhaven", scenes.limits(tmp_path, rating=rating))
    application = scenes.applied(company, scenes.sum_of("250000"))
    assert "no premium, because geen tarief" in scenes.why_not(company, application, scenes.person(company, "maud"))
