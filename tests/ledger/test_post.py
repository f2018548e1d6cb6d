"""post(): one statement, safe to knock twice, refused in words; never a broken transaction behind a refusal."""

import threading
from datetime import date
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import BusinessError
from companies.actor import ROBOT
from companies.doors import Door
from companies.scope import company_scope
from ledger.models import Delta, Entry, Line, OpenItem, Seal, Total
from ledger.roles import Role
from ledger.selectors import control_accounts, trial_balance
from ledger.services import Posting, credit, debit, fold, post, post_many
from ledger.tasks import fold_all
from ledger.verify import verify_ledger
from tests.ledger.conftest import party, peopled

DAY = date(2026, 6, 1)
LINES = [debit(Role.BANK, D("10.00")), credit(Role.PREMIUM, D("10.00"))]


def book(key="k", lines=LINES, **more):
    given = {"source": "tests", "reference": "R-1", "booked_on": DAY, "actor": ROBOT, "key": key, "lines": lines}
    return post(**given | more)


def test_one_statement(insurer):
    book("warm")
    debtor = party(7)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        book("k", [
            debit(Role.DEBTORS, D("1210.00"), party=debtor, open_items=[(DAY, D("605.00")), (DAY, D("605.00"))]),
            credit(Role.PREMIUM, D("1000.00")), credit(Role.INSURANCE_TAX_DUE, D("210.00")),
        ])  # fmt: skip
    assert len(queries) == 1


def test_many_are_one_statement_a_block(insurer):
    postings = [Posting("tests", f"R-{n}", DAY, f"k{n}", LINES) for n in range(40)]
    with CaptureQueriesContext(connection) as queries:
        posted = post_many(postings, actor=ROBOT)
    assert len(queries) == 1
    assert [p.number for p in posted] == list(range(1, 41))
    assert [e.reference for e in Entry.objects.order_by("seals__number")] == [p.reference for p in postings]


def test_many_over_journals_and_years(insurer):
    days = [date(2026, 12, 31), date(2027, 1, 1)]
    posted = post_many(
        [Posting("tests", "R", day, f"{j}{day}", LINES, j) for day in days for j in ("memorial", "bank")], actor=ROBOT
    )
    assert [p.name for p in posted] == [
        "memorial-2026-000001", "bank-2026-000001", "memorial-2027-000001", "bank-2027-000001",
    ]  # fmt: skip


def test_knocking_twice(insurer):
    first, again = book(), book(actor=ROBOT.on_job(5))
    assert (again.entry_id, again.number, first.again, again.again) == (first.entry_id, 1, False, True)
    assert Entry.objects.count() == 1
    assert Delta.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [{"reference": "R-2"}, {"booked_on": date(2026, 6, 2)}, {"journal": "bank"}, {"case_id": 4},
     {"lines": [debit(Role.BANK, D("10.00")), credit(Role.POLICY_COSTS, D("10.00"))]}],
    ids=["reference", "day", "journal", "case", "lines"],
)  # fmt: skip
def test_key_with_other_content(insurer, change):
    book()
    with pytest.raises(BusinessError) as refused:
        book(**change)
    assert refused.value.code == "key_reused"
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([debit(Role.BANK, D("10.00")), credit(Role.PREMIUM, D("9.99"))], "unbalanced"),
        ([debit(Role.BANK, D("0.00")), credit(Role.PREMIUM, D("0.00"))], "nothing"),
        ([debit(Role.BANK, D("10.00")), credit(Role.OWN_COMMISSION, D("10.00"))], "no_account"),
        ([debit("9999", D("10.00")), credit(Role.PREMIUM, D("10.00"))], "no_account"),
    ],
)
def test_refused_in_words(insurer, lines, code):
    with pytest.raises(BusinessError) as refused:
        book(lines=lines)
    assert refused.value.code == code
    assert Entry.objects.count() == 0  # the transaction is as good as before


def test_unknown_journal(insurer):
    with pytest.raises(BusinessError, match="journal nowhere"):
        book(journal="nowhere")


def test_instalments_that_differ():
    with pytest.raises(BusinessError) as refused:
        debit(Role.DEBTORS, D("10.00"), party=7, open_items=[(DAY, D("9.99"))])
    assert "10.00" in str(refused.value)
    assert "9.99" in str(refused.value)


