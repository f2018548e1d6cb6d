"""The server decides alone: what was changed, is too old, or belongs to what isn't sold any more (S0-06 to S0-08)."""

import json
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

from applications.models import Application, Draft
from applications.services.renewal import carried
from companies.actor import ROBOT, Actor, ActorKind
from companies.doors import Door
from companies.models import Command
from documents.models import Case
from products.language import compile_definition
from products.models import ProductVersion
from products.services import life
from tests import given
from tests.applications.test_steps import BICYCLE, FIRST, SECOND
from tests.applications.walk import DETAILS, Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return given.provider("duinhaven", BICYCLE)


def visitor_at_review():
    visitor = Visitor(language="en")
    visitor.get("/duinhaven/apply/bicycle/")
    visitor.send(**FIRST)
    visitor.send(**SECOND)
    visitor.send(**DETAILS)
    assert visitor.url.endswith("/review/")
    return visitor


def the(model, company, **conditions):
    with given.inside(company):
        return model.objects.filter(**conditions).latest("pk")


def newer(company, change):
    """A second version of the product goes live; the first is withdrawn by that."""
    definition = json.loads((given.ROOT / BICYCLE).read_text())
    change(definition)
    people = [
        given.actor_of(given.member(company, f"{name}@two.example", protocol))
        for name, protocol in [("a", "product-developer"), ("b", "product-approver")]
    ]
    with given.inside(company, people[0]):
        version = life.draft_version(definition=definition, company=company, actor=people[0], on=given.DAY)
        life.submit_version(version=version, actor=people[0], on=given.DAY)
    with given.inside(company, people[1]):
        life.approve_version(version=version, actor=people[1], on=given.DAY)
        life.put_in_test(version=version, actor=people[1], on=given.DAY)
        return life.set_live(version=version, actor=people[1], on=given.DAY, evidence="Tried.")


def question(definition, key):
    return next(row for row in definition["questions"] if row["key"] == key)


def other_words(definition):
    """Another wording of the lock, another bound of the value, another why of the postcode."""
    question(definition, "lock")["label"]["en"] = "Which lock do you use at night?"
    question(definition, "value")["most"] = "9000.00"
    question(definition, "postcode")["why"]["en"] = "Theft differs."


def withdraw(company):
    with given.inside(company):
        life.withdraw_version(version=ProductVersion.objects.get(state="live"), actor=ROBOT, on=given.DAY)


def test_an_application_goes_on_with_the_newer_version_and_the_answers_that_still_fit(company):
    visitor = visitor_at_review()
    old = the(Draft, company)
    version = newer(company, other_words)
    review = visitor.url
    visitor.get(review)
    assert "has changed since you began" in visitor.text
    assert "9 of your 10 answers still fit" in visitor.text
    assert the(Draft, company).version_id == old.version_id  # reading moves nothing
    visitor.send(review.replace("review", "renew"))
    assert visitor.url.endswith("/questions/")
    draft, case = the(Draft, company), the(Case, company)
    assert (draft.version_id, case.product_version_id) == (version.pk, version.pk)
    assert "lock" not in draft.answers and draft.answers["value"] == "1250.00"
    assert draft.parties == old.parties
    assert 'value="1,250.00"' in visitor.text and "at night?" in visitor.text
    visitor.send(**FIRST)
    assert visitor.url.endswith("/review/")
    visitor.send(declared="on")
    given.work(company)
    assert the(Application, company).version_id == version.pk


def test_every_page_of_it_says_so(company):
    visitor = visitor_at_review()
    newer(company, other_words)
    for step in ("", "questions/", "details/", "review/"):
        visitor.get(f"/duinhaven/apply/a/{visitor.secret}/{step}")
        assert "has changed since you began" in visitor.text, step


def test_a_form_sent_after_the_version_changed_changes_nothing(company):
    visitor = visitor_at_review()
    token, review = visitor.token, visitor.url
    newer(company, other_words)
    visitor.send(review, token=token, declared="on")
    assert "has changed since you began" in visitor.text
    with given.inside(company):
        assert not Command.objects.exists()


def test_the_worker_refuses_what_was_withdrawn_while_it_waited(company):
    visitor = visitor_at_review()
    visitor.send(declared="on")
    withdraw(company)
    given.work(company)
    visitor.get(visitor.url)
    assert "wasn’t sent" in visitor.text and the(Command, company).outcome["code"] == "replaced"
    with given.inside(company):
        assert not Application.objects.exists()
    visitor.get(f"/duinhaven/apply/a/{visitor.secret}/")
    assert "isn’t sold any more" in visitor.text


