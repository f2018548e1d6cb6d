"""In a frame on a company's own websites, without a cookie; everywhere else unframeable (traps 13, A23)."""

import pytest
from django.apps import apps
from django.db import connection, transaction

from common.errors import BusinessError
from companies.actor import ROBOT
from companies.links import secret_of
from companies.models import Act, Link, PartCode, Right, TrailEntry, Website
from companies.services.websites import allow_website, forbid_website, origin_of
from tests import given, world
from tests.applications.walk import DETAILS, PAGE_ONE, Visitor

pytestmark = pytest.mark.django_db
START = "/duinhaven/apply/nl-horse-trailer/"
OFFICE = "/duinhaven/office/applications/websites/"
SITE, OTHER = "https://www.kroonlaan.example", "https://duinhaven.example:8443"
IN_FRAME = {"sec-fetch-dest": "iframe"}


@pytest.fixture
def company():
    return given.provider()


def allow(company, *origins):
    with given.inside(company):
        for origin in origins:
            allow_website(address=origin, actor=ROBOT, on=given.DAY)


def ancestors(page):
    """Who may frame a page by its headers; X-Frame-Options, which knows no list, must not say otherwise."""
    rule = next(part for part in page["Content-Security-Policy"].split("; ") if part.startswith("frame-ancestors"))
    return rule.removeprefix("frame-ancestors ").split(), page.get("X-Frame-Options")


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://www.example.nl", "https://www.example.nl"),
        ("www.Example.nl", "https://www.example.nl"),
        (" https://example.nl/insure?x=1#y ", "https://example.nl"),
        ("https://example.nl:443", "https://example.nl"),
        ("https://example.nl:8443/", "https://example.nl:8443"),
        ("https://münchen.example", "https://xn--mnchen-3ya.example"),
        ("http://127.0.0.1:8250", "http://127.0.0.1:8250"),
    ],
)
def test_an_address_becomes_its_origin(typed, origin):
    assert origin_of(typed) == origin


@pytest.mark.parametrize(
    "typed",
    [
        "", "http://example.nl", "https://*.example.nl", "*", "'self'", "https://", "data:text/html,x", "javascript://a",
        "https://a@example.nl", "https://example.nl; script-src *", "https://exa mple.nl", "https://example.nl\nX: y",
        "https://[::1", "https://example.nl:99999", "https://-a.example", "file:///etc/passwd", "https://a..b",
        "https://" + "a" * 200 + ".nl",
    ],
)  # fmt: skip
def test_what_is_no_website_is_refused(typed):
    with pytest.raises(BusinessError) as error:
        origin_of(typed)
    assert error.value.code == "origin"


def test_without_a_website_nobody_frames_anything(company):
    visitor = Visitor()
    for url in ("/duinhaven/apply/", START):
        assert ancestors(visitor.get(url)) == (["'none'"], "DENY")


def test_the_companys_websites_may_frame_its_front_office_and_nothing_else(company):
    allow(company, SITE, OTHER)
    visitor = Visitor()
    visitor.start()
    pages = [
        "/duinhaven/apply/",
        START,
        *(f"/duinhaven/apply/a/{visitor.secret}/{step}" for step in ("details/", "later/")),
    ]
    for url in pages:
        assert ancestors(visitor.get(url)) == ([OTHER, SITE], None), url
    for url in ("/", "/accounts/login/", "/duinhaven/apply/nothing/", "/duinhaven/apply/a/" + "A" * 43 + "/"):
        assert ancestors(visitor.client.get(url)) == (["'none'"], "DENY"), url


def test_another_companys_websites_count_for_that_company_only(company):
    given.provider("kustwacht")
    allow(company, SITE)
    assert ancestors(Visitor().get("/kustwacht/apply/")) == (["'none'"], "DENY")
    with given.inside(company):
        assert Website.objects.count() == 1


def test_a_case_link_is_never_framed(company):
    allow(company, SITE)
    quotation = given.quotation(company)
    with given.inside(company):
        secret = secret_of(Link.objects.filter(case_id=quotation.case_id, kind="case").latest("pk").nonce)
    page = Visitor().get(f"/duinhaven/c/{secret}/")
    assert page.status_code == 200 and ancestors(page) == (["'none'"], "DENY")


def test_a_website_taken_away_may_not_from_the_next_page_on(company):
    allow(company, SITE)
    with given.inside(company):
        forbid_website(website_id=Website.objects.get().pk, actor=ROBOT, on=given.DAY)
    assert ancestors(Visitor().get(START)) == (["'none'"], "DENY")


