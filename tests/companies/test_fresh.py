"""Raising rights asks for the second factor again, and keeps what the form held (threats A3)."""

from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client

from companies.fresh import KEPT
from companies.models import Company
from companies.sessions import SessionStore
from companies.signins import verify_sign_in
from tests import given
from tests.companies import pages

pytestmark = pytest.mark.django_db(transaction=True)
PAGE, GO_ON = "/alpha/office/raise/?of=3", "/accounts/go-on/"


@pytest.fixture(autouse=True)
def pages_of_our_own(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.companies.pages"
    pages.HOOKS.clear()


@pytest.fixture
def company() -> Company:
    return given.company("alpha")


def prove(client: Client) -> None:
    """The browser's session proves a second factor just now."""
    request = HttpRequest()
    request.session = SessionStore(client.session.session_key)
    verify_sign_in(request, "totp")


@pytest.fixture
def browser(company: Company) -> Client:
    """A clerk at work who proved no second factor."""
    client = Client()
    member = given.member(company, "clerk@alpha.example")
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_factor_proved_just_now_lets_the_step_through(browser: Client) -> None:
    prove(browser)
    assert browser.post(PAGE, {"to": ["a", "b"]}).json() == {"to": ["a", "b"]}
    assert pages.HOOKS == ["raised"] and KEPT not in browser.session


@pytest.mark.parametrize("ever", [False, True])
def test_without_one_or_with_an_old_one_nothing_is_done(browser: Client, settings: Any, ever: bool) -> None:
    if ever:
        prove(browser)
        settings.FRESH_FACTOR = 0
    response = browser.post(PAGE, {"to": ["a"]})
    assert response.status_code == 302 and response["Location"].startswith("/accounts/totp/activate/")
    assert response["Location"].endswith("?next=%2Faccounts%2Fgo-on%2F")
    assert pages.HOOKS == []


def test_the_form_is_kept_and_sent_again_by_the_reader(browser: Client) -> None:
    browser.post(PAGE, {"to": ["a", "<b>"], "csrfmiddlewaretoken": "secret"})
    prove(browser)
    text = browser.get(GO_ON).content.decode()
    assert f'action="{PAGE}"' in text and pages.HOOKS == []
    assert '<input type="hidden" name="to" value="a"><input type="hidden" name="to" value="&lt;b&gt;">' in text
    assert 'value="secret"' not in text
    assert browser.post(PAGE, {"to": ["a", "<b>"]}).json() == {"to": ["a", "<b>"]}
    assert browser.get(GO_ON)["Location"] == "/", "it is sent once"


def test_a_page_without_a_kept_form_leads_to_the_start(browser: Client) -> None:
    assert browser.get(GO_ON)["Location"] == "/"
    assert Client().get(GO_ON)["Location"] == "/"


def test_another_page_leaves_the_kept_form(browser: Client) -> None:
    browser.post(PAGE, {"to": ["a"]})
    prove(browser)
    browser.post("/alpha/office/raise/", {"to": ["other"]})
    assert browser.get(GO_ON).status_code == 200
    assert browser.get(PAGE).content == b"the form"
