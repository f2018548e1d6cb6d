"""View, edit and input are apart on every page: no employee with one single right finds a link or a button that would
be refused to him (S2-06 to S2-08).
"""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from companies.doors import Door
from companies.models import PartCode, Right
from tests import world
from tests.permissions.pages import PAGES, Pair
from tests.permissions.test_matrix import OFFICE, SINGLES, Worlds, email_of, worlds  # noqa: F401

pytestmark = pytest.mark.django_db


class Found(HTMLParser):
    """The links of a page, and each way to send each of its forms: (action, method, fields)."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[dict[str, Any]] = []
        self.named: dict[str, dict[str, Any]] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        has = {key: value or "" for key, value in attributes}
        if tag == "a" and has.get("href"):
            self.links.append(has["href"])
        if tag == "form":
            form: dict[str, Any] = {
                "action": has.get("action", ""),
                "method": has.get("method", "get").lower(),
                "fields": [],
                "buttons": [],
            }
            self.forms.append(form)
            self.named[has.get("id", "")] = form
        if tag in {"input", "button", "select", "textarea"} and self.forms:
            form = self.named.get(has["form"], self.forms[-1]) if has.get("form") else self.forms[-1]
            if tag == "button" and has.get("type", "submit") == "submit":
                form["buttons"].append((has.get("name", ""), has.get("value", ""), has.get("formaction", "")))
            elif has.get("type") == "hidden":
                form["fields"].append((has["name"], has.get("value", "")))

    def sendings(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Each button of each form that posts."""
        for form in self.forms:
            for name, value, action in form["buttons"] if form["method"] == "post" else []:
                yield action or form["action"], form["fields"] + ([(name, value)] if name else [])


def page_of(url: str) -> str | None:
    """The name of the office's page at an address; None for what isn't one."""
    try:
        name = resolve(urlsplit(url).path).view_name
    except Resolver404:
        return None
    return name if name in PAGES and PAGES[name].door == Door.OFFICE else None


def employees(worlds: Worlds) -> Iterator[tuple[str, set[Pair], Client]]:  # noqa: F811
    """Employees with one single right, with view and one more of the same part, and with the view of everything."""
    for pair in SINGLES:
        yield email_of(*pair), {pair}, worlds.clients[email_of(*pair)]
    for part in PartCode:
        for right in (Right.EDIT, Right.INPUT):
            pairs = {(part, Right.VIEW), (part, right)}
            name = f"view-{email_of(part, right)}"
            world.employee(worlds.here.company, name, *pairs)
            yield name, pairs, world.client_of(name)
    yield "auditor", {(part, Right.VIEW) for part in PartCode}, worlds.clients["auditor"]


def test_no_link_and_no_button_leads_to_a_refusal(worlds: Worlds) -> None:  # noqa: F811
    pages = links = buttons = 0
    refused = set()
    for who, pairs, client in employees(worlds):
        for name in OFFICE:
            if PAGES[name].get != 200 or not PAGES[name].opens(pairs):
                continue
            address = worlds.address(name)
            response = client.get(address)
            if not response["Content-Type"].startswith("text/html"):
                continue
            found = Found(response.content.decode())
            pages += 1
            for href in found.links:
                to = page_of(urljoin(address, href))
                links += to is not None
                if to and not PAGES[to].opens(pairs) and client.get(urljoin(address, href)).status_code == 403:
                    refused.add((name, "link", to, who))
            for action, fields in found.sendings():
                to = page_of(urljoin(address, action))
                if to is None:
                    continue
                buttons += 1
                with transaction.atomic():
                    response = client.post(urljoin(address, action), dict(fields))
                    led = client.get(response["Location"]).status_code if response.status_code == 302 else 200
                    transaction.set_rollback(True)
                if 403 in {response.status_code, led} or response.status_code == 405:
                    refused.add((name, "button", to, who))
    print(f"{pages} pages as employees with few rights, {links} links, {buttons} buttons, {len(refused)} refused")
    assert not refused, "\n".join(map(str, sorted(refused)))


def test_no_step_leads_its_reader_to_a_page_that_refuses_him(worlds: Worlds) -> None:  # noqa: F811
    """Every step that an employee with one single right may send, sent bare: where he is led, he may read."""
    led = 0
    for name in OFFICE:
        for pair in SINGLES:
            client = worlds.clients[email_of(*pair)]
            if PAGES[name].post != 302 or not PAGES[name].lets({pair}, set()):
                continue
            with transaction.atomic():
                response = client.post(worlds.address(name))
                found = client.get(response["Location"])
                transaction.set_rollback(True)
            assert found.status_code != 403, (name, pair, response["Location"])
            led += 1
    print(f"{led} steps of employees with one right led on")
    assert led > 0


@pytest.mark.parametrize(
    ("right", "page", "to", "said"),
    [
        ((PartCode.RELATIONS, Right.EDIT), "relations:folder_on", "office:today", "invitation is on its way"),
        ((PartCode.ACCEPTANCE, Right.EDIT), "acceptance:take", "office:today", ""),
        ((PartCode.PRODUCTS, Right.INPUT), "products:upload", "products:upload", "is drafted"),
        ((PartCode.PRODUCTS, Right.INPUT), "products:rules_draft", "office:today", "is drafted"),
    ],
)
def test_input_without_view_is_led_to_a_page_he_may_see_with_what_was_done(
    worlds: Worlds,  # noqa: F811
    right: Pair,
    page: str,
    to: str,
    said: str,
) -> None:
    client = worlds.clients[email_of(*right)]
    definition = SimpleUploadedFile("d.json", json.dumps(worlds.here.version.definition).encode())
    with transaction.atomic():
        response = client.post(worlds.address(page), {"definition": definition} if "upload" in page else {})
        found = client.get(response["Location"], headers={"accept-language": "en"})
        transaction.set_rollback(True)
    assert response["Location"] == worlds.address(to) and found.status_code == 200
    assert said in found.content.decode()


def test_a_refused_step_has_no_button_and_its_post_is_refused_all_the_same(worlds: Worlds) -> None:  # noqa: F811
    """Every page whose step needs more than its view, sent by who may only view it."""
    sent = 0
    for name in OFFICE:
        page = PAGES[name]
        for pair in SINGLES:
            if page.get == 200 and page.post != 405 and page.opens({pair}) and not page.lets({pair}, set()):
                assert worlds.clients[email_of(*pair)].post(worlds.address(name)).status_code == 403, (name, pair)
                sent += 1
    assert sent > 0
