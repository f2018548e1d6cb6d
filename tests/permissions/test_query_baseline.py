"""How many queries each page takes, held line by line in `queries.txt`: a page that asks more fails here by its name.

A page is opened by somebody who may see it, who has been there before: what is read once a process or a session isn't
counted. What a page takes at three rows of everything it takes at nine.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.core.paginator import Page
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from companies.models import Act
from ledger.models import Account
from ledger.services import Role
from tests import given, operators, world
from tests.permissions.growing import grow, member_of
from tests.permissions.pages import OPEN, PAGES, READERS, WORDS
from tests.permissions.principals import below
from tests.permissions.test_matrix import Worlds

pytestmark = pytest.mark.django_db
LIABILITY = "products/catalogue/nl-private-liability.json"  # of which some are declined
FILE = Path(__file__).with_name("queries.txt")
RENEW = "RENEW_QUERIES=1 bin/test tests/permissions/test_query_baseline.py"
RENEWED = os.environ.get("RENEW_QUERIES") == "1"
FEW, MANY = 3, 9
READ = [*(name for name, page in PAGES.items() if page.get != 405),
        *(name for name, (status, _why) in OPEN.items() if status != 405)]  # fmt: skip
ALIKE = {  # lists that have as many rows at last as at first
    "policies:withdrawals": "counted where policies are withdrawn from: tests/policies/test_withdraw_pages.py",
    "acceptance:special": "the list of another stage is the same view",
    "products:list": "definitions are read by a product's slug alone",
}
OWN = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO")  # of the test's transaction: a request has one of its own


@dataclass
class Found:
    """What every page took: its queries, and how many rows a list has."""

    queries: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


@dataclass
class Small(Worlds):
    """The sample world, and what its pages took."""

    few: Found = field(default_factory=Found)


@pytest.fixture(scope="module")
def small(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Small]:
    """One company with few rows of everything, and who reads all of it at each door; built once."""
    with django_db_blocker.unblock(), transaction.atomic():
        here = world.build()
        below(here)
        author, approver = (member_of(here, f"{who}@duinhaven.example") for who in ("author", "approver"))
        given.live_product(here.company, LIABILITY, author=author, approver=approver)
        given.folder(here.company, here.policy.holder_id, "sanne@verbruggen.example")
        everything: dict[str, Any] = {"acts": tuple(Act), "administrator": True}
        chief = world.employee(here.company, "all@duinhaven.example", *world.ALL_RIGHTS, **everything)
        given.handed_over(here.company, chief)
        operator = operators.browser_of(operators.operator())
        operators.let_in(here.company, operator, by="opens")
        with given.inside(here.company):
            account = Account.objects.get(role=Role.DEBTORS).code
        grow(here, FEW, seed=1)
        emails = {"all": "all@duinhaven.example", "ilse": "ilse@kroonlaan.example", "sanne": "sanne@verbruggen.example"}
        clients = {name: world.client_of(email) for name, email in emails.items()}
        yield Small(here, here, {**clients, "anonymous": Client(), "operator": operator}, account)
        transaction.set_rollback(True)


def kept() -> dict[str, int]:
    """The queries of each page as the file says."""
    lines = FILE.read_text(encoding="utf-8").splitlines() if FILE.exists() else []
    return {name: int(number) for name, number in (line.rsplit(" ", 1) for line in lines)}


def walked(worlds: Worlds, names: Iterable[str], before: dict[str, int]) -> Found:
    """Every page as its door's reader, outside the doors as a stranger."""
    found = Found()
    for name in names:
        page = PAGES.get(name)
        client = worlds.clients[READERS[page.door] if page else "anonymous"]
        address = worlds.address(name) if page else reverse(name, kwargs=WORDS.get(name))
        asked(found, client, name, address)
        if found.queries[name] != before.get(name):  # something is read once a process or session: now it is there
            asked(found, client, name, address)
    return found


def asked(found: Found, client: Client, name: str, address: str) -> None:
    """Count one visit."""
    with CaptureQueriesContext(connection) as seen:
        response = client.get(address)
    status = PAGES[name].get if name in PAGES else OPEN[name][0]
    assert response.status_code in {status, 200}, f"{name}: {response.status_code}"
    found.queries[name] = sum(not query["sql"].startswith(OWN) for query in seen)
    context: Any = response.context or {}
    if isinstance(page := context.get("page"), Page):
        found.rows[name] = page.paginator.count


@pytest.fixture
def few(small: Small, door_roles: None) -> Found:
    """What every page that is read takes, with few rows; walked once."""
    if not small.few.queries:
        small.few = walked(small, READ, {} if RENEWED else kept())
    return small.few


def unlike(before: dict[str, int], now: dict[str, int]) -> list[str]:
    """One line for each page that takes another number of queries than before, or stands on one side only."""
    return [
        f"{name}: {before.get(name, 'not listed')} before, {now.get(name, 'no page')} now"
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    ]


def test_no_page_asks_more_than_the_file_says(few, figure):
    if RENEWED:
        FILE.write_text("".join(f"{name} {few.queries[name]}\n" for name in sorted(few.queries)), encoding="utf-8")
    figure("pages whose queries are counted", len(few.queries), least=100)
    figure("queries of these pages", sum(few.queries.values()))
    wrong = unlike(kept(), few.queries)
    assert wrong == [], f"Mend a rise, or say why it must be; then keep the numbers of now by: {RENEW}"


def test_no_page_asks_more_where_it_shows_more(small, few):
    grow(small.here, MANY - FEW, seed=2)
    many = walked(small, [name for name in READ if name in PAGES], few.queries)
    assert unlike({name: few.queries[name] for name in many.queries}, many.queries) == []
    assert {name for name, rows in many.rows.items() if rows <= few.rows[name]} == set(ALIKE)


def test_a_page_is_named_with_both_numbers():
    assert unlike({"a": 3, "b": 5, "gone": 1}, {"a": 3, "b": 4, "new": 2}) == [
        "b: 5 before, 4 now", "gone: 1 before, no page now", "new: not listed before, 2 now"
    ]  # fmt: skip
