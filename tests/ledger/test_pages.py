"""The books on screen: who may look, what stands there, foreign things are 404, and a constant number of queries."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from companies.actor import ROBOT
from companies.doors import Door
from companies.models import CompanyKind, PartCode, Right
from companies.rights import create_protocol, give_protocol
from companies.scope import company_scope
from ledger.roles import Role
from ledger.selectors import account_card, find_account
from ledger.services import credit, debit, fold, post
from relations.models import Party
from tests import given
from tests.ledger.conftest import books

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
HALF = D("605.00")
PAGES = {
    "/duinhaven/office/ledger/": PartCode.LEDGER,
    "/duinhaven/office/ledger/accounts/1300/": PartCode.LEDGER,
    "/duinhaven/office/ledger/debtors/": PartCode.DEBTORS,
    "/duinhaven/office/ledger/debtors/R-1/": PartCode.DEBTORS,
}


def invoice(number, party):
    post(
        source="policies.invoice", reference=f"F-{number}", booked_on=DAY, actor=ROBOT, key=f"F-{number}",
        lines=[
            debit(Role.DEBTORS, D("1210.00"), party=party, open_items=[(DAY, HALF), (date(2099, 1, 1), HALF)]),
            credit(Role.PREMIUM, D("1000.00")), credit(Role.INSURANCE_TAX_DUE, D("210.00")),
        ],
    )  # fmt: skip


@pytest.fixture
def company():
    company = books("duinhaven", CompanyKind.PROVIDER)
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        for place, family in enumerate(["Wit", "Ærø", "=Formule"], start=1):
            party = Party(number=f"R-{place}", kind="person", given_name="Jo", family_name=family, language="nl")
            party.save()
            invoice(place, party)
        fold()
    return company


def clerk(company, *rights):
    membership = given.member(company, "clerk@duinhaven.example")
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        protocol = create_protocol(name="Books", rights=rights, actor=ROBOT, on=given.DAY)
        give_protocol(protocol=protocol, membership=membership, actor=ROBOT, on=given.DAY)
    client = Client()
    client.force_login(membership.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def reader(company):
    return clerk(company, (PartCode.LEDGER, Right.VIEW), (PartCode.DEBTORS, Right.VIEW))


@pytest.mark.parametrize("page", PAGES)
def test_shown_with_the_right(reader, page):
    assert reader.get(page).status_code == 200


@pytest.mark.parametrize(("page", "part"), PAGES.items())
def test_refused_without_it(company, page, part):
    other = {PartCode.LEDGER: PartCode.DEBTORS, PartCode.DEBTORS: PartCode.LEDGER}[part]
    assert clerk(company, (other, Right.VIEW), (part, Right.EDIT)).get(page).status_code == 403


@pytest.mark.parametrize("page", ["accounts/9999/", "debtors/R-9/"])
def test_unknown_is_not_found(reader, page):
    assert reader.get(f"/duinhaven/office/ledger/{page}").status_code == 404


def test_debtor_of_another_company_is_not_found(reader):
    other = books("oosterkim", CompanyKind.PROVIDER)
    with company_scope(other.pk, door=Door.WORKER, actor=ROBOT):
        Party(number="R-77", kind="person", family_name="Ver", language="nl").save()
    assert reader.get("/duinhaven/office/ledger/debtors/R-77/").status_code == 404


def test_trial_balance_sums_to_zero(reader):
    page = reader.get("/duinhaven/office/ledger/?on=2026-06-30")
    assert page.context["balance"] == 0
    assert {row.code: row.balance for row in page.context["rows"]} == {"1300": 3630, "1500": -630, "8000": -3000}
    assert [row.agrees for row in page.context["controls"]] == [True] * 4
    assert reader.get("/duinhaven/office/ledger/?on=2026-05-31").context["rows"] == []
    assert len(reader.get("/duinhaven/office/ledger/?on=2026-05-31&empty=on").context["rows"]) == 20


def test_trial_balance_of_no_day(reader):
    page = reader.get("/duinhaven/office/ledger/?on=yesterday")
    assert page.status_code == 200
    assert page.context["form"].errors


def test_card_runs(reader):
    page = reader.get("/duinhaven/office/ledger/accounts/1300/?since=2026-01-01&until=2026-12-31")
    assert [line.balance for line in page.context["page"]] == [1210, 2420, 3630]
    page = reader.get("/duinhaven/office/ledger/accounts/1300/?since=2026-01-01&until=2026-12-31&sort=-booked")
    assert [line.balance for line in page.context["page"]] == [3630, 2420, 1210]


@pytest.mark.parametrize("newest_first", [False, True])
def test_each_page_of_a_card_goes_on_where_the_last_one_ended(company, newest_first):
    period = {"since": date(2026, 2, 1), "until": date(2026, 12, 31), "newest_first": newest_first}
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        for booked_on in (date(2026, 1, 5), date(2026, 6, 30), date(2027, 1, 2)):
            post(
                source="policies.invoice", reference="F-9", booked_on=booked_on, actor=ROBOT, key=str(booked_on),
                lines=[debit(Role.PREMIUM, D("7.00")), credit(Role.INSURANCE_TAX_DUE, D("7.00"))],
            )  # fmt: skip
        account = find_account("8000", actor=ROBOT)
        assert account is not None
        pages = [account_card(account=account, actor=ROBOT, limit=1, offset=n, **period) for n in range(4)]
    balances = [-993, -1993, -2993, -2986]
    assert [line.balance for (line,) in pages] == (balances[::-1] if newest_first else balances)


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=F-2", 1), ("q=aero", 1), ("q=R-3", 1), ("amount=1210.00", 3), ("amount=1", 0), ("amount=x", 0), ("q=%25", 0)],
)
def test_card_is_searched(reader, query, found):
    page = reader.get(f"/duinhaven/office/ledger/accounts/1300/?since=2026-01-01&until=2026-12-31&{query}")
    assert len(page.context["page"].object_list) == page.context["page"].paginator.count == found


def test_debtors_sorted_and_late(reader):
    page = reader.get("/duinhaven/office/ledger/debtors/?sort=-number")
    rows = page.context["page"].object_list
    assert [row.number for row in rows] == ["R-3", "R-2", "R-1"]
    assert {(row.balance, row.overdue, row.oldest_due) for row in rows} == {(1210, 605, DAY)}
    assert [row.number for row in reader.get("/duinhaven/office/ledger/debtors/?q=wit").context["page"]] == ["R-1"]
    for sort in ("name", "balance", "-overdue", "due"):
        assert reader.get(f"/duinhaven/office/ledger/debtors/?sort={sort}").status_code == 200


def test_debtor_shows_what_is_open(reader):
    page = reader.get("/duinhaven/office/ledger/debtors/R-1/")
    account = page.context["account"]
    assert (account.total, account.overdue, len(account.items)) == (1210, 605, 2)
    assert reader.get("/duinhaven/office/ledger/debtors/R-1/?settled=1").status_code == 200


@pytest.mark.parametrize("page", ["?on=2026-06-30", "accounts/1300/?until=2026-12-31", "debtors/?sort=number"])
def test_exports_never_start_a_cell_with_a_formula(reader, page):
    answer = reader.get(f"/duinhaven/office/ledger/{page}&export=csv")
    assert answer["Content-Type"].startswith("text/csv")
    text = answer.content.decode("utf-8-sig")
    assert len(text.splitlines()) == 4
    assert ',"=' not in text


def test_rows_alone_for_htmx(reader):
    answer = reader.get("/duinhaven/office/ledger/debtors/", headers={"HX-Request": "true"})
    assert b"<html" not in answer.content
    assert b"R-1" in answer.content


def test_empty_books():
    company = given.company("duinhaven")
    client = clerk(company, (PartCode.LEDGER, Right.VIEW), (PartCode.DEBTORS, Right.VIEW))
    assert client.get("/duinhaven/office/ledger/").status_code == 200
    assert client.get("/duinhaven/office/ledger/debtors/").status_code == 200


@pytest.mark.parametrize("page", list(PAGES))
def test_queries_dont_grow_with_rows(company, reader, page):
    def count():
        with CaptureQueriesContext(connection) as queries:
            reader.get(page)
        return len(queries)

    count()
    before = count()
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        for number in range(10, 20):
            party = Party(number=f"R-{number}", kind="person", family_name="Meer", language="nl")
            party.save()
            invoice(number, party)
            invoice(number * 10, Party.objects.get(number="R-1"))
    assert count() == before