def test_dimensions_stand_on_the_line(sold):
    debtor, premium = ("party", "case", "invoice"), ("product", "section", "insurer", "appointment")
    posted = book(lines=[
        debit(Role.DEBTORS, D("12.10"), due_date=date(2026, 7, 1), **{name: sold[name] for name in debtor}),
        credit(Role.PREMIUM, D("10.00"), line_of_business="motor", **{name: sold[name] for name in premium}),
        credit(Role.INSURANCE_TAX_DUE, D("2.10"), tax_code="high", tax_country="NL", value_date=DAY, cost_centre="A1"),
    ])  # fmt: skip
    one, two, three = Line.objects.filter(entry=posted.entry_id).order_by("position")
    assert {name: getattr(one, f"{name}_id") for name in debtor} == {name: sold[name] for name in debtor}
    assert {name: getattr(two, f"{name}_id") for name in premium} == {name: sold[name] for name in premium}
    assert (one.amount_cents, two.line_of_business) == (1210, "motor")
    assert (three.tax_code, three.tax_country, three.value_date, three.cost_centre) == ("high", "NL", DAY, "A1")
    item = OpenItem.objects.get(entry=posted.entry_id)
    assert (item.due_date, item.amount, item.reference) == (date(2026, 7, 1), D("12.10"), "R-1")


def test_trial_balance_as_of_each_day(insurer):
    """Whole months from totals and deltas, the rest of a month taken off: equal to the sums on every day."""
    days = [
        date(2025, 12, 31),
        date(2026, 1, 1),
        date(2026, 6, 1),
        date(2026, 6, 15),
        date(2026, 6, 30),
        date(2026, 7, 1),
    ]
    for place, day in enumerate(days):
        book(f"k{place}", booked_on=day)
        if place == 3:
            assert fold() > 0
            assert Delta.objects.count() == 0
    for place, day in enumerate(days):
        bank = trial_balance(on=day, actor=ROBOT)[1]
        assert bank.code == "1000"
        assert bank.balance == 10 * (place + 1) == bank.opening + bank.debit - bank.credit
        assert bank.opening == (0 if place == 0 else 10)
    assert trial_balance(on=date(2025, 12, 30), actor=ROBOT)[1].balance == 0


def test_folding_leaves_one_total_an_account_month_and_party(insurer):
    for n in range(3):
        book(f"k{n}", [debit(Role.DEBTORS, D("10.00"), party=party(7)), credit(Role.PREMIUM, D("10.00"))])
    before = trial_balance(on=DAY, actor=ROBOT)
    assert fold(most=2) == 2
    assert trial_balance(on=DAY, actor=ROBOT) == before
    fold()
    fold()
    assert trial_balance(on=DAY, actor=ROBOT) == before
    assert {(t.party_id, t.debit) for t in Total.objects.all()} == {(party(7), D(30)), (None, D(0)), (None, D(30))}
    assert Total.objects.count() == 3
    assert verify_ledger().ok


@pytest.mark.django_db(transaction=True)
def test_eight_threads_and_a_folder():
    company = peopled("duinhaven")
    failures, folded, stop = [], [], threading.Event()

    def entering(work):
        try:
            work()
        except Exception as error:  # whatever it is, the test must see it
            failures.append(error)
        finally:
            connection.close()

    def clerk(number):
        for turn in range(15):
            try:
                with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
                    lines = [debit(Role.DEBTORS, D("10.00"), party=party(number)), credit(Role.PREMIUM, D("10.00"))]
                    book(f"{number}:{turn}", lines)
                    if turn % 5 == 4:
                        raise InterruptedError
            except InterruptedError:
                continue

    def folder():
        while not stop.is_set():
            folded.append(fold_all())

    keeper = threading.Thread(target=entering, args=[folder])
    clerks = [threading.Thread(target=entering, args=[lambda n=n: clerk(n)]) for n in range(1, 9)]
    for thread in [keeper, *clerks]:
        thread.start()
    for thread in clerks:
        thread.join()
    stop.set()
    keeper.join()
    assert failures == []
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        numbers = list(Seal.objects.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, 8 * 12 + 1))  # what was rolled back left no gap
        assert {row.code: row.balance for row in trial_balance(on=DAY, actor=ROBOT)}["1300"] == D("960.00")
        assert all(row.agrees for row in control_accounts(actor=ROBOT))
        assert verify_ledger().ok
    assert sum(folded) > 0


@pytest.mark.django_db(transaction=True)
def test_two_threads_with_one_key():
    company = peopled("duinhaven")
    posted, ready = [], threading.Barrier(4)

    def knock():
        try:
            with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
                ready.wait(10)
                posted.append(book())
        finally:
            connection.close()

    threads = [threading.Thread(target=knock) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({p.entry_id for p in posted}) == 1
    assert sorted(p.again for p in posted) == [False, True, True, True]
