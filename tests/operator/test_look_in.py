"""Every page of the office in the operator's process: nothing without a window, and never more than it shows."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.urls import reverse

from companies.doors import Door
from companies.models import ModuleCode
from companies.operator.people import add_operator
from ledger.models import Account
from ledger.services import Role
from tests import given, operators, world
from tests.acceptance import scenes
from tests.permissions.pages import PAGES
from tests.permissions.test_matrix import Worlds

pytestmark = pytest.mark.django_db
OFFICE = [name for name, page in PAGES.items() if page.door == Door.OFFICE]
VIEWS = {(part, right) for part, right in world.ALL_RIGHTS if right == "view"}
ALL = [code for code in ModuleCode.values if code != "base"]


@pytest.fixture(scope="module")
def worlds(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Worlds]:
    """Two companies that administer themselves, full of things; built once."""
    with django_db_blocker.unblock(), transaction.atomic():
        here, there = world.build(), world.build("zandwijk", email="ilse@zandwijk.example")
        for each in (here, there):
            given.handed_over(each.company)
        with given.inside(here.company):
            account = Account.objects.get(role=Role.DEBTORS).code
        yield Worlds(here, there, {}, account)
        transaction.set_rollback(True)


@pytest.fixture
def op(worlds: Worlds, client_of: Any) -> Any:
    from companies.models import User

    client = client_of(User.objects.get(pk=add_operator(email="op@centre.example", name="Rens", password="!")))
    client.raise_request_exception = False
    return client


def let_in(worlds: Worlds, op: Any, *modules: str) -> None:
    """An administrator of the first company opens a window with these modules."""
    operators.let_in(worlds.here.company, op, modules=list(modules), by="second")


def addresses(worlds: Worlds) -> dict[str, str]:
    return {name: worlds.address(name) for name in OFFICE}


def test_without_a_window_no_page_answers(worlds: Worlds, op: Any) -> None:
    found = {name: op.get(url).status_code for name, url in addresses(worlds).items()}
    assert found == dict.fromkeys(found, 404) and len(found) > 40


def test_with_a_window_every_page_is_read_or_refused_and_none_breaks(worlds: Worlds, op: Any) -> None:
    let_in(worlds, op, *ALL)
    found = {name: op.get(url).status_code for name, url in addresses(worlds).items()}
    shown = {
        name: page.get if page.opens(VIEWS) and not page.auditor else 403  # who may do what is the company's own
        for name, page in PAGES.items() if page.door == Door.OFFICE
    }  # fmt: skip
    shown["imports:report"] = 404  # an employee's file
    assert {name: (found[name], shown[name]) for name in found if found[name] != shown[name]} == {}


def test_a_window_shows_its_modules_and_no_other(worlds: Worlds, op: Any) -> None:
    let_in(worlds, op, "ledger")
    expected = {"ledger:trial_balance": 200, "ledger:debtors": 200, "relations:list": 200, "office:today": 200,
                "policies:list": 403, "policies:invoices": 403, "products:list": 403, "applications:list": 403,
                "acceptance:list": 403, "quotations:list": 403}  # fmt: skip
    assert {name: op.get(worlds.address(name)).status_code for name in expected} == expected


def test_rows_that_hang_on_another_module_are_told_of_and_not_denied(worlds: Worlds, op: Any) -> None:
    let_in(worlds, op, "policies")
    page = op.get(worlds.address("policies:list")).content.decode()
    assert "These rows can’t be shown here" in page and "No policy yet" not in page
    assert worlds.here.policy.number not in page


def test_the_times_of_a_look_are_the_companys(worlds: Worlds, op: Any) -> None:
    let_in(worlds, op, *ALL)
    page = op.get(worlds.address("office:today"))
    until = page.context["look_in"].expires_at.astimezone(ZoneInfo(worlds.here.company.time_zone))
    assert f"{until:%H:%M}, time left" in page.content.decode().replace("\xa0", " ")


def test_the_neighbour_stays_shut(worlds: Worlds, op: Any) -> None:
    let_in(worlds, op, *ALL)
    found = {op.get(worlds.address(name, worlds.there)).status_code for name in OFFICE}
    assert found == {404}
    page = op.get(worlds.address("policies:list"))
    assert page.status_code == 200 and worlds.here.policy.number.encode() in page.content
    assert b"zandwijk" not in page.content.lower()


def test_counts_of_queries_stay_as_they_are(worlds: Worlds, op: Any, django_assert_max_num_queries: Any) -> None:
    let_in(worlds, op, *ALL)
    with django_assert_max_num_queries(30):
        op.get(worlds.address("policies:list"))
    assert connection.vendor == "postgresql"


def test_a_decision_is_read_without_the_logins_of_those_who_took_it(tmp_path: Any, user: Any, client_of: Any) -> None:
    company = given.provider("elders", scenes.limits(tmp_path))
    application = scenes.applied(company, scenes.sum_of("350000"))
    waiting = scenes.applied(company, scenes.sum_of("250000"))
    scenes.decided(company, application, scenes.person(company, "joris"))
    for each in (application, waiting):
        page = client_of(user).get(reverse("office:case_decision", args=[company.slug, each.case.number]))
        assert page.status_code == 200 and b"joris" not in page.content.lower()
    for name in ("acceptance:list", "acceptance:special", "acceptance:reviews", "applications:list"):
        page = client_of(user).get(reverse(name, args=[company.slug]))
        assert page.status_code == 200 and b"joris" not in page.content.lower()
