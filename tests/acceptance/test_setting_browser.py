"""The decision page with what the product leaves to an acceptor, in a real browser: tried by keyboard, then read."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests import given, world
from tests.acceptance import scenes
from tests.acceptance.test_setting import ANSWERS, LIABILITY, page_of
from tests.pages.looks import CHROMIUM, LOOKS, pytestmark

__all__ = ["pytestmark"]


@pytest.mark.django_db(transaction=True)
def test_enter_shows_the_premium_with_a_loading_and_the_page_fits_the_screen(live_server, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver runs a loop in this thread
    company = given.provider("duinhaven", LIABILITY)
    scenes.person(company, "maud")
    address = live_server.url + page_of(scenes.applied(company, ANSWERS))
    cookies = world.client_of("maud@duinhaven.example").cookies
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for look in LOOKS:
            context = browser.new_context(**look)
            context.add_cookies([{"name": key, "value": c.value, "url": live_server.url} for key, c in cookies.items()])
            page = context.new_page()
            page.goto(address)
            page.locator("[name=set_loading]").fill("15")
            page.keyboard.press("Enter")
            page.get_by_text("T06_LOADING").wait_for()
            assert "101" in page.locator("table").first.inner_text()
            assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            assert [rule["id"] for rule in Axe().run(page).response["violations"]] == []
            if folder := os.environ.get("POLISDESK_SHOTS"):
                page.screenshot(path=f"{folder}/set-{look['locale']}.png", full_page=True)
        browser.close()
