"""What the robot decides and all that it looked at; nobody hands in what wasn't asked (S0-08 to S0-11)."""

from typing import Any

import pytest
from django.core import mail

from acceptance.models import Assessment
from applications.models import Application, Draft
from companies.actor import Actor, ActorKind
from companies.doors import Door
from companies.models import Company
from quotations.models import Quotation
from tests import given
from tests.chain import scenes

pytestmark = pytest.mark.django_db


def decided(company: Company) -> Assessment:
    """The one assessment; called inside the company."""
    return Assessment.objects.select_related("application__version").get()


def test_referred_application_waits_with_the_rule_that_referred_it():
    company = given.provider()
    command = scenes.applied(company, given.draft(company, answers={**given.TRAILER_ANSWERS, "theft_devices": []}))
    given.work(company)
    assert command.outcome["outcome"] == "refer"
    with given.inside(company):
        assessment = decided(company)
        assert (assessment.outcome, assessment.application.state) == ("refer", "referred")
        assert [reason["key"] for reason in assessment.reasons] == ["R02_NO_THEFT_DEVICE"]
        assert assessment.definition_sha256 == assessment.application.version.sha256
        looked_at = {row["key"]: row for row in assessment.trace["trace"]["conditions"]}
        assert looked_at["R02_NO_THEFT_DEVICE"]["fired"] is True
        refused = looked_at["R01_USE_OUTSIDE_AREA"]
        assert (refused["fired"], refused["refused_by"], refused["values"]) == (
            False,
            refused["condition"],
            {"area_of_use": ["NL"]},
        )
        assert not Quotation.objects.exists()
    assert mail.outbox == []


def test_declined_application_gets_no_quotation(tmp_path):
    rules = [{
        "key": "R09_TOO_MUCH", "when": "insured_sum > 200000", "outcome": "decline",
        "customer": {"nl": "Zo hoog verzekeren wij niet.", "en": "We don't insure such a sum."},
        "underwriter": {"nl": "Verzekerd bedrag {insured_sum}.", "en": "Insured sum {insured_sum}."},
    }]  # fmt: skip
    company = given.provider("duinhaven", scenes.definition(tmp_path, acceptance=rules))
    command = scenes.applied(company, given.draft(company, answers={**scenes.PLANS_ANSWERS, "insured_sum": "300000"}))
    given.work(company)
    assert (command.outcome["outcome"], command.outcome["quotation"]) == ("decline", None)
    with given.inside(company):
        assessment = decided(company)
        assert (assessment.outcome, assessment.application.state) == ("decline", "declined")
        assert not Quotation.objects.exists()
    assert [sent.attachments[0][0] for sent in mail.outbox] == ["decision-A-2026-000001.pdf"]


TAMPERED: dict[str, dict[str, Any]] = {
    "an answer that wasn't asked": {"answers": {**given.TRAILER_ANSWERS, "age_months": 72, "bought_new": True}},
    "an answer of no question": {"answers": {**given.TRAILER_ANSWERS, "discount": "100"}},
    "a missing answer": {"answers": {k: v for k, v in given.TRAILER_ANSWERS.items() if k != "catalogue_value"}},
    "a wrong type": {"answers": {**given.TRAILER_ANSWERS, "catalogue_value": {"least": 1}}},
    "a wrong choice": {"answers": {**given.TRAILER_ANSWERS, "theft_devices": ["guard_dog"]}},
    "a negative amount": {"answers": {**given.TRAILER_ANSWERS, "catalogue_value": "-8500.00"}},
    "answers that are no document": {"answers": ["start_date"]},
    "no declaration": {"declared": False},
    "nobody who applies": {"parties": {}},
    "a holder who is a list": {"parties": {"policyholder": ["Sanne"]}},
    "an address that is a number": {"parties": {"policyholder": {**given.HOLDER, "address": 12}}},
    "a name that is a number": {"parties": {"policyholder": {**given.HOLDER, "name": 12}}},
    "no e-mail": {"parties": {"policyholder": {**given.HOLDER, "email": ""}}},
    "two e-mails in one": {
        "parties": {"policyholder": {**given.HOLDER, "email": "a@verbruggen.example, b@verbruggen.example"}}
    },
    "a day of birth that is none": {"parties": {"policyholder": {**given.HOLDER, "birth_date": "1986-04-31"}}},
}


def test_draft_written_past_the_pages_is_read_anew():
    company = given.provider()
    for what, changes in TAMPERED.items():
        draft: Any = given.draft(company)
        given.become("bo_public")
        with given.inside(
            company, Actor(kind=ActorKind.VISITOR, door=Door.FRONT, case_id=draft.case_id, link_id=draft.link_id)
        ):
            assert Draft.objects.filter(pk=draft.pk).update(**changes) == 1, what
        given.become("bo_app")
        command = scenes.applied(company, draft)
        assert (command.state, command.outcome.get("code")) == ("refused", "not_complete"), (what, command.outcome)
    with given.inside(company):
        assert not Application.objects.exists()
        assert Draft.objects.count() == len(TAMPERED)  # still there, to be put right


def test_what_is_not_asked_of_a_person_is_not_kept():
    company = given.provider()
    draft = given.draft(
        company, holder={**given.HOLDER, "customer_number": "R-2026-000001", "email": "SANNE@verbruggen.example"}
    )
    assert scenes.applied(company, draft).state == "done"
    with given.inside(company):
        holder = Application.objects.get().parties["policyholder"]
    assert "customer_number" not in holder
    assert holder["email"] == "sanne@verbruggen.example"


def test_answer_of_the_system_is_its_own_whoever_told_another():
    company = given.provider()
    answers = {**given.TRAILER_ANSWERS, "premium_due_date": "2031-01-01"}
    assert scenes.applied(company, given.draft(company, answers=answers)).state == "done"
    with given.inside(company):
        assert Application.objects.get().answers["premium_due_date"] == given.TRAILER_ANSWERS["start_date"]
