"""Who looked at a client's unsent application is in the trail: by name, once a day, and nowhere for a visitor's own."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from applications.models import Draft
from companies.actor import Actor, ActorKind
from companies.doors import Door
from companies.models import Company, TrailEntry
from relations.models import Party
from tests import given
from tests.applications.test_by_hand import Clerk
from tests.applications.test_filler_guards import at_the_door, run
from tests.applications.test_on_behalf import Adviser
from tests.applications.walk import PAGE_ONE, Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def every_door(settings: Any) -> None:
    settings.ROOT_URLCONF = "config.urls.everything"


@pytest.fixture
def company() -> Company:
    return given.provider()


@pytest.fixture
def ilse(company: Company) -> Party:
    return given.adviser(company)


def clerk(company: Company, name: str) -> Actor:
    return given.actor_of(given.member(company, f"{name}@duinhaven.example", "policy-clerk"))


def readers(company: Company) -> list[tuple[str, str]]:
    """Who is told to have read, by kind and login."""
    with given.inside(company):
        entries = TrailEntry.objects.select_related("user").filter(code="draft.read").order_by("pk")
        return [(entry.actor_kind, str(entry.user)) for entry in entries]


def test_an_adviser_who_opens_and_goes_on_is_told_once(company: Company, ilse: Party) -> None:
    his = Adviser()
    his.fill_in()
    his.get(his.url)
    assert readers(company) == [("adviser", "Ilse")]
    with given.inside(company):
        entry = TrailEntry.objects.get(code="draft.read")
        assert (entry.case_id, entry.subject_id) == tuple(Draft.objects.values_list("case_id", "pk")[0])


def test_each_employee_who_opens_it_is_told(company: Company) -> None:
    clerk(company, "otto")
    clerk(company, "nora")
    nora, otto = Clerk(), Clerk("otto@duinhaven.example")
    nora.begin()
    otto.get(nora.url)
    otto.get(nora.url)
    assert readers(company) == [("employee", "Nora"), ("employee", "Otto")]


def test_an_employee_before_an_advisers_application_is_told(company: Company, ilse: Party) -> None:
    clerk(company, "nora")
    draft = given.draft_on_behalf(company, adviser=ilse)
    nora = Clerk()
    nora.get(f"/duinhaven/office/applications/drafts/{draft.case.number}/take-over/")
    assert readers(company) == [("employee", "Nora")]


def test_who_is_refused_and_a_visitor_are_not(company: Company, ilse: Party) -> None:
    given.adviser(company, "rami-bos", "rami@bos.example")
    draft = given.draft_on_behalf(company, adviser=ilse)
    rami = Adviser("rami@bos.example")
    assert rami.client.get(f"/duinhaven/advisers/applications/{draft.case.number}/", follow=True).status_code == 404
    visitor = Visitor()
    visitor.start()
    visitor.send(**PAGE_ONE)
    assert readers(company) == []


def test_the_database_tells_each_day_once_and_only_of_what_one_may_see(company: Company, ilse: Party) -> None:
    rami = given.adviser(company, "rami-bos", "rami@bos.example")
    nora = clerk(company, "nora")
    draft, visitors = given.draft_on_behalf(company, adviser=ilse), given.draft(company, code="ilse-markus")

    def note(day: Any, case_id: int = draft.case_id) -> None:
        run("SELECT sec.note_reading(%s, %s)", case_id, day)

    with at_the_door(company, given.adviser_actor(ilse)):
        note(given.DAY)
        note(given.DAY)
        note(given.DAY + timedelta(days=1))
        note(given.DAY, visitors.case_id)
    with at_the_door(company, given.adviser_actor(rami)):
        note(given.DAY)
    stranger = Actor(kind=ActorKind.VISITOR, door=Door.FRONT, case_id=draft.case_id, link_id=1)
    with at_the_door(company, stranger):
        note(given.DAY)
    with given.inside(company, nora):
        note(given.DAY, visitors.case_id)
        note(given.DAY)
    assert readers(company) == [("adviser", "Ilse")] * 2 + [("employee", "Nora")]
    assert not connection.needs_rollback
