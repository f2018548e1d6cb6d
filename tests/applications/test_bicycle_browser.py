"""A product with everything a front office can ask, in a real browser: list, file, follow-ups (S0-05 to S0-08).

With scripts on a phone, without scripts on a desk, by keyboard alone; saved and continued elsewhere; tampered with.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from applications import forms
from applications.models import Application, Draft
from applications.services import drafts
from companies.links import secret_of
from companies.models import Link
from policies.models import Policy
from tests import given
from tests.applications.test_browser import DETAILS, browser, clean, playwright  # noqa: F401 the fixture
from tests.applications.test_steps import BICYCLE
from tests.hostile.files import picture

visitors = pytest.importorskip("tests.browser.visitor")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST = {
    "start_date": "2026-12-01", "value": "4,000.00", "built": "2024", "postcode": "8011", "electric": "yes",
    "lock": "chain", "use": ["work"],
}  # fmt: skip
BATTERY = {"battery_value": "400", "removable": "yes"}
THEFT = {"loss_date": "2025-05-01", "cause": "theft", "amount": "400"}


@pytest.fixture(autouse=True)
def at_once(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(forms, "FASTEST", timedelta(0))
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }


@pytest.fixture
def company():
    return given.provider("duinhaven", BICYCLE)


@pytest.fixture
def photo(tmp_path: Path) -> str:
    path = tmp_path / "photo.png"
    path.write_bytes(picture())
    return str(path)


@pytest.fixture
def meet(browser: Any, live_server: Any, tmp_path: Path) -> Iterator[Any]:  # noqa: F811
    """Somebody before a browser of his own; his pages must have been without faults."""
    met = []

    def visitor(*, width: int = 1280, scripts: bool = True) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 844}, locale="en", java_script_enabled=scripts
        )
        context.set_default_timeout(10_000)
        met.append(visitors.Visitor(context, {"public": live_server.url}, tmp_path, scripts=scripts))
        return met[-1]

    yield visitor
    faults = [fault for each in met for fault in each.faults]
    for each in met:
        each.context.close()
    assert faults == []


def go_on(visitor):
    visitor.leave(visitor.page.locator("#step button.btn-main"))


def still(visitor):
    """No look at what was typed is under way, which would draw fields anew under the eyes of who takes a picture."""
    visitor.page.wait_for_selector("#step:not(.htmx-request)")


def answer(visitor, **answers):
    visitor.fill(answers)
    go_on(visitor)


def settled(visitor):
    """Nothing is asked of the server any more; a picture taken meanwhile would be of two pages."""
    if visitor.scripts:
        playwright.expect(visitor.page.locator(".htmx-request")).to_have_count(0)
        visitor.page.wait_for_timeout(200)


def begin(visitor):
    """The questions up to the list."""
    visitor.open("public", "/duinhaven/apply/bicycle/")
    visitor.fill(FIRST)
    visitor.page.select_option("[name=q-brand]", "b3")
    if visitor.scripts:
        visitor.page.wait_for_selector("[name=q-battery_value]")
        visitor.fill(BATTERY)
        visitor.page.wait_for_selector("[name=q-charged]")
        visitor.fill({"charged": "home"})
        settled(visitor)
    still(visitor)
    visitor.see("first")
    go_on(visitor)
    answer(visitor, distance="40.5")
    if not visitor.scripts:
        answer(visitor, **BATTERY)
    assert visitor.path.endswith("/list-losses/")


def add_theft(visitor):
    visitor.leave(visitor.page.get_by_role("link", name="Add: Loss"))
    visitor.fill(THEFT)
    if not visitor.scripts:
        go_on(visitor)
    visitor.page.wait_for_selector("[name=q-reported]")
    settled(visitor)
    still(visitor)
    visitor.see("record")
    answer(visitor, reported="yes")
    visitor.page.wait_for_url(re.compile("/list-losses/$"))


def finish(visitor, photo):
    """From the list to the review."""
    visitor.see("list")
    go_on(visitor)
    visitor.page.wait_for_url(re.compile("/file-photos/"))
    visitor.page.set_input_files("[name=files]", photo)
    visitor.leave(visitor.page.get_by_role("button", name="Add"))
    visitor.page.wait_for_selector("text=photo.png")
    visitor.see("files")
    go_on(visitor)
    if not visitor.scripts:
        answer(visitor, charged="home")
    visitor.see("details")
    answer(visitor, **DETAILS)
    visitor.page.wait_for_url(re.compile("/review/"))
    visitor.see("review")


def order(visitor, company):
    """Send in, read the mailed quotation, order."""
    visitor.page.check("[name=declared]")
    visitor.leave(visitor.page.locator("form.send button.btn-main"))
    given.work(company)
    visitor.page.wait_for_selector("text=We are glad to insure you")
    visitor.see("outcome")
    with given.inside(company):
        link = Link.objects.get(kind="case")
    visitor.open("public", f"/duinhaven/c/{secret_of(link.nonce)}/")
    visitor.page.fill("[name=birth_date]", "1986-04-17")
    visitor.page.check("[name=agreed]")
    visitor.leave(visitor.page.locator("form.order button"))
    given.work(company)
    visitor.page.wait_for_selector("text=You are insured")


@pytest.mark.parametrize(("width", "scripts"), [(390, True), (1400, False)])
def test_bought_with_a_list_and_a_file(company, meet, photo, width, scripts):
    visitor = meet(width=width, scripts=scripts)
    begin(visitor)
    add_theft(visitor)
    finish(visitor, photo)
    text = visitor.page.inner_text("main")
    for words in ("Theft", "€400.00", "photo.png", "At home", "Sanne Verbruggen"):
        assert words in text
    order(visitor, company)
    with given.inside(company):
        application = Application.objects.get()
        assert Policy.objects.count() == 1
    assert application.answers["losses"][0]["reported"] is True
    assert [file["name"] for file in application.answers["photos"]] == ["photo.png"]


def test_by_keyboard_alone(company, meet, photo):
    visitor = meet()
    visitor.open("public", "/duinhaven/apply/bicycle/")
    visitor.keys_fill(FIRST)
    visitor.keys_fill(BATTERY)  # they have appeared behind the answer that made them necessary
    visitor.page.wait_for_selector("[name=q-charged]")
    visitor.keys_fill({"charged": "home"})
    visitor.tab_to(visitor.form.locator("[name=q-brand]"))
    visitor.page.keyboard.type("Brand 3")
    visitor.keys_go_on()
    visitor.page.wait_for_url(re.compile("questions-2"))
    visitor.keys_fill({"distance": "40.5"})
    visitor.keys_go_on()
    visitor.page.wait_for_url(re.compile("list-losses"))
    visitor.tab_to(visitor.page.get_by_role("link", name="Add: Loss"))
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(re.compile("/new/"))
    visitor.keys_fill(THEFT)
    visitor.page.wait_for_selector("[name=q-reported]")
    visitor.keys_fill({"reported": "no"})
    visitor.keys_go_on()
    visitor.page.wait_for_url(re.compile("list-losses/$"))
    visitor.keys_go_on()
    visitor.page.wait_for_url(re.compile("file-photos"))
    visitor.tab_to(visitor.page.locator("[name=files]"))
    with visitor.page.expect_file_chooser() as chooser:
        visitor.page.keyboard.press("Space")
    chooser.value.set_files(photo)
    visitor.keys_go_on()
    visitor.page.wait_for_url(re.compile("details"))
    visitor.keys_fill(DETAILS)
    visitor.keys_go_on()
    visitor.page.wait_for_url(re.compile("review"))
    visitor.tab_to(visitor.page.locator("[name=declared]"))
    visitor.page.keyboard.press("Space")
    visitor.tab_to(visitor.page.locator("form.send button.btn-main"))
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(re.compile("outcome"))


def test_saved_here_and_continued_elsewhere(company, meet):
    here = meet(width=390)
    begin(here)
    here.leave(here.page.get_by_role("button", name="Save and continue later"))
    here.see("later")
    here.page.fill("[name=email]", "sanne@verbruggen.example")
    here.leave(here.page.get_by_role("button", name="Mail me the link"))
    here.page.wait_for_selector("text=on its way to s••••@verbruggen.example")
    given.work(company)
    (address,) = re.findall(r"https?://[^/]+(/duinhaven/apply/a/\S+)", str(mail.outbox[0].body))
    there = meet()
    there.open("public", address)
    assert there.path.endswith("/list-losses/")


def test_back_and_forward_keep_what_was_typed(company, meet):
    visitor = meet()
    begin(visitor)
    go_on(visitor)  # no losses
    go_on(visitor)  # a file is missing
    visitor.leave(visitor.page.get_by_role("button", name="Back"))
    visitor.leave(visitor.page.get_by_role("button", name="Back"))
    visitor.page.wait_for_url(re.compile("questions"))
    visitor.page.go_back()
    visitor.page.go_forward()
    visitor.open("public", re.sub(r".*(/duinhaven.*/a/[^/]+/).*", r"\1questions-2/", visitor.page.url))
    visitor.page.fill("[name=q-distance]", "far away")
    visitor.leave(visitor.page.get_by_role("button", name="Back"))
    assert visitor.page.input_value("[name=q-value]") == "4,000.00"
    go_on(visitor)
    assert visitor.page.input_value("[name=q-distance]") == "far away"


def test_a_page_tampered_with_is_told_and_keeps_nothing_wrong(company, meet):
    visitor = meet()
    begin(visitor)
    visitor.page.evaluate("document.querySelector('#step [name=token]').value = 'forged'")
    go_on(visitor)
    visitor.page.wait_for_selector("text=Expected the form of this page, found another one.")
    visitor.leave(visitor.page.get_by_role("link", name="What you insure"))
    visitor.page.evaluate("document.querySelector('[name=q-lock][value=chain]').value = 'gold'")
    visitor.page.evaluate("document.querySelector('[name=q-value]').value = '-1'")
    go_on(visitor)
    visitor.page.wait_for_selector("text=Expected one of the choices, found “gold”.")
    visitor.see("tampered")
    with given.inside(company):
        answers = Draft.objects.get().answers
    assert (answers["lock"], answers["value"]) == ("chain", "4000.00")


def test_an_ended_address_says_so(company, meet, monkeypatch):
    visitor = meet(width=390)
    visitor.open("public", "/duinhaven/apply/bicycle/")
    monkeypatch.setattr(drafts, "OPEN_FOR", timedelta(0))
    visitor.fill(FIRST | {"electric": "no"})
    visitor.page.select_option("[name=q-brand]", "b3")
    go_on(visitor)
    visitor.page.wait_for_selector("text=This link has ended")
    visitor.see("lapsed")
    visitor.faults = [fault for fault in visitor.faults if "410" not in fault]
    visitor.leave(visitor.page.get_by_role("link", name="Begin anew"))
    assert visitor.path.endswith("/apply/bicycle/")