def test_the_whole_way_needs_no_cookie(company):
    allow(company, SITE)
    visitor = Visitor(language="en")
    visitor.client.cookies = _NoCookies()  # type: ignore[assignment]
    visitor.walk_to_review()
    visitor.send(declared="on")
    given.work(company)
    visitor.get(visitor.url)
    assert "We are glad to insure you" in visitor.text


class _NoCookies(dict):
    """A browser that keeps no cookie."""

    def update(self, *args, **kwargs):
        pass

    def output(self, *args, **kwargs):
        return ""


def test_in_a_frame_the_language_of_the_address_stays_with_the_application(company):
    visitor = Visitor(language="en")
    visitor.client.defaults["HTTP_SEC_FETCH_DEST"] = "iframe"
    visitor.client.cookies = _NoCookies()  # type: ignore[assignment]
    visitor.get(f"{START}?language=nl")
    assert "Wat is de cataloguswaarde" in visitor.text
    visitor.send(f"{START}?language=nl", **PAGE_ONE)
    assert '<html lang="nl"' in visitor.text
    visitor.send(bought_new="yes")
    assert '<html lang="nl"' in visitor.text and visitor.url.endswith("/details/")
    visitor.send(**DETAILS)
    assert visitor.url.endswith("/review/")


def test_administrators_allow_and_take_away_with_a_trail(company, client, settings):
    settings.ROOT_URLCONF = "config.urls.everything"
    world.employee(company, "chief@duinhaven.example", (PartCode.APPLICATIONS, Right.VIEW), administrator=True)
    chief = world.client_of("chief@duinhaven.example")
    page = chief.post(OFFICE, {"origin": "www.kroonlaan.example"}, follow=True)
    assert SITE in page.content.decode()
    wrong = chief.post(OFFICE, {"origin": "http://kroonlaan.example"})
    assert wrong.status_code == 422 and "found “http://kroonlaan.example”" in wrong.content.decode()
    with given.inside(company):
        number = Website.objects.get().pk
    text = chief.post(OFFICE, {"forbid": number}, follow=True).content.decode()
    assert "Front office may stand on" in text and "may not stand on" in text and "Chief" in text
    assert chief.post(OFFICE, {"forbid": "0"}).status_code == 404
    assert chief.post(OFFICE, {"forbid": "x"}).status_code == 404
    with given.inside(company):
        assert not Website.objects.get().on
        assert TrailEntry.objects.filter(code__startswith="website.").count() == 2
        history = apps.get_model("companies", "WebsiteEvent").objects.order_by("pgh_id")
        assert [event.on for event in history] == [True, False]


def test_others_may_not(company, settings):
    settings.ROOT_URLCONF = "config.urls.everything"
    world.employee(company, "clerk@duinhaven.example", *world.ALL_RIGHTS, acts=tuple(Act))
    clerk = world.client_of("clerk@duinhaven.example")
    assert clerk.get(OFFICE).status_code == 403
    assert clerk.post(OFFICE, {"origin": SITE}).status_code == 403


def test_a_public_door_changes_no_website(company):
    allow(company, SITE)
    given.become("bo_public")
    try:
        with given.inside(company):
            for statement in (
                'UPDATE companies_website SET "on" = true',
                "INSERT INTO companies_website (origin, \"on\") VALUES ('https://evil.example', true)",
                "DELETE FROM companies_website",
            ):
                with pytest.raises(Exception, match="permission denied"), transaction.atomic():
                    connection.cursor().execute(statement)
    finally:
        given.become("bo_app")


def test_the_products_page_shows_two_lines_for_a_website(company, settings):
    settings.ROOT_URLCONF = "config.urls.everything"
    world.employee(company, "maker@duinhaven.example", (PartCode.PRODUCTS, Right.VIEW))
    page = (
        world.client_of("maker@duinhaven.example")
        .get("/duinhaven/office/products/nl-horse-trailer/1/")
        .content.decode()
    )
    assert "&lt;iframe src=&quot;http://localhost:8001/duinhaven/apply/nl-horse-trailer/&quot;" in page
    assert "&lt;script src=&quot;http://localhost:8001/static/js/frame.js&quot; async&gt;" in page
    assert "No website is allowed yet" in page and "An administrator changes the websites." in page
