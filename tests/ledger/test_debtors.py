"""The list of debtors: what is folded and what moved since, one account of a kind or several, page by page."""

from datetime import date
from decimal import Decimal as D

import pytest

from companies.actor import ROBOT
from ledger.roles import Control, Role
from ledger.selectors import debtors
from ledger.services import credit, debit, fold, post
from tests.ledger.conftest import party

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


def owes(number: int, amount: str, role: Role = Role.DEBTORS, key: str = "") -> None:
    """The party owes so much more, or less."""
    one, other = (debit, credit) if D(amount) > 0 else (credit, debit)
    lines = [one(role, abs(D(amount)), party=party(number)), other(Role.BANK, abs(D(amount)))]
    key = key or f"{role}:{number}:{amount}"
    post(source="test.story", reference=key, booked_on=DAY, actor=ROBOT, key=key, lines=lines)


def listed(**asked):
    return [(row.number, row.balance) for row in debtors(on=DAY, actor=ROBOT, **asked)]


@pytest.fixture
def story(insurer):
    """R-1 owes by folded postings, R-2 by what moved since, R-3 paid since, R-4 before, R-5 owes less since."""
    for number, amount in ((1, "10.00"), (3, "30.00"), (4, "40.00"), (4, "-40.00"), (5, "50.00")):
        owes(number, amount)
    fold()
    for number, amount in ((2, "20.00"), (3, "-30.00"), (5, "-1.00")):
        owes(number, amount)


OWED = [("R-1", D("10.00")), ("R-2", D("20.00")), ("R-5", D("49.00"))]


@pytest.mark.parametrize("sort", ["name", "number", "balance", "due"])
def test_who_owes_something_is_listed_with_it_before_and_after_folding(story, sort):
    for _before_and_after in range(2):
        assert listed(sort=sort) == OWED
        assert listed(sort=sort, descending=True) == (OWED if sort == "due" else OWED[::-1])
        assert {row.count for row in debtors(on=DAY, actor=ROBOT, sort=sort)} == {3}
        fold()


@pytest.mark.parametrize("sort", ["name", "balance"])
def test_pages_neither_lose_nor_repeat_a_debtor(story, sort):
    assert [listed(sort=sort, limit=1, offset=place) for place in range(4)] == [*([row] for row in OWED), []]


def test_the_settled_are_listed_if_asked_for(story):
    settled = [("R-3", D("0.00")), ("R-4", D("0.00"))]
    for _before_and_after in range(2):
        assert listed(settled=True) == sorted([*OWED, *settled])
        assert {row.count for row in debtors(on=DAY, actor=ROBOT, settled=True)} == {5}
        fold()


def test_a_name_or_number_is_searched_and_counted(story):
    (found,) = debtors(on=DAY, actor=ROBOT, text="R-5")
    assert (found.number, found.balance, found.count) == ("R-5", D("49.00"), 1)
    assert [row.number for row in debtors(on=DAY, actor=ROBOT, text="meer 2")] == ["R-2"]
    assert listed(text="nobody") == []


def test_several_accounts_of_a_kind_are_one_balance(insurer):
    # given: a party whose two accounts cancel out, and one whose don't
    first, second = Role.CREDITORS, Role.CLAIMANTS
    for number, amount, role in (
        (6, "-60.00", first),
        (6, "60.00", second),
        (7, "-70.00", first),
        (7, "10.00", second),
    ):
        owes(number, amount, role)
    for _before_and_after in range(2):
        assert listed(control=Control.CREDITORS) == [("R-7", D("-60.00"))]
        fold()
