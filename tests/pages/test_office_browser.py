"""The office and the extranet in a real browser: no axe violation, and the page itself never scrolls sideways."""

import os
import shutil
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from companies.models import Act
from tests import world

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None and not os.environ.get("POLISDESK_CI"), reason="There is no Chromium here."),
]
LOOKS: list[dict[str, Any]] = [
    {"viewport": {"width": 1400, "height": 900}, "color_scheme": "light", "locale": "en"},
    {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "locale": "nl"},
]


def office_pages(here: world.World) -> list[str]:
    """Every page of the office, with something on it."""
    case, office = f"cases/{here.case.number}/", "/duinhaven/office/"
    pages = [
        "", "applications/", "quotations/", "policies/", "invoices/", "relations/", "relations/proposals/", "products/",
        "products/new/", "products/nl-horse-trailer/1/", "jobs/", "policies/?q=zzzz", "quotations/?adviser=direct",
        case, *(f"{case}{tab}/" for tab in ("answers", "documents", "messages", "decision", "timeline")),
        f"cases/{here.quotation.case.number}/", f"relations/{here.policy.holder.number}/",
        f"relations/{here.adviser.number}/",
    ]  # fmt: skip
    return [office + page for page in pages]


def faults(page: Page, address: str) -> list[str]:
    """What is wrong with a page: its status, axe's violations, sideways scrolling, errors on the console."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    response = page.goto(address)
    found = [] if response is not None and response.status == 200 else [f"{address}: {response and response.status}"]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{address}: wider than the window")
    violations = Axe().run(page).response["violations"]
    return found + said + [f"{address}: {rule['id']} {[node['html'] for node in rule['nodes']]}" for rule in violations]


@pytest.mark.django_db(transaction=True)
def test_pages_are_accessible_and_fit_the_screen(live_server, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver runs a loop in this thread
    here = world.build()
    world.employee(here.company, "maud@duinhaven.example", *world.ALL_RIGHTS, acts=tuple(Act), administrator=True)
    advisers = ["/duinhaven/advisers/", "/duinhaven/advisers/links/", f"/duinhaven/advisers/cases/{here.case.number}/"]
    readers = {None: ["/"], "maud@duinhaven.example": office_pages(here), "ilse@kroonlaan.example": advisers}
    found: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for email, pages in readers.items():
            session = world.client_of(email).cookies.get("session")
            for look in LOOKS:
                context = browser.new_context(**look)
                if session is not None:
                    context.add_cookies([{"name": "session", "value": session.value, "url": live_server.url}])
                for address in pages:
                    page = context.new_page()
                    found += faults(page, live_server.url + address)
                    page.close()
                context.close()
        browser.close()
    assert found == []