def test_without_a_newer_version_the_application_ends(company):
    visitor = visitor_at_review()
    withdraw(company)
    visitor.get(visitor.url)
    assert "isn’t sold any more" in visitor.text and "<form" not in visitor.text.partition("<main")[2]
    visitor.send(visitor.url.replace("review", "renew"), token="x")
    assert the(ProductVersion, company).state == "withdrawn"


def test_a_version_withdrawn_from_a_later_day_may_still_be_sold(company):
    visitor = visitor_at_review()
    with given.inside(company):
        life.withdraw_version(
            version=ProductVersion.objects.get(state="live"), actor=ROBOT, on=given.DAY.replace(year=2999)
        )
    visitor.get(visitor.url)
    assert "Is everything right?" in visitor.text
    visitor.send(declared="on")
    given.work(company)
    assert the(Application, company).state == "accepted"


@pytest.mark.parametrize("token", ["", "garbage", "of another page"])
def test_only_the_page_that_said_so_moves_an_application(company, token):
    visitor = visitor_at_review()
    told = visitor.token if token == "of another page" else token
    old = the(Draft, company).version_id
    newer(company, other_words)
    visitor.send(visitor.url.replace("review", "renew"), token=told)
    assert the(Draft, company).version_id == old and "has changed since" in visitor.text


def test_answers_come_along_where_the_question_is_the_same():
    definition = json.loads((given.ROOT / BICYCLE).read_text())
    old = compile_definition(definition)
    question(definition, "lock")["choices"][0]["label"]["en"] = "Nothing"
    question(definition, "value")["least"] = "2000.00"
    question(definition, "electric")["help"] = {"en": "With a motor."}
    new = compile_definition(definition)
    answers = {"value": "1250.00", "postcode": "8011", "lock": "none", "electric": True, "battery_value": "400.00"}
    kept = carried(old, new, answers, on=given.DAY)
    assert kept == {"postcode": "8011", "electric": True, "battery_value": "400.00"}


def raw(sql, *values):
    """SQL past the pages, as the public process could run it."""
    given.become("bo_public")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    finally:
        given.become("bo_app")


def test_the_database_moves_a_draft_to_the_live_version_of_its_product_only(company):
    visitor_at_review()
    draft = the(Draft, company)
    front = Actor(kind=ActorKind.VISITOR, door=Door.FRONT, case_id=draft.case_id)
    stranger = Actor(kind=ActorKind.VISITOR, door=Door.FRONT)
    with given.inside(company):
        old = ProductVersion.objects.get().pk
    version = newer(company, other_words)
    for actor, number in ((front, old), (front, 0), (stranger, version.pk)):
        with given.inside(company, actor), pytest.raises(Exception, match="version|renewed"):
            raw("SELECT sec.renew_draft(%s, %s)", draft.case_id, number)
    for statement in (
        "UPDATE applications_draft SET version_id = %s",
        "UPDATE documents_case SET product_version_id = %s",
    ):
        with given.inside(company, front), pytest.raises(Exception, match="permission denied"):
            raw(statement, version.pk)
    with given.inside(company, front):
        raw("SELECT sec.renew_draft(%s, %s)", draft.case_id, version.pk)
    assert the(Draft, company).version_id == version.pk


def test_a_form_a_day_old_is_shown_again_with_what_was_typed(company, monkeypatch):
    visitor = Visitor(language="en")
    visitor.get("/duinhaven/apply/bicycle/")
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + timedelta(hours=25).total_seconds())
    visitor.send(**FIRST)
    assert "open for more than a day" in visitor.text and 'value="1,250.00"' in visitor.text
    visitor.send(**FIRST)
    assert visitor.url.endswith("/questions-2/")


def test_answers_written_past_the_pages_are_judged_by_the_worker(company):
    visitor = visitor_at_review()
    visitor.send(declared="on")
    draft = the(Draft, company)
    link = the(Command, company).link_id
    front = Actor(kind=ActorKind.VISITOR, door=Door.FRONT, case_id=draft.case_id, link_id=link)
    wrong = {**draft.answers, "value": "1.00", "charged": "home"}
    with given.inside(company, front):
        raw("UPDATE applications_draft SET answers = %s", json.dumps(wrong))
    given.work(company)
    assert the(Command, company).outcome["code"] == "not_complete"
    visitor.get(visitor.url)
    assert "Your answers are kept" in visitor.text
    visitor.get(f"/duinhaven/apply/a/{visitor.secret}/")
    assert visitor.url.endswith("/questions/")
