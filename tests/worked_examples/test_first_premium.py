"""The first premium in the books of each kind of company, to the cent, through the whole chain (posting patterns)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from companies.actor import ROBOT
from companies.models import Company, CompanyKind
from ledger.models import Entry, Line
from ledger.selectors.control import control_accounts
from ledger.verify import verify_ledger
from policies.models import InsurerShare, Policy
from products.models import Product
from relations.models import Party
from relations.services.parties import Person, register_party
from tests import given

pytestmark = pytest.mark.django_db

ANSWERS: dict[str, Any] = {"start_date": "2027-01-31", "insured_sum": "100000"}  # 1,000.00 net, 210.00 tax
CODE = "ilse-markus"


def told_of(source: str) -> list[tuple[str, str, str, str]]:
    """An entry's lines as the bookkeeper reads them: account, party, debit, credit; called inside the company."""
    names = {party.pk: party.family_name for party in Party.objects.all()}
    lines = Line.objects.filter(entry__source=source).select_related("account").order_by("position")
    return [(line.account.role, names.get(line.party_id or 0, ""), str(line.debit), str(line.credit)) for line in lines]


def check_books() -> None:
    """All four checks, and each control account beside its sub-ledger; called inside the company."""
    verdict = verify_ledger()
    assert (verdict.balanced, verdict.subledgers_agree, verdict.totals_agree, verdict.chain_ok) == (
        True,
        True,
        True,
        True,
    )
    rows = control_accounts(actor=ROBOT)
    assert rows
    assert all(row.agrees for row in rows)


def insurer_of(company: Company, *, percent: str) -> Party:
    """The product is an insurer's; the company signs for it and keeps part of its commission."""
    with given.inside(company):
        insurer = register_party(
            person=Person(
                kind="organisation", given_name="", family_name="Duinbaken", email="", street="Kade", house_number="2",
                postcode="4381 AA", city="Vlissingen", country="NL", language="nl",
            ),
            on=given.DAY,
            actor=ROBOT,
        )  # fmt: skip
        Product.objects.update(insurer=insurer, insurer_commission_percent=Decimal(percent))
    return insurer


@pytest.fixture
def agency() -> Callable[[], tuple[Company, Party]]:
    def made() -> tuple[Company, Party]:
        company = given.provider("kadewacht", given.PLANS, kind=CompanyKind.AGENT)
        return company, insurer_of(company, percent="20")

    return made


def test_insurer_books_its_premium_and_the_advisers_commission():
    company = given.provider("duinhaven", given.PLANS)
    given.adviser(company)
    given.policy(company, answers=ANSWERS, code=CODE)
    with given.inside(company):
        assert told_of("policies.invoice") == [
            ("debtors", "Verbruggen", "1210.00", "0.00"),
            ("premium", "", "0.00", "1000.00"),
            ("insurance_tax_due", "", "0.00", "210.00"),
        ]
        assert told_of("policies.commission") == [
            ("commission_expense", "", "150.00", "0.00"),
            ("advisers", "Ilse-Markus", "0.00", "150.00"),
        ]
        check_books()


def test_insurer_without_an_adviser_books_no_commission():
    company = given.provider("duinhaven", given.PLANS)
    given.policy(company, answers=ANSWERS)
    with given.inside(company):
        assert [entry.source for entry in Entry.objects.all()] == ["policies.invoice"]
        check_books()


def test_authorised_agent_owes_the_insurer_and_shares_its_commission(agency):
    company, insurer = agency()
    given.adviser(company)
    given.policy(company, answers=ANSWERS, code=CODE)
    with given.inside(company):
        assert told_of("policies.invoice") == [
            ("debtors", "Verbruggen", "1210.00", "0.00"),
            ("insurers", "Duinbaken", "0.00", "1000.00"),
            ("insurance_tax_due", "", "0.00", "210.00"),
        ]
        assert sorted(told_of("policies.commission")) == [
            ("advisers", "Ilse-Markus", "0.00", "150.00"),
            ("insurers", "Duinbaken", "200.00", "0.00"),
            ("own_commission", "", "0.00", "50.00"),
        ]
        assert set(InsurerShare.objects.values_list("insurer", "percent")) == {(insurer.pk, Decimal(100))}
        assert Line.objects.get(account__role="insurers", credit__gt=0).insurer_id == insurer.pk
        check_books()


def test_authorised_agent_without_an_adviser_keeps_the_whole_commission(agency):
    company, _insurer = agency()
    given.policy(company, answers=ANSWERS)
    with given.inside(company):
        assert sorted(told_of("policies.commission")) == [
            ("insurers", "Duinbaken", "200.00", "0.00"),
            ("own_commission", "", "0.00", "200.00"),
        ]
        check_books()


@pytest.mark.parametrize(("plan", "number"), [("quarterly", 4), ("monthly", 12)])
def test_entry_is_the_same_whatever_the_plan(plan, number):
    company = given.provider("duinhaven", given.PLANS)
    given.adviser(company)
    given.policy(company, answers=ANSWERS, code=CODE, plan=plan)
    with given.inside(company):
        assert told_of("policies.invoice")[0] == ("debtors", "Verbruggen", "1210.00", "0.00")
        line = Line.objects.get(account__role="debtors")
        assert line.open_items.count() == number
        assert sum(item.amount for item in line.open_items.all()) == Decimal("1210.00")
        assert len(told_of("policies.commission")) == 2
        check_books()


def test_two_customers_of_two_plans_in_one_month():
    """Two invoices: 1,210.00 a year, and 403.33 by quarter; debtors 1,613.33, tax 280.00, commission 200.00."""
    company = given.provider("duinhaven", given.PLANS)
    given.adviser(company)
    given.policy(company, answers=ANSWERS, code=CODE)
    other = {**given.HOLDER, "name": "Ockels", "given_names": "Pim", "email": "p@ockels.example"}
    given.policy(company, answers={**ANSWERS, "insured_sum": "33333.33"}, holder=other, code=CODE, plan="quarterly")
    with given.inside(company):
        balances: dict[str, Decimal] = {}
        for line in Line.objects.select_related("account"):
            balances[line.account.role] = balances.get(line.account.role, Decimal(0)) + line.debit - line.credit
        assert {role: str(amount) for role, amount in balances.items()} == {
            "debtors": "1613.33", "premium": "-1333.33", "insurance_tax_due": "-280.00",
            "commission_expense": "200.00", "advisers": "-200.00",
        }  # fmt: skip
        assert Policy.objects.values("holder").distinct().count() == 2
        check_books()
