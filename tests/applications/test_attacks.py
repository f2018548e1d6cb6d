"""What a foreign page, a foreign token or an old one could do without Django's CSRF cookie (decisions/0010)."""

from datetime import timedelta

import pytest
from django.test import Client

from acceptance.models import ReviewRequest
from applications import forms
from applications.models import Draft
from companies.links import secret_of
from companies.models import Command, Link
from documents.models import Case
from tests import given
from tests.acceptance import scenes
from tests.applications.walk import DETAILS, PAGE_ONE, TOKEN, Visitor, named

pytestmark = pytest.mark.django_db
START = "/duinhaven/apply/nl-horse-trailer/"
GOOD = {
    "questions": named(PAGE_ONE),
    "details": DETAILS,
    "review": {"declared": "on"},
    "later": {"email": "sanne@verbruggen.example"},
}
FOREIGN = {
    "another website": {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"},
    "a website that hides itself": {"origin": "null", "sec-fetch-site": "cross-site"},
    "a browser that tells the site alone": {"sec-fetch-site": "cross-site"},
    "another host of the same site": {"sec-fetch-site": "same-site"},
    "the same host without protection": {"origin": "https://testserver"},
    "another port": {"origin": "http://testserver:8001"},
}
OURS = {
    "our own page": {"origin": "http://testserver", "sec-fetch-site": "same-origin"},
    "an old browser": {},
}


@pytest.fixture
def company():
    return given.provider()


def kept(company):
    with given.inside(company):
        rows = Draft.objects.order_by("pk").values_list("answers", "parties", "unfinished", "declared")
        return [*rows, Case.objects.count(), Command.objects.count()]


def base_of(visitor):
    return f"/duinhaven/apply/a/{visitor.secret}/"


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
def test_a_form_on_a_foreign_page_opens_changes_and_sends_nothing(company, headers):
    victim = Visitor()
    victim.walk_to_review()
    before = kept(company)
    base = base_of(victim)
    for url, told in (
        (START, named(PAGE_ONE)),
        (f"{base}questions/", named(PAGE_ONE | {"catalogue_value": "1"})),
        (f"{base}details/", DETAILS | {"email": "thief@elsewhere.example"}),
        (f"{base}later/", {"email": "thief@elsewhere.example"}),
        (f"{base}review/", {"declared": "on"}),
    ):
        victim.get(url)  # even with the victim's own token
        answer = victim.client.post(url, {"token": victim.token, **told}, headers=headers)
        assert answer.status_code == 403, url
    assert kept(company) == before


@pytest.mark.parametrize("headers", OURS.values(), ids=OURS)
def test_the_same_form_on_our_own_page_is_taken(company, headers):
    visitor = Visitor()
    visitor.start()
    visitor.get(f"{base_of(visitor)}questions/")
    told = {"token": visitor.token, **named(PAGE_ONE | {"catalogue_value": "9000"})}
    assert visitor.client.post(visitor.url, told, headers=headers).status_code == 302
    assert kept(company)[0][0]["catalogue_value"] == "9000.00"


def test_no_token_of_one_application_page_or_company_serves_another(company):
    given.provider("kustwacht")
    mine, yours, theirs = Visitor(), Visitor(), Visitor("kustwacht")
    tokens = {}
    for visitor in (mine, yours):
        visitor.walk_to_review()
    theirs.walk_to_review()
    for step in ("questions", "questions-2", "details", "review", "later"):
        for visitor in (mine, theirs):
            visitor.get(f"/{visitor.company}/apply/a/{visitor.secret}/{step}/")
            tokens[visitor.company, step] = visitor.token
    mine.get(START)
    tokens["duinhaven", "start"] = mine.token
    before = kept(company)
    for step, told in GOOD.items():
        for (owner, page), token in tokens.items():
            answer = yours.client.post(f"{base_of(yours)}{step}/", {"token": token, **told})
            assert answer.status_code == 200, (owner, page, step)
            assert answer.context["form"].errors.as_data()["__all__"][0].code == "token"
    assert kept(company) == before


def test_a_token_of_another_product_or_adviser_opens_nothing(company):
    given.adviser(company)
    visitor = Visitor()
    visitor.get(f"{START}via/ilse-markus/")
    assert visitor.client.post(START, {"token": visitor.token, **named(PAGE_ONE)}).status_code == 200
    assert kept(company) == [0, 0]


@pytest.mark.parametrize("step", ["questions", "details", "review", "later"])
def test_a_token_past_its_age_does_nothing(company, step, monkeypatch):
    visitor = Visitor()
    visitor.walk_to_review()
    visitor.get(f"{base_of(visitor)}{step}/")
    before = kept(company)
    monkeypatch.setattr(forms, "OLDEST", timedelta(0))
    for go in ("", "back"):
        answer = visitor.client.post(visitor.url, {"token": visitor.token, **GOOD[step], "go": go})
        if not go:
            assert answer.context["form"].errors.as_data()["__all__"][0].code == "stale"
    ((answers, parties, _unfinished, declared), *counts), (was, *were) = kept(company), before
    assert (answers, parties, declared, counts) == (was[0], was[1], was[3], were)


def test_an_application_is_sent_once_however_often_its_form_is_sent(company):
    visitor = Visitor()
    visitor.walk_to_review()
    token = visitor.token
    for _time in range(3):
        visitor.send(f"{base_of(visitor)}review/", token=token, declared="on")
        assert visitor.url.endswith("/outcome/")
    with given.inside(company):
        assert Command.objects.count() == 1


def test_a_review_that_stood_open_declares_nothing_that_was_changed_since(company):
    visitor = Visitor()
    visitor.walk_to_review()
    old = visitor.token
    visitor.get(f"{base_of(visitor)}questions/")
    visitor.send(**PAGE_ONE | {"catalogue_value": "9000"})
    visitor.send(f"{base_of(visitor)}review/", token=old, declared="on")
    assert "__all__" in visitor.errors
    with given.inside(company):
        assert Command.objects.count() == 0 and not Draft.objects.get().declared


def test_nothing_of_a_visitor_is_fixed_in_a_browser_beforehand(company):
    """A session or CSRF cookie that somebody planted is neither read nor taken over."""
    visitor = Visitor()
    for name in ("session", "csrf", "csrftoken"):
        visitor.client.cookies[name] = "planted"
    visitor.walk_to_review()
    assert visitor.url.endswith("/review/") and visitor.client.cookies["session"].value == ""
    first, second = Visitor(), Visitor()
    second.get(START)
    token = first.get(START) and first.token
    for one in (first, second):  # who knows the token of a first page learns nothing of what another opens by it
        one.send(token=token, **PAGE_ONE)
    assert first.secret != second.secret and kept(company)[-2] == 3


def refused_case(tmp_path):
    company = given.provider("duinhaven", scenes.limits(tmp_path), given.TRAILER)
    application = scenes.applied(company, scenes.sum_of("500000"))
    with given.inside(company):
        link = Link.objects.filter(case_id=application.case_id, kind="application").latest("pk")
        return company, f"/duinhaven/apply/a/{secret_of(link.nonce)}/outcome/person/"


def test_asking_for_a_person_needs_no_cookie_and_counts_once(tmp_path):
    company, url = refused_case(tmp_path)
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(url)
    assert not strict.cookies and "csrfmiddlewaretoken" not in page.content.decode()
    shown = [page.content.decode(), strict.get(url).content.decode()]
    tokens = [found for text in shown for found in TOKEN.findall(text)]
    foreign = strict.post(url, {"token": tokens[0], "view": "x"}, headers={"origin": "null"})
    assert foreign.status_code == 403 and len(tokens) == 2
    for each in tokens:
        assert strict.post(url, {"token": each, "view": "Mijn alarm is nieuw."}).status_code == 302
    given.work(company)
    with given.inside(company):
        assert Command.objects.filter(kind="ask_person").count() == 1 == ReviewRequest.objects.count()
