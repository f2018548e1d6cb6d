"""Whole stories with the office's numbers (DESIGN section 6; posting patterns of the two kinds of company)."""

from datetime import date
from decimal import Decimal as D

import pytest

from common.money import cumulative
from common.periods import months_later
from companies.actor import ROBOT
from ledger.models import Entry, OpenItem
from ledger.roles import Control, JournalKind, Role
from ledger.selectors import control_accounts, debtor_account, trial_balance
from ledger.services import Match, allocate, allocate_many, credit, debit, post, reverse, take_back
from tests.ledger.conftest import party

DAY = date(2026, 6, 1)
DEBTOR, ADVISER, INSURER = 1, 2, 3


def balances(on=DAY):
    return {row.code: row.balance for row in trial_balance(on=on, actor=ROBOT) if row.balance}


def invoice(key="F-1", *, sign=1, open_items=None, on=DAY):
    return post(
        source="policies.invoice", reference=key, booked_on=on, actor=ROBOT, key=f"invoice:{key}",
        lines=[
            debit(Role.DEBTORS, sign * D("1210.00"), party=party(DEBTOR), open_items=open_items),
            credit(Role.PREMIUM, sign * D("1000.00"), line_of_business="motor"),
            credit(Role.INSURANCE_TAX_DUE, sign * D("210.00"), tax_code="high", tax_country="NL"),
        ],
    )  # fmt: skip


def receipt(amount, key="B-1"):
    return post(
        source="ledger.receipt", reference=key, booked_on=DAY, actor=ROBOT, key=key, journal=JournalKind.BANK,
        lines=[debit(Role.BANK, amount), credit(Role.DEBTORS, amount, party=party(DEBTOR))],
    )  # fmt: skip


def test_insurer_books_invoice_and_commission(insurer):
    posted = invoice()
    assert (posted.number, posted.name) == (1, "sales-2026-000001")
    post(
        source="policies.commission", reference="F-1", booked_on=DAY, actor=ROBOT, key="commission:F-1",
        lines=[debit(Role.COMMISSION_EXPENSE, D("150.00")), credit(Role.ADVISERS, D("150.00"), party=party(ADVISER))],
    )  # fmt: skip
    assert balances() == {
        "1300": D("1210.00"), "8000": D("-1000.00"), "1500": D("-210.00"), "4000": D("150.00"), "1600": D("-150.00"),
    }  # fmt: skip
    assert all(row.agrees for row in control_accounts(actor=ROBOT))
    assert [i.left for i in debtor_account(party_id=party(DEBTOR), on=DAY, actor=ROBOT).items] == [D("1210.00")]


def test_agent_books_for_the_insurer(agency):
    post(
        source="policies.invoice", reference="F-1", booked_on=DAY, actor=ROBOT, key="invoice:F-1",
        lines=[
            debit(Role.DEBTORS, D("1210.00"), party=party(DEBTOR)),
            credit(Role.INSURERS, D("1000.00"), party=party(INSURER)),
            credit(Role.INSURANCE_TAX_DUE, D("210.00")),
        ],
    )  # fmt: skip
    post(
        source="policies.commission", reference="F-1", booked_on=DAY, actor=ROBOT, key="commission:F-1",
        lines=[
            debit(Role.INSURERS, D("200.00"), party=party(INSURER)),
            credit(Role.ADVISERS, D("150.00"), party=party(ADVISER)),
            credit(Role.OWN_COMMISSION, D("50.00")),
        ],
    )  # fmt: skip
    assert balances() == {
        "1300": D("1210.00"), "1400": D("-800.00"), "1500": D("-210.00"), "1600": D("-150.00"), "8000": D("-50.00"),
    }  # fmt: skip
    assert {row.code: row.parties for row in control_accounts(actor=ROBOT) if row.parties} == {
        "1300": D("1210.00"), "1400": D("-800.00"), "1600": D("-150.00"),
    }  # fmt: skip


def days_of(count: int, *, months_apart: int = 1) -> list[date]:
    """The days of so many instalments, each counted from the first."""
    return [months_later(DAY, months_apart * place) for place in range(count)]


