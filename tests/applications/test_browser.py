"""The whole way in a real browser, with scripts and without: origin, refresh, keyboard, axe (S0-35)."""

from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from applications import forms
from companies.links import secret_of
from companies.models import Link
from policies.models import Policy
from tests import given

playwright = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DETAILS = {
    "given_names": "Sanne", "name": "Verbruggen", "birth_date": "1986-04-17", "street": "Dorpsstraat",
    "house_number": "12", "postcode": "4381ab", "city": "Vlissingen", "email": "sanne@verbruggen.example",
}  # fmt: skip


@pytest.fixture
def browser(monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the driver's own loop runs in this thread
    found = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None)
    with playwright.sync_playwright() as driver:
        try:
            started = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        except playwright.Error as error:
            pytest.skip(f"No Chromium can be started here: {str(error).splitlines()[0]}")
        yield started
        started.close()


def looked_at(page):
    """What axe finds; a page that waits looks again by itself meanwhile, which is looked at anew."""
    for _look in range(5):
        with suppress(playwright.Error):
            return axe.Axe().run(page)
    return axe.Axe().run(page)


def clean(page):
    """No violation of axe and nothing wider than the window."""
    found = looked_at(page)
    assert not found.violations_count, [
        (row["id"], [node["html"] for node in row["nodes"]]) for row in found.response["violations"]
    ]
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@contextmanager
def another_page(page):
    """What is done here leads to another page; it is there afterwards, with its script."""
    with page.expect_navigation():
        yield


@pytest.mark.parametrize(("width", "scripts"), [(390, True), (1400, False)])
def test_from_the_first_question_to_the_policy(live_server, browser, monkeypatch, width, scripts):
    monkeypatch.setattr(forms, "FASTEST", timedelta(0))
    company = given.provider()
    context = browser.new_context(viewport={"width": width, "height": 844}, locale="en", java_script_enabled=scripts)
    page = context.new_page()
    check = clean if scripts else (lambda page: None)  # axe itself is a script
    page.goto(f"{live_server.url}/duinhaven/apply/nl-horse-trailer/")
    check(page)
    with another_page(page):
        page.click("main form button")
    assert page.locator("[role=alert] li").count() == 4
    check(page)
    page.fill("[name=q-start_date]", "2026-12-01")
    page.fill("[name=q-catalogue_value]", "8,500.00")
    page.fill("[name=q-age_months]", "12")
    page.check("[name=q-area_of_use][value=NL]")
    page.check("[name=q-theft_devices][value=coupling_lock]")
    page.press("[name=q-age_months]", "Enter")
    page.check("[name=q-bought_new][value=yes]")
    with another_page(page):
        page.click("main form button")
    check(page)
    for name, value in DETAILS.items():
        page.fill(f"[name={name}]", value)
    with another_page(page):
        page.press("[name=email]", "Enter")
    check(page)
    page.check("[name=declared]")
    with another_page(page):
        page.click("form.send button")
    assert page.url.endswith("/outcome/")
    check(page)
    given.work(company)
    page.wait_for_selector("text=We are glad to insure you")
    with given.inside(company):
        link = Link.objects.get(kind="case")
    page.goto(f"{live_server.url}/duinhaven/c/{secret_of(link.nonce)}/")
    check(page)
    page.fill("[name=birth_date]", "1986-04-17")
    page.check("[name=agreed]")
    with another_page(page):
        page.click("form.order button")
    check(page)
    given.work(company)
    page.wait_for_selector("text=you are insured")
    check(page)
    with given.inside(company):
        assert Policy.objects.get().number in page.inner_text("h1")
    context.close()
