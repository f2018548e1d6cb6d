"""An adviser and the office fill in a product with a list and a file for a client, in a browser (S0-05, S2-36)."""

from typing import Any

import pytest

from applications.models import Application
from companies.models import Company
from tests import given, world
from tests.applications.test_bicycle_browser import (  # noqa: F401 the fixtures
    BATTERY,
    FIRST,
    add_theft,
    answer,
    at_once,
    finish,
    go_on,
    meet,
    photo,
    still,
)
from tests.applications.test_browser import browser, playwright  # noqa: F401 the fixtures
from tests.applications.test_steps import BICYCLE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADVISER, CLERK = "ilse@kroonlaan.example", "nora@duinhaven.example"
EXTRANET, OFFICE = "/duinhaven/advisers/products/", "/duinhaven/office/applications/new/"


@pytest.fixture
def company(settings: Any) -> Company:
    settings.ROOT_URLCONF = "config.urls.everything"
    made = given.provider("duinhaven", BICYCLE)
    given.adviser(made)
    given.member(made, CLERK, "policy-clerk")
    return made


def log_in(visitor: Any, email: str, url: str) -> None:
    """The browser carries the session of a login."""
    cookies = world.client_of(email).cookies.items()
    visitor.context.add_cookies([{"name": name, "value": morsel.value, "url": url} for name, morsel in cookies])


@pytest.mark.parametrize(
    ("email", "start", "width", "scripts"),
    [(ADVISER, EXTRANET, 390, True), (ADVISER, EXTRANET, 1400, False), (CLERK, OFFICE, 1400, True),
     (CLERK, OFFICE, 390, False)],
)  # fmt: skip
def test_a_list_and_a_file_are_filled_in_for_a_client(
    company: Company,
    meet: Any,  # noqa: F811
    photo: str,  # noqa: F811
    live_server: Any,
    email: str,
    start: str,
    width: int,
    scripts: bool,
) -> None:
    visitor = meet(width=width, scripts=scripts)
    log_in(visitor, email, live_server.url)
    visitor.open("public", start)
    if email == CLERK:
        visitor.page.select_option("[name=product]", "bicycle")
    visitor.go_on()
    visitor.fill(FIRST)
    visitor.page.select_option("[name=q-brand]", "b3")
    if scripts:
        visitor.page.wait_for_selector("[name=q-battery_value]")
        visitor.fill(BATTERY)
        visitor.page.wait_for_selector("[name=q-charged]")
        visitor.fill({"charged": "home"})
    still(visitor)
    visitor.see("first")
    go_on(visitor)
    answer(visitor, distance="40.5")
    if not scripts:
        answer(visitor, **BATTERY)
    assert visitor.path.endswith("/list-losses/")
    add_theft(visitor)
    finish(visitor, photo)
    text = visitor.page.inner_text("main")
    for words in ("Theft", "€400.00", "photo.png", "At home", "Sanne Verbruggen", "Details of the client"):
        assert words in text
    assert "Save and continue later" not in visitor.page.content()
    visitor.page.check("[name=declared]")
    visitor.leave(visitor.page.locator("form.send button.btn-main").first)
    given.work(company)
    with given.inside(company):
        application = Application.objects.get()
    assert application.filled_in_by == ("adviser" if email == ADVISER else "employee")
    assert application.answers["losses"][0]["reported"] is True
    assert [file["name"] for file in application.answers["photos"]] == ["photo.png"]