@pytest.mark.parametrize("count", [4, 12])
def test_instalments_sum_to_the_invoice(insurer, count):
    days = days_of(count, months_apart=12 // count)
    invoice(open_items=list(zip(days, cumulative(D("1210.00"), count), strict=True)))
    account = debtor_account(party_id=party(DEBTOR), on=DAY, actor=ROBOT)
    assert len(account.items) == count
    assert account.total == D("1210.00")
    assert sum(item.amount for item in account.items) == D("1210.00")
    assert [item.due_date for item in account.items] == days


def test_credit_note_mirrors_invoice(insurer):
    parts = list(zip(days_of(12), cumulative(D("1210.00"), 12), strict=True))
    invoice(open_items=parts)
    invoice("N-1", sign=-1, open_items=[(due, -amount) for due, amount in parts])
    assert balances() == {}
    assert debtor_account(party_id=party(DEBTOR), on=DAY, actor=ROBOT).total == 0
    assert sorted(i.amount for i in OpenItem.objects.all()) == sorted(s * a for _d, a in parts for s in (1, -1))


def test_receipt_over_instalments_and_back(insurer):
    days = days_of(4, months_apart=3)
    invoice(open_items=[(d, D("302.50")) for d in days])
    receipt(D("400.00"))
    account = debtor_account(party_id=party(DEBTOR), on=DAY, actor=ROBOT)
    first, second = [i for i in account.items if i.amount > 0][:2]
    (paid,) = [i for i in account.items if i.amount < 0]
    allocate_many(
        [Match(first.item_id, paid.item_id, D("302.50")), Match(second.item_id, paid.item_id, D("97.50"))],
        on=DAY, actor=ROBOT, key="m-1",
    )  # fmt: skip
    account = debtor_account(party_id=party(DEBTOR), on=DAY, actor=ROBOT)
    assert [i.left for i in account.items] == [D("205.00"), D("302.50"), D("302.50")]
    assert account.total == D("810.00") == balances()["1300"]
    made = allocate_many(
        [Match(first.item_id, paid.item_id, D("302.50")), Match(second.item_id, paid.item_id, D("97.50"))],
        on=DAY, actor=ROBOT, key="m-1",
    )  # fmt: skip
    take_back(allocation_id=made[1].pk, on=DAY, actor=ROBOT)
    assert [i.left for i in debtor_account(party_id=party(DEBTOR), on=DAY, actor=ROBOT).items if i.amount > 0] == [
        D("302.50"), D("302.50"), D("302.50"),
    ]  # fmt: skip


def test_reversal_closes_what_is_open_and_leaves_what_was_paid(insurer):
    posted = invoice()
    receipt(D("210.00"))
    account = debtor_account(party_id=party(DEBTOR), on=DAY, actor=ROBOT)
    owed, paid = sorted(account.items, key=lambda i: -i.amount)
    allocate(
        debit_item_id=owed.item_id, credit_item_id=paid.item_id, amount=D("210.00"), on=DAY, actor=ROBOT, key="m-1"
    )
    back = reverse(entry_id=posted.entry_id, on=DAY, actor=ROBOT, reason="wrong_party")
    again = reverse(entry_id=posted.entry_id, on=DAY, actor=ROBOT, reason="wrong_party")
    assert (back.number, again.entry_id, again.again) == (2, back.entry_id, True)
    assert Entry.objects.get(pk=back.entry_id).reversal_of_id == posted.entry_id
    account = debtor_account(party_id=party(DEBTOR), on=DAY, actor=ROBOT)
    assert [i.left for i in account.items] == [D("-210.00")]
    assert balances() == {"1000": D("210.00"), "1300": D("-210.00")}
    assert debtor_account(party_id=party(DEBTOR), on=DAY, actor=ROBOT, settled=True).total == D("-210.00")


def test_collection_comes_back(insurer):
    """Debit batch, statement, storno: suspense ends at zero and the customer owes again."""
    invoice()
    story = [
        ("collect", [debit(Role.COLLECTION, D("1210.00")), credit(Role.DEBTORS, D("1210.00"), party=party(DEBTOR))]),
        ("statement", [debit(Role.BANK, D("1210.00")), credit(Role.COLLECTION, D("1210.00"))]),
        ("storno", [
            debit(Role.DEBTORS, D("1210.00"), party=party(DEBTOR)), debit(Role.BANK_COSTS, D("0.75")),
            credit(Role.BANK, D("1210.75")),
        ]),
    ]  # fmt: skip
    for key, lines in story:
        post(source="ledger.bank", reference=key, booked_on=DAY, actor=ROBOT, key=key, journal="bank", lines=lines)
    assert balances() == {
        "1300": D("1210.00"), "8000": D("-1000.00"), "1500": D("-210.00"), "1000": D("-0.75"), "4700": D("0.75"),
    }  # fmt: skip
    assert [row.agrees for row in control_accounts(actor=ROBOT) if row.control == Control.DEBTORS] == [True]
