"""What every answer carries, whose language it speaks, and who is led to the login."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory

from companies.fresh import is_fresh
from companies.middleware import CSP, Headers, Language
from companies.signing import ask
from tests import given
from tests.contexts import browser_of

SECRET_PAGES = ("/duinhaven/c/abc/", "/duinhaven/apply/abc/")


def answered(address, headers=None):
    """An answer with the headers of every answer."""
    response = HttpResponse(headers=headers)
    return Headers(lambda _request: response)(RequestFactory().get(address))


def test_every_answer_says_what_it_may_load_and_is_not_kept():
    answer = answered("/duinhaven/office/")
    assert answer["Content-Security-Policy"] == CSP
    assert answer["Permissions-Policy"] == "camera=(), geolocation=(), microphone=(), payment=()"
    assert answer["Cache-Control"] == "no-store"
    assert answered("/", {"Content-Security-Policy": "default-src 'none'"})["Content-Security-Policy"] != CSP


@pytest.mark.parametrize("address", SECRET_PAGES)
def test_a_page_behind_a_secret_tells_no_referrer(address):
    assert answered(address)["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("address", ["/", "/duinhaven/office/", "/duinhaven/folder/", "/accounts/login/"])
def test_another_page_leaves_that_to_the_browser(address):
    assert "Referrer-Policy" not in answered(address)


def spoken(address, accept="de"):
    """The answer to a reader whose browser asks for a language, and the language it was made in."""
    request = RequestFactory().get(address, HTTP_ACCEPT_LANGUAGE=accept)
    answer = Language(lambda _request: HttpResponse())(request)
    return answer, request.LANGUAGE_CODE


def test_the_front_office_speaks_what_its_address_asks_for_and_keeps_it():
    answer, language = spoken("/duinhaven/apply/?language=nl")
    assert language == answer["Content-Language"] == "nl"
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "nl"
    assert "Accept-Language" in answer["Vary"]


@pytest.mark.parametrize(
    "address", ["/duinhaven/apply/?language=xx", "/duinhaven/apply/", "/duinhaven/office/?language=nl"]
)
def test_else_it_is_the_browsers(address):
    answer, language = spoken(address)
    assert language == "de" and not answer.cookies
    assert "Accept-Language" in answer["Vary"]


def test_a_factor_is_fresh_up_to_the_last_second(monkeypatch):
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    monkeypatch.setattr("companies.fresh.timezone.now", lambda: now)

    def proved(verified_at: datetime | None) -> bool:
        request: Any = RequestFactory().get("/")
        request.sign_in = SimpleNamespace(verified_at=verified_at)
        return is_fresh(request)

    last = now - timedelta(seconds=settings.FRESH_FACTOR)
    assert proved(now) and proved(last)
    assert not proved(last - timedelta(seconds=1))
    assert not proved(None) and not is_fresh(RequestFactory().get("/"))


@pytest.mark.django_db
def test_whoever_is_not_in_is_led_to_the_login_and_whoever_was_leaves_nothing_behind(client):
    clerk = given.member(given.company(), "nora@duinhaven.example", "policy-clerk")
    answer = client.get("/duinhaven/office/relations/?page=2")
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/accounts/login/?next=/duinhaven/office/relations/%3Fpage%3D2",
    )
    browser = browser_of(clerk.user)
    assert "_auth_user_id" in browser.session
    ask("SELECT sec.sign_out(%s)", [browser.session.session_key])
    assert browser.get("/duinhaven/office/")["Location"] == "/accounts/login/?next=/duinhaven/office/"
    assert not browser.cookies["session"].value
