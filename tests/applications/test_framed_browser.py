"""Another website frames the front office in a real browser that keeps no cookie of third parties (traps 13)."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from applications import forms
from companies.actor import ROBOT
from companies.services.websites import allow_website
from tests import given
from tests.applications.test_browser import DETAILS, browser, playwright  # noqa: F401 the fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = (
    "<!doctype html><title>Stable</title><h1>Our stable</h1>"
    '<iframe src="{url}" title="Horse trailer insurance" width="100%" height="900" data-polisdesk></iframe>\n'
    '<script src="{script}" async></script>'
)


@pytest.fixture
def website(live_server: Any) -> Iterator[str]:
    """A website of somebody else, on another site than the front office (127.0.0.1, not localhost)."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            base = live_server.url
            text = PAGE.format(url=f"{base}/duinhaven/apply/nl-horse-trailer/", script=f"{base}/static/js/frame.js")
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:  # noqa: F811
    context = browser.new_context(viewport={"width": 1000, "height": 800}, locale="en")
    yield context.new_page()
    context.close()


def test_applied_for_in_a_frame_without_a_cookie(live_server, website, page, monkeypatch):
    monkeypatch.setattr(forms, "FASTEST", timedelta(0))
    company = given.provider()
    with given.inside(company):
        allow_website(address=website, actor=ROBOT, on=given.DAY)
    page.goto(website)
    frame = page.frame_locator("iframe")
    frame.locator("[name=q-start_date]").fill("2026-12-01")
    first = page.locator("iframe").get_attribute("height")
    assert first != "900"  # the page inside has told its height
    frame.locator("[name=q-catalogue_value]").fill("8,500.00")
    frame.locator("[name=q-age_months]").fill("12")
    frame.locator("[name=q-age_months]").blur()
    frame.locator("[name=q-bought_new][value=yes]").check()  # appeared in place
    frame.locator("[name=q-area_of_use][value=NL]").check()
    frame.locator("[name=q-theft_devices][value=coupling_lock]").check()
    frame.locator("form button.btn-main").click()
    for name, value in DETAILS.items():
        frame.locator(f"[name={name}]").fill(value)
    frame.locator("form button.btn-main").click()
    frame.locator("[name=declared]").check()
    frame.locator("form.send button.btn-main").click()
    frame.locator("section.waiting").wait_for()
    given.work(company)
    frame.get_by_role("heading", name="We are glad to insure you").wait_for(timeout=15_000)
    assert page.context.cookies() == []
    assert page.locator("iframe").get_attribute("height") != first


def test_a_website_that_is_not_allowed_shows_nothing(live_server, website, page):
    given.provider()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(website)
    page.wait_for_timeout(500)
    assert page.frame_locator("iframe").locator("form").count() == 0
    assert any("frame-ancestors" in text for text in said)
