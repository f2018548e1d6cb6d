"""A page in a real browser: no axe violation, no error on the console, and it never scrolls sideways."""

import os
import shutil
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

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
