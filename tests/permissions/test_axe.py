"""Every page of every door, as somebody who may see it, before axe: no violation. The count is printed."""

import mimetypes
import os
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse
from playwright.sync_api import Route, sync_playwright

from companies.doors import Door
from tests.permissions.pages import OPEN, PAGES, WORDS
from tests.permissions.test_matrix import Worlds

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None and not os.environ.get("POLISDESK_CI"), reason="There is no Chromium here."),
]
READERS = {
    Door.OFFICE: "all", Door.ADVISERS: "ilse", Door.FOLDER: "sanne", Door.FRONT: "anonymous", Door.LINK: "anonymous",
    Door.OPERATOR: "operator",
}  # fmt: skip
SITE = "http://polisdesk.example"
HASHED = re.compile(r"\.[0-9a-f]{12}(?=\.\w+$)")


def pages_of(worlds: Worlds) -> dict[str, str]:
    """Address and markup of every page that is HTML, fetched as its own reader."""
    wanted = [
        *((worlds.address(name), READERS[page.door]) for name, page in PAGES.items() if page.get == 200),
        *(
            (reverse(name, kwargs=WORDS.get(name)), "anonymous")
            for name, (status, _why) in OPEN.items()
            if status == 200
        ),
    ]
    found = {}
    for address, reader in wanted:
        response = worlds.clients[reader].get(address)
        assert response.status_code == 200, address
        if response.headers.get("Content-Type", "").startswith("text/html"):
            found[address] = response.content.decode()
    return found


def served(pages: dict[str, str]):
    """What the browser gets: a page that was fetched, or a file of ours; nothing else."""

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path in pages:
            route.fulfill(body=pages[path], content_type="text/html; charset=utf-8")
            return
        name = HASHED.sub("", path.removeprefix(settings.STATIC_URL))
        file = finders.find(name) if path.startswith(settings.STATIC_URL) else None
        if file is None:
            route.fulfill(status=404, body="")
            return
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        route.fulfill(body=Path(str(file)).read_bytes(), content_type=kind)

    return answer


def test_no_page_of_any_door_violates_a_rule_of_axe(worlds, capsys):
    pages = pages_of(worlds)
    assert len(pages) > 80
    faults = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
        context.route("**/*", served(pages))
        page = context.new_page()
        for address in pages:
            page.goto(SITE + address)
            for rule in Axe().run(page).response["violations"]:
                faults.append(f"{address}: {rule['id']} {[node['html'][:120] for node in rule['nodes']]}")
        browser.close()
    with capsys.disabled():
        print(f"\naxe: {len(pages)} pages of {len(READERS)} doors and the entrance, {len(faults)} violations")
    assert faults == []
