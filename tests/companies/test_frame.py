"""What the frame of every page is told, and who is in by which door."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import reverse

from companies.actor import KIND_AT
from companies.context import shell
from companies.doors import Door
from companies.entrance import Entrance, OpenLink, actor_at, called
from companies.models import Company, CompanyKind, User
from tests import given
from tests.contexts import browser_of, entrance_of

pytestmark = pytest.mark.django_db


TOLD = (
    "languages", "actor_name", "actor_initials", "company", "door", "business_day", "search_url", "look_in",
    "administered", "help_url", "navigation", "page_rights_url",
)  # fmt: skip


def framed(address, *, email):
    """The frame of a page that answered a login."""
    answer = browser_of(User.objects.get(email=email)).get(address)
    assert answer.status_code == 200
    return {key: answer.context.get(key) for key in TOLD}


@pytest.fixture
def company():
    made = given.company()
    given.member(made, "nora@duinhaven.example", "policy-clerk")
    given.member(made, "chief@duinhaven.example", administrator=True)
    return made


def test_the_frame_of_an_employee(company):
    frame = framed("/duinhaven/office/", email="nora@duinhaven.example")
    user = User.objects.get(email="nora@duinhaven.example")
    assert frame["languages"] == settings.LANGUAGES
    assert (frame["actor_name"], frame["actor_initials"]) == (str(user), user.initials)
    assert (frame["company"].pk, frame["door"]) == (company.pk, Door.OFFICE)
    assert frame["business_day"].isoformat()
    assert frame["search_url"] == reverse("office:search", kwargs={"company": "duinhaven"})
    assert frame["help_url"] == reverse("office:help", kwargs={"company": "duinhaven", "page": "office:today"})
    assert frame["administered"] is False
    assert frame["look_in"] is None and frame["page_rights_url"] is None
    assert frame["navigation"]


def test_the_frame_of_an_administrator_tells_that_the_operator_still_administers(company):
    frame = framed("/duinhaven/office/", email="chief@duinhaven.example")
    assert frame["administered"] is company.administered_by_operator is True
    assert frame["page_rights_url"] == reverse("rights:page", kwargs={"company": "duinhaven"})


def test_a_page_of_nobody_has_neither_name_nor_company():
    request = RequestFactory().get("/nowhere/")
    request.user = AnonymousUser()
    frame = shell(request)
    assert set(frame) == {"release", "demo", "languages"}
    assert frame["languages"] == settings.LANGUAGES


def test_a_page_of_logging_in_names_the_company_that_one_wants_to_enter(company):
    request = RequestFactory().get("/accounts/login/", {"next": "/duinhaven/office/"})
    frame = shell(request)
    assert frame["company"] == {"name": company.name}
    assert frame["helps"].company == company.name


@pytest.mark.parametrize("missing", ["company", "actor"])
def test_without_company_or_without_actor_there_is_no_frame_of_an_office(missing):
    request: Any = RequestFactory().get("/x/office/")
    request.company, request.actor = SimpleNamespace(slug="x"), SimpleNamespace(door=Door.OFFICE)
    setattr(request, missing, None)
    assert set(shell(request)) == {"release", "demo", "languages"}


def test_a_rehearsal_is_told_from_the_company_whose_name_it_bears():
    assert called("duinhaven", "Duinhaven") == "Duinhaven"
    assert called("duinhaven-rehearsal", "Duinhaven") == "Duinhaven, rehearsal"


def test_the_principal_of_a_login_and_of_a_link():
    company = Company(slug="x", name="X", kind=CompanyKind.PROVIDER)
    by_login = Entrance(company, membership_id=3, party_id=4, administrator=True)
    by_link = Entrance(company, link=OpenLink(7, 8, "case", "customer"))
    found = actor_at(by_login, Door.ADVISERS, user_id=2)
    told = (found.door, found.user_id, found.membership_id, found.party_id, found.administrator)
    assert told == (Door.ADVISERS, 2, 3, 4, True)
    assert (found.case_id, found.link_id) == (None, None)
    found = actor_at(by_link, Door.LINK, user_id=None)
    assert (found.kind, found.link_id, found.case_id, found.administrator) == (KIND_AT[Door.LINK], 7, 8, False)


def test_an_adviser_enters_as_the_party_that_he_is(company):
    adviser = given.adviser(company)
    entrance = entrance_of(User.objects.get(email="ilse@kroonlaan.example"), company.slug, Door.ADVISERS)
    assert entrance is not None and entrance.party_id == adviser.pk
    assert entrance.company.pk == company.pk and entrance.company._state.adding is False
