"""A customer withdraws by his link: once, in time, with a receipt; the books are turned round."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from companies.actor import ROBOT
from companies.models import Company
from companies.models.trail import TrailEntry
from correspondence.models import Message
from documents.models import Case, Document
from ledger.models import Entry, OpenItem
from ledger.selectors.credits import open_credits, open_debits
from ledger.services import Role, credit, debit, post
from ledger.services.matching import Match, allocate_many
from policies.cooling import cooling_off, last_day_of
from policies.models import Invoice, Policy, PolicyVersion, Withdrawal
from relations.models import Party
from tests import given
from tests.chain import scenes
from tests.chain.test_american import KIND as AMERICAN
from tests.policies.withdrawing import sent, withdrawn
from tests.world import run

pytestmark = pytest.mark.django_db


def paid(policy: Policy, amount: str) -> None:
    """The customer paid, and the receipt was matched with his first instalment."""
    item = OpenItem.objects.filter(entry__case_id=policy.case_id, account__control="debtors").order_by("pk")[0]
    posted = post(
        source="test.receipt", reference="B-1", booked_on=given.DAY, actor=ROBOT, key="receipt:1", journal="bank",
        lines=[debit(Role.BANK, Decimal(amount)), credit(Role.DEBTORS, Decimal(amount), party=policy.holder_id)],
    )  # fmt: skip
    receipt = OpenItem.objects.get(entry=posted.entry_id)
    allocate_many([Match(item.pk, receipt.pk, Decimal(amount))], on=given.DAY, actor=ROBOT, key="receipt:1")


def test_a_policy_is_withdrawn_from_with_its_books_and_a_receipt(issued):
    company, policy = issued
    command = withdrawn(company, policy)
    assert command.state == "done", command.outcome
    given.work(company)
    with given.inside(company):
        policy = Policy.objects.get(pk=policy.pk)
        found = Withdrawal.objects.get()
        assert policy.state == "withdrawn"
        assert (found.declared_by, found.received_at, str(found.address)) == (
            "Sanne Verbruggen",
            command.recorded_at,
            "192.0.2.7",
        )
        versions = PolicyVersion.objects.filter(policy=policy).order_by("number")
        assert [(row.transaction, str(row.total)) for row in versions] == [("issue", "141.42"), ("withdrawn", "0.00")]
        # then: the invoice is mirrored by a credit note of a series of its own, and nothing is open
        invoice, note = Invoice.objects.order_by("pk")
        assert note.number.startswith("N-") and note.number.endswith("-000001") and note.credits_id == invoice.pk
        assert (note.net, note.tax, note.fees, note.total) == tuple(
            -getattr(invoice, name) for name in ("net", "tax", "fees", "total")
        )
        assert Entry.objects.filter(reversal_of__isnull=False).count() == 2  # premium and commission
        assert open_credits(case_id=policy.case_id) == open_debits(case_id=policy.case_id) == []
        assert (found.to_pay_back, found.still_to_pay, found.ended_on) == (Decimal(0), Decimal(0), None)
        # and: the receipt is on paper and in the mail, the adviser is told without a link
        receipt = Document.objects.get(kind="withdrawal")
        text = scenes.text_of(scenes.pdf(receipt))
        message = Message.objects.get(key=f"withdrawal:{policy.number}", addressee="customer")
        told = Message.objects.get(key=f"withdrawal:{policy.number}", addressee="adviser")
        codes = set(TrailEntry.objects.filter(case_id=policy.case_id).values_list("code", flat=True))
    assert policy.number in text and note.number in text and "Midden-Europese" in text and "141,42" in text
    local = timezone.localtime(command.recorded_at, timezone=ZoneInfo("Europe/Amsterdam"))
    for words in (text, message.body):
        assert local.strftime("%H:%M") in words and str(local.year) in words
    assert message.to_email == "sanne@verbruggen.example"
    assert told.to_email == "ilse@kroonlaan.example" and told.link is None and "http" not in told.body
    assert {"policy.withdrawn", "invoice.credited", "withdrawal.receipt"} <= codes
    names = [name for out in mail.outbox[-2:] for name, _content, _kind in out.attachments]
    assert names == [f"withdrawal-{policy.number}.pdf"] * 2
    assert scenes.books_are_right(company)


def test_a_second_withdrawal_is_the_first(issued):
    company, policy = issued
    first, second = withdrawn(company, policy), withdrawn(company, policy, name="S. Verbruggen")
    given.work(company)
    assert first.outcome == second.outcome and second.state == "done"
    with given.inside(company):
        assert Withdrawal.objects.get().declared_by == "Sanne Verbruggen"
        assert Invoice.objects.count() == 2
        assert Document.objects.filter(kind="withdrawal").count() == 1
        assert Message.objects.filter(key__startswith="withdrawal:", addressee="customer").count() == 1


def test_an_address_given_for_the_receipt_gets_it_and_the_known_one_is_told(issued):
    company, policy = issued
    withdrawn(company, policy, email="elsewhere@example.com")
    given.work(company)
    with given.inside(company):
        rows = Message.objects.filter(key__startswith="withdrawal:", addressee="customer").order_by("pk")
        assert [row.to_email for row in rows] == ["elsewhere@example.com", "sanne@verbruggen.example"]


def test_the_adviser_reads_of_it_in_his_own_language_with_the_product_s_name(issued):
    company, policy = issued
    with given.inside(company):
        Party.objects.filter(pk=policy.adviser_id).update(language="en")
    withdrawn(company, policy)
    given.work(company)
    with given.inside(company):
        told = Message.objects.filter(key__startswith="withdrawal:")
        customer, adviser = told.get(addressee="customer"), told.get(addressee="adviser")
    assert "Paardentrailerverzekering casco" in customer.body
    assert "Horse trailer insurance, own damage" in adviser.body and "withdrew from policy" in adviser.subject


def test_what_was_paid_stands_as_a_credit_to_be_paid_back(issued):
    company, policy = issued
    with given.inside(company):
        paid(policy, "141.42")
    withdrawn(company, policy)
    given.work(company)
    with given.inside(company):
        assert [str(row.left) for row in open_credits(case_id=policy.case_id)] == ["-141.42"]
        assert Withdrawal.objects.get().to_pay_back == Decimal("141.42")
        text = scenes.text_of(scenes.pdf(Document.objects.get(kind="withdrawal")))
    assert "binnen 30 dagen" in text
    assert scenes.books_are_right(company)


def test_a_german_policy_keeps_the_premium_for_the_days_of_cover(german, monkeypatch):
    company, policy = german
    with given.inside(company):
        policy = Policy.objects.select_related("case").get(pk=policy.pk)
        offered = PolicyVersion.objects.get(policy=policy)
        began = policy.starts_on
    later = began + timedelta(days=10)
    monkeypatch.setattr("policies.services.withdraw.day_of", lambda company, at: later)
    command = withdrawn(company, policy, name="Mara Feldhoff", email="mara@feldhoff.example")
    assert command.state == "done", command.outcome
    given.work(company)
    with given.inside(company):
        found = Withdrawal.objects.get()
        invoice, note, kept = Invoice.objects.order_by("pk")
        lines = [(line.names["de"], str(line.net), str(line.tax)) for line in kept.lines.order_by("position")]
        version = PolicyVersion.objects.get(policy=policy, transaction="withdrawn")
        assert found.ended_on == later and found.kept_invoice_id == kept.pk
        assert note.total == -invoice.total == -offered.total
        # 168.71 and 46.35 a year, 10 of 365 days: 4.62 and 1.27; tax 27.25 and 8.81: 0.75 and 0.24
        assert lines == [("Hausrat", "4.62", "0.75"), ("Glas", "1.27", "0.24")]
        assert (kept.total, version.total) == (Decimal("6.88"), Decimal("6.88"))
        assert (found.to_pay_back, found.still_to_pay) == (Decimal(0), Decimal("6.88"))
        assert [str(row.left) for row in open_debits(case_id=policy.case_id)] == ["6.88"]
        text = scenes.text_of(scenes.pdf(Document.objects.get(kind="withdrawal")))
    assert "6,88" in text and kept.number in text and "VVG" in text
    assert scenes.books_are_right(company)


def test_what_was_paid_counts_for_the_premium_that_is_kept(german, monkeypatch):
    company, policy = german
    with given.inside(company):
        began = Policy.objects.get(pk=policy.pk).starts_on
        paid(policy, "125.56")
    monkeypatch.setattr("policies.services.withdraw.day_of", lambda company, at: began + timedelta(days=10))
    withdrawn(company, policy, name="Mara Feldhoff", email="mara@feldhoff.example")
    with given.inside(company):
        found = Withdrawal.objects.get()
        assert (found.to_pay_back, found.still_to_pay) == (Decimal("118.68"), Decimal(0))
    assert scenes.books_are_right(company)


def test_who_has_paid_what_is_kept_is_not_told_that_he_paid_nothing(german, monkeypatch):
    company, policy = german
    with given.inside(company):
        began = Policy.objects.get(pk=policy.pk).starts_on
        paid(policy, "6.88")
    monkeypatch.setattr("policies.services.withdraw.day_of", lambda company, at: began + timedelta(days=10))
    withdrawn(company, policy, name="Mara Feldhoff", email="mara@feldhoff.example")
    given.work(company)
    with given.inside(company):
        found = Withdrawal.objects.get()
        assert (found.to_pay_back, found.still_to_pay) == (Decimal(0), Decimal(0))
        letter = scenes.text_of(scenes.pdf(Document.objects.get(kind="withdrawal")))
        message = Message.objects.get(key=f"withdrawal:{policy.number}", addressee="customer").body
    for told in (" ".join(letter.split()), message):
        assert "Sie haben gezahlt, was wir einbehalten" in told and "nichts gezahlt" not in told


def test_the_days_begin_when_the_papers_were_received(issued):
    company, policy = issued
    with given.inside(company):
        policy = Policy.objects.select_related("case", "order").get(pk=policy.pk)
        assert policy.order is not None
        made = policy.order.on
        right = cooling_off(policy, company)
    assert right.exists and right.days == 14
    assert right.last_day == last_day_of(made, 14, "NL") >= made + timedelta(days=14)
    assert right.holds(right.last_day) and not right.holds(right.last_day + timedelta(days=1))


@pytest.mark.parametrize(
    ("start", "last"),
    [
        (date(2026, 6, 1), date(2026, 6, 15)),  # a Monday
        (date(2026, 6, 6), date(2026, 6, 22)),  # would end on a Saturday
        (date(2026, 12, 11), date(2026, 12, 28)),  # would end on Christmas Day, a Friday
    ],
)
def test_a_last_day_on_which_nobody_works_moves_on(start, last):
    assert last_day_of(start, 14, "NL") == last


def test_while_the_papers_are_on_their_way_the_days_have_not_begun(issued):
    company, _policy = issued
    quoted = given.quotation(company)
    run(company, given.ordered(company, quoted))  # its papers and mails wait
    with given.inside(company):
        waiting = Policy.objects.select_related("case").get(case=quoted.case_id)
        right = cooling_off(waiting, company)
    assert right.exists and right.last_day is None and right.holds(date(2099, 1, 1))


def test_after_the_last_day_it_is_refused_and_nothing_is_written(issued, monkeypatch):
    company, policy = issued
    with given.inside(company):
        last = cooling_off(Policy.objects.select_related("case").get(pk=policy.pk), company).last_day
    assert last is not None
    sent_late = sent(company, policy)
    before = scenes.counts(company)
    with monkeypatch.context() as late:
        late.setattr("policies.services.withdraw.day_of", lambda company, at: last + timedelta(days=1))
        run(company, sent_late)
    refused = scenes.again(company, sent_late)
    assert (refused.state, refused.outcome["code"]) == ("refused", "over")
    assert scenes.counts(company) == before
    with monkeypatch.context() as in_time:
        in_time.setattr("policies.services.withdraw.day_of", lambda company, at: last)
        assert withdrawn(company, policy).state == "done"


def test_only_the_customers_link_withdraws(issued):
    company, policy = issued
    refused = withdrawn(company, policy, addressee="adviser")
    assert (refused.state, refused.outcome["code"]) == ("refused", "not_customer")
    with given.inside(company):
        assert Policy.objects.get(pk=policy.pk).state == "active"


def test_a_cover_of_less_than_a_month_has_no_such_days(issued):
    company, policy = issued
    with given.inside(company):
        policy = Policy.objects.select_related("case").get(pk=policy.pk)
        policy.renews_on = policy.starts_on + timedelta(days=20)
        assert cooling_off(policy, company).why_not == "short"


def test_a_product_without_the_right_has_none():
    company = given.provider("prairie", "tests/products/us-test.json", at=given.AMERICAN)
    opened = given.draft(company, **AMERICAN)
    with given.inside(company):
        case = Case.objects.get(pk=opened.case_id)
        policy = Policy(case=case, starts_on=given.DAY, renews_on=date(2027, 6, 1))
        assert cooling_off(policy, company).why_not == "no_right"


# What must never happen is refused by the database, whoever writes it.


def refused_by_the_database(company: Company, sql: str, values: list[Any]) -> str:
    """What the database says to a statement of the office, at its commit at the latest."""
    with (
        given.inside(company),
        pytest.raises(DatabaseError) as error,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(error.value)


def test_a_withdrawn_policy_stays_withdrawn(issued):
    company, policy = issued
    withdrawn(company, policy)
    for state in ("active", "ended"):
        said = refused_by_the_database(
            company, "UPDATE policies_policy SET state = %s WHERE id = %s", [state, policy.pk]
        )
        assert f"no move from withdrawn to {state}" in said


def test_no_policy_is_withdrawn_from_without_a_withdrawal(issued):
    company, policy = issued
    said = refused_by_the_database(company, "UPDATE policies_policy SET state = 'withdrawn' WHERE id = %s", [policy.pk])
    assert "expected the withdrawal that ended it" in said


def test_no_withdrawal_leaves_its_policy_in_force(issued):
    company, policy = issued
    command = sent(company, policy)
    said = refused_by_the_database(
        company,
        "INSERT INTO policies_withdrawal (company_id, case_id, policy_id, command_id, link_id, declared_by, "
        'receipt_to, received_at, "on", to_pay_back, still_to_pay) '
        "VALUES (sec.company(), %s, %s, %s, %s, 'S', 's@example.com', now(), current_date, 0, 0)",
        [policy.case_id, policy.pk, command.pk, command.link_id],
    )
    assert "its policy is still in force" in said


def test_a_withdrawal_is_never_changed(issued):
    company, policy = issued
    withdrawn(company, policy)
    for sql in ("UPDATE policies_withdrawal SET declared_by = 'X'", "DELETE FROM policies_withdrawal"):
        assert "permission denied" in refused_by_the_database(company, sql, [])


def test_a_credit_note_is_its_invoice_with_minus_amounts(issued):
    company, policy = issued
    said = refused_by_the_database(
        company,
        "INSERT INTO policies_invoice (company_id, number, policy_id, case_id, version_id, debtor_id, invoiced_on, "
        "term_from, term_until, plan, net, tax, fees, total, payment_reference, credits_id) "
        "SELECT company_id, 'N-9', policy_id, case_id, version_id, debtor_id, invoiced_on, term_from, term_until, "
        "plan, -net + 1, -tax, -fees, -total + 1, 'N-9', id FROM policies_invoice WHERE policy_id = %s",
        [policy.pk],
    )
    assert "expected its invoice with minus amounts" in said
