"""A real Chromium before pages that were fetched: what runs in it and what it asks for, without any rule of the edge.

The pages' Content-Security-Policy is left away, so that what isn't escaped does run and does fetch.
"""

import mimetypes
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Dialog, Page, Route, sync_playwright

SITE = "http://polisdesk.example"
HASHED = re.compile(r"\.[0-9a-f]{12}(?=\.\w+$)")
DRAWN = {"image", "script", "stylesheet", "font", "media", "object", "document", "manifest", "other", "websocket"}
WATCH = "for (const name of ['alert', 'prompt', 'confirm']) window[name] = () => { window.ranHostile(name); };"
ALIVE = r"""() => [...document.querySelectorAll('*')].flatMap(one => [
  ...[...one.attributes].map(each => each.name).filter(each => /^(on|hx-on|data-hx-on)/i.test(each)),
  ...['href', 'src', 'action', 'formaction', 'data'].map(name => one.getAttribute(name) ?? '').filter(each =>
    /^\s*((java|vb)\s*script:|mailto:.*[?& "]|(?!mailto:).*probe\.invalid)/i.test(each))])"""


@dataclass
class Seen:
    """What happened in the browser."""

    pages: int = 0
    executed: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    alive: list[str] = field(default_factory=list)


def chromium() -> str:
    """The machine's Chromium; without one the tests skip, and fail where a build asks for them (POLISDESK_CI=1)."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        message = "Expected chromium or google-chrome on PATH; found neither."
        pytest.fail(message) if os.environ.get("POLISDESK_CI") == "1" else pytest.skip(message)
    return str(found)


def look(pages: Mapping[str, str]) -> Seen:
    """Open each page (address and markup) and note what runs, what is asked for, and what would run at a click."""
    seen = Seen()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1280, "height": 900}, service_workers="block")
        where = [""]
        context.expose_binding("ranHostile", lambda _source, name: seen.executed.append(f"{where[0]}: {name}"))
        context.add_init_script(WATCH)
        context.route("**/*", lambda route: answer(route, pages, where[0], seen))
        for address in pages:
            where[0] = address
            page = context.new_page()
            page.on("dialog", lambda dialog: noted(seen, where[0], dialog))
            visit(page, address, seen)
            page.close()
        browser.close()
    return seen


def noted(seen: Seen, address: str, dialog: Dialog) -> None:
    """A dialog that a page opened."""
    seen.executed.append(f"{address}: a dialog")
    dialog.dismiss()


def visit(page: Page, address: str, seen: Seen) -> None:
    """Open one page and let its scripts run."""
    page.goto(SITE + address, wait_until="load")
    page.wait_for_timeout(60)
    seen.pages += 1
    if page.url.startswith(SITE):
        seen.alive += [f"{address}: {one}" for one in page.evaluate(ALIVE)]


def answer(route: Route, pages: Mapping[str, str], address: str, seen: Seen) -> None:
    """A page that was fetched, or a file of ours; everything else is noted and stays away."""
    parts = urlsplit(route.request.url)
    own = f"{parts.scheme}://{parts.netloc}" == SITE
    asked = parts.path + (f"?{parts.query}" if parts.query else "")
    if own and asked in pages:
        route.fulfill(body=pages[asked], content_type="text/html; charset=utf-8")
        return
    name = HASHED.sub("", parts.path.removeprefix(settings.STATIC_URL))
    file = finders.find(name) if own and parts.path.startswith(settings.STATIC_URL) else None
    if file is not None:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        route.fulfill(body=Path(str(file)).read_bytes(), content_type=kind)
        return
    icon = parts.path == "/favicon.ico"
    if not own or (route.request.resource_type in DRAWN and not icon):
        seen.fetched.append(f"{address}: {route.request.url[:120]}")
    route.fulfill(status=404, body="")
