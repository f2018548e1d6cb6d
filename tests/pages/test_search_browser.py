"""The search box and the pages of a merge in a real browser: by keyboard alone, no axe violation, at any width."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from companies.actor import ROBOT
from relations.services.parties import register_party
from tests import given, world
from tests.pages.looks import CHROMIUM, LOOKS, faults
from tests.pages.test_search import JOCHEM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None and not os.environ.get("POLISDESK_CI"), reason="There is no Chromium here."),
]
SHOTS = os.environ.get("POLISDESK_SHOTS")  # a folder for pictures of each page, for whoever wants to look


def entered(browser: Browser, address: str, email: str, look: dict[str, Any]) -> BrowserContext:
    context = browser.new_context(**look)
    session = world.client_of(email).cookies["session"].value
    context.add_cookies([{"name": "session", "value": session, "url": address}])
    return context


@pytest.mark.django_db(transaction=True)
def test_one_searches_and_merges_by_keyboard_alone(live_server, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver runs a loop in this thread
    here = world.build()
    world.employee(here.company, "maud@duinhaven.example", *world.ALL_RIGHTS)
    with given.inside(here.company):
        one = register_party(person=JOCHEM, on=given.DAY, actor=ROBOT)
        two = register_party(person=replace(JOCHEM, email="j@wilde.example"), on=given.DAY, actor=ROBOT)
    given.folder(here.company, two.pk, "j@wilde.example")
    office = f"{live_server.url}/duinhaven/office/"
    merge = f"{office}relations/{one.number}/merge/{two.number}/"
    pages = [
        f"{office}search/", f"{office}search/?q=verbruggen", f"{office}search/?q=zzzz", f"{office}search/?q=x",
        f"{office}search/?q=dorpsstr&kind=policy", f"{office}relations/duplicates/", merge,
    ]  # fmt: skip
    extranet = f"{live_server.url}/duinhaven/advisers/search/?q=sanne"
    found: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for look in LOOKS:
            for email, addresses in {"maud@duinhaven.example": pages, "ilse@kroonlaan.example": [extranet]}.items():
                context = entered(browser, live_server.url, email, look)
                for place, address in enumerate(addresses):
                    page = context.new_page()
                    found += faults(page, address)
                    picture(page, f"{email[0]}{place}-{look['viewport']['width']}-{look['locale']}")
                    page.close()
                context.close()
        context = entered(browser, live_server.url, "maud@duinhaven.example", LOOKS[0])
        page = context.new_page()
        page.goto(office)
        page.keyboard.press("/")
        page.keyboard.type("wilde joch")
        expect(page.locator("#bar-found a").first).to_be_visible()
        picture(page, "suggested")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Escape")
        expect(page.locator("#bar-found a")).to_have_count(0)
        page.keyboard.press("Enter")
        expect(page.locator("main mark").first).to_be_visible()
        page.goto(merge)
        page.locator("form[data-main] button").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("is shut", exact=False)).to_be_visible()
        picture(page, "confirm")
        found += faults_here(page)
        page.locator("form[data-main] button").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Jochem de Wilde")
        picture(page, "merged")
        found += faults(page, f"{office}relations/{two.number}/")
        picture(page, "gone")
        context.close()
        browser.close()
    assert found == []


def faults_here(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    return [rule["id"] for rule in Axe().run(page).response["violations"]]


def picture(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=False)
