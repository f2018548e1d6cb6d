"""Every page of every door, as somebody who may see it, before axe: no violation, and in the dark enough contrast. The
count is printed.

The same pages, and on a phone in Dutch and German: nothing wider than the screen, no table that scrolls aside unless
its first column stays, one heading, a way back, no program’s key.
"""

import mimetypes
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse
from playwright.sync_api import Browser, Route, sync_playwright

from companies.doors import Door
from tests.permissions.pages import OPEN, PAGES, READERS, WORDS
from tests.permissions.test_matrix import Worlds

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None and not os.environ.get("POLISDESK_CI"), reason="There is no Chromium here."),
]
SITE = "http://polisdesk.example"
HASHED = re.compile(r"\.[0-9a-f]{12}(?=\.\w+$)")


# What a page does wrong, in the words of the fault; `plain` is whether its reader is to see no key of a program.
LOOK = r"""(plain) => {
  const faults = [], root = document.documentElement;
  const over = root.scrollWidth - root.clientWidth;
  if (over > 0) faults.push(`${over} pixels wider than the screen`);
  for (const table of document.querySelectorAll(".figure-table")) table.open = true;
  for (const region of document.querySelectorAll(".scroll")) {
    const aside = region.scrollWidth - region.clientWidth, first = region.querySelector("tbody > tr > :first-child");
    const stays = first && getComputedStyle(first).position === "sticky";
    const reached = region.tabIndex === 0 && region.getAttribute("aria-label");
    if (aside > 0 && !(stays && reached)) faults.push(`${region.getAttribute("aria-label")}: ${aside} pixels aside`);
  }
  const headings = document.querySelectorAll("h1").length;
  if (headings !== 1) faults.push(`${headings} first headings`);
  if (document.body.matches(".office") && !document.querySelector(".crumbs li")) faults.push("no breadcrumb");
  const silent = "code, pre, textarea, script, style, .code, .id, .tag, [lang]:not(html)";
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode()); ) {
    const said = node.data.replace(/\S*[@/]\S*/g, "").trim();
    const key = said.match(/\b[a-z]+_[a-z_]+\b|%\(|{{|{%|^(None|True|False|undefined|NaN)$/);
    if (plain && key && !node.parentElement.closest(silent)) faults.push(`“${key[0]}” in “${said.slice(0, 60)}”`);
  }
  return faults;
}"""
WRITES_KEYS = ("/rules/", "/imports/", "/decision/")  # rules and files are written with them, and read by their words
CONTRAST = {"runOnly": ["color-contrast"]}
EMPTY = ("policies/?q=zzzz", "quotations/?adviser=direct", "relations/?q=zzzz")  # lists with nothing on them


def pages_of(worlds: Worlds, language: str = "en") -> dict[str, str]:
    """Address and markup of every page that is HTML, fetched as its own reader."""
    wanted = [
        *((worlds.address(name), READERS[page.door]) for name, page in PAGES.items() if page.get == 200),
        *((f"/duinhaven/office/{page}", READERS[Door.OFFICE]) for page in EMPTY),
        *(
            (reverse(name, kwargs=WORDS.get(name)), "anonymous")
            for name, (status, _why) in OPEN.items()
            if status == 200
        ),
    ]
    found = {}
    for address, reader in wanted:
        response = worlds.clients[reader].get(address, headers={"accept-language": language})
        assert response.status_code == 200, address
        if response.headers.get("Content-Type", "").startswith("text/html"):
            found[address] = response.content.decode()
    return found


def served(pages: dict[str, str]):
    """What the browser gets: a page that was fetched, or a file of ours; nothing else."""

    def answer(route: Route) -> None:
        path, asked = urlsplit(route.request.url).path, route.request.url.removeprefix(SITE)
        if asked in pages:
            route.fulfill(body=pages[asked], content_type="text/html; charset=utf-8")
            return
        name = HASHED.sub("", path.removeprefix(settings.STATIC_URL))
        file = finders.find(name) if path.startswith(settings.STATIC_URL) else None
        if file is None:
            route.fulfill(status=404, body="")
            return
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        route.fulfill(body=Path(str(file)).read_bytes(), content_type=kind)

    return answer


def is_plain(address: str) -> bool:
    """Whether a page speaks to its reader in words alone."""
    return not any(part in address for part in WRITES_KEYS)


def on_a_phone(browser: Browser, pages: dict[str, str], language: str) -> Iterator[str]:
    """What is wrong with the pages at 390 pixels in a language."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale=language)
    context.route("**/*", served(pages))
    page = context.new_page()
    for address in pages:
        page.goto(SITE + address)
        for fault in page.evaluate(LOOK, is_plain(address)):
            yield f"{address} in {language}: {fault}"
    context.close()


def test_no_page_of_any_door_violates_a_rule_of_axe(worlds, capsys):
    pages, spoken = pages_of(worlds), {language: pages_of(worlds, language) for language in ("nl", "de")}
    assert len(pages) > 80
    faults = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        context.route("**/*", served(pages))
        page = context.new_page()
        for address in pages:
            page.goto(SITE + address)
            for rule in Axe().run(page).response["violations"]:
                faults.append(f"{address}: {rule['id']} {[node['html'][:120] for node in rule['nodes']]}")
            faults += [f"{address}: {fault}" for fault in page.evaluate(LOOK, is_plain(address))]
            page.emulate_media(color_scheme="dark")
            for rule in Axe().run(page, options=CONTRAST).response["violations"]:
                faults.append(f"{address}, dark: {[node['html'][:120] for node in rule['nodes']]}")
            page.emulate_media(color_scheme="light")
        for language, told in spoken.items():
            faults += on_a_phone(browser, told, language)
        browser.close()
    with capsys.disabled():
        print(f"\naxe: {len(pages)} pages of {len(READERS)} doors and the entrance, {len(faults)} violations")
    assert not faults, "\n".join(faults)
