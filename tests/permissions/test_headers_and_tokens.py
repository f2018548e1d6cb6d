"""Every page of the resolver: no form without its token, every header on every answer, nothing inline (threat A23)."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from companies.doors import Door
from companies.middleware import CSP, RULES
from tests.permissions.pages import OPEN, PAGES, WORDS
from tests.permissions.test_matrix import Worlds

pytestmark = pytest.mark.django_db
EVERY = [*PAGES, *OPEN]
BY_SIGNED_FORM = "a frame keeps no cookie; each form carries a signed token of its own (decision 10)"
WITHOUT_CSRF = {name: BY_SIGNED_FORM for name, page in PAGES.items() if page.door == Door.FRONT}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cache-Control": "no-store",
}
SANDBOXED = "default-src 'none'; sandbox; frame-ancestors 'none'"  # a file of somebody's


def address(worlds: Worlds, name: str) -> str:
    return worlds.address(name) if name in PAGES else reverse(name, kwargs=WORDS.get(name))


def reader(worlds: Worlds, name: str) -> Client:
    """Who may open the page."""
    doors = {Door.OFFICE: "all", Door.ADVISERS: "ilse", Door.FOLDER: "sanne", Door.OPERATOR: "operator"}
    return worlds.clients[doors.get(PAGES[name].door, "anonymous") if name in PAGES else "anonymous"]


@pytest.mark.parametrize("name", EVERY)
def test_post_without_token_is_refused(worlds: Worlds, name: str) -> None:
    known = reader(worlds, name)
    strict = type(known)(enforce_csrf_checks=True)
    strict.cookies = known.cookies
    found = strict.post(address(worlds, name)).status_code
    if name in WITHOUT_CSRF:
        assert found == PAGES[name].post, "the page is open to a form without cookie, as its row in the matrix says"
    else:
        assert found == 403


def test_only_the_front_office_takes_forms_without_a_cookie() -> None:
    assert len(WITHOUT_CSRF) >= 8 and {PAGES[name].door for name in WITHOUT_CSRF} == {Door.FRONT}


def missing(response: Any, name: str) -> list[str]:
    """The headers that an answer lacks or has otherwise."""
    headers = response.headers
    wrong = [key for key, value in ALWAYS.items() if headers.get(key) != value]
    policy, framed = headers.get("Content-Security-Policy", ""), headers.get("X-Frame-Options") == "DENY"
    if name.startswith("apply:"):
        framed, policy = True, policy.replace(policy.removeprefix(RULES), "'none'")  # frames of the company's websites
    if policy not in {CSP, SANDBOXED}:
        wrong.append("Content-Security-Policy")
    if not framed:
        wrong.append("X-Frame-Options")
    secret = name in PAGES and PAGES[name].door in {Door.FRONT, Door.LINK}
    if headers.get("Referrer-Policy") != ("no-referrer" if secret else "same-origin"):
        wrong.append("Referrer-Policy")
    return wrong


@pytest.mark.parametrize("name", EVERY)
def test_every_answer_carries_every_header(worlds: Worlds, name: str) -> None:
    page, answers = address(worlds, name), {}
    for who in (reader(worlds, name), Client(), worlds.clients["nobody"]):
        for method in ("get", "post", "put"):
            response = getattr(who, method)(page)
            answers[f"{method} {response.status_code}"] = missing(response, name)
    assert answers == dict.fromkeys(answers, [])


def test_the_rules_allow_no_script_or_style_but_our_own_files() -> None:
    rules = dict(part.split(" ", 1) for part in CSP.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == "'self'"
    assert not re.search(r"unsafe|\*|https?:|data:", CSP.replace("img-src 'self' data:", ""))


class Inline(HTMLParser):
    """What of a page the rules would keep from working."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        script = tag == "script" and not (values.get("src") or "").startswith("/static/")
        if tag == "style" or (script and values.get("type") != "application/json"):
            self.found.append(tag)
        for name, value in attrs:
            if name == "style" or name.startswith("on") or "javascript:" in (value or "").lower():
                self.found.append(f"{tag} {name}")


@pytest.mark.parametrize("name", EVERY)
def test_page_holds_nothing_inline(worlds: Worlds, name: str) -> None:
    response = reader(worlds, name).get(address(worlds, name), follow=True)
    if response.get("Content-Type", "").startswith("text/html"):
        assert Inline(response.content.decode()).found == []


def test_the_looking_finds_what_is_missing_and_what_is_inline() -> None:
    bare = missing(HttpResponse("well"), "office:today")
    assert bare == [*ALWAYS, "Content-Security-Policy", "X-Frame-Options", "Referrer-Policy"]
    easy = HttpResponse(headers={**ALWAYS, "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin"})
    easy["Content-Security-Policy"] = CSP.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
    assert missing(easy, "office:today") == ["Content-Security-Policy"]
    page = '<p style="x">a</p><a href="JavaScript:b()">b</a><b onclick=c>c</b><script>d</script><style></style>'
    assert Inline(page).found == ["p style", "a href", "b onclick", "script", "style"]
    assert Inline('<script src="https://elsewhere.example/a.js"></script>').found == ["script"]
    good = '<script src="/static/a.js"></script><script type="application/json">{}</script><a href="/b">b</a>'
    assert Inline(good).found == []
