"""ledger_verify finds what the owner of the tables, who can switch everything off, has changed."""

import json
from datetime import date
from decimal import Decimal as D
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from companies.actor import ROBOT
from companies.doors import Door
from companies.scope import company_scope
from ledger.roles import Role
from ledger.services import credit, debit, fold, post
from tests.conftest import role_connection
from tests.ledger.conftest import party, peopled

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 6, 1)
CLEAN = {
    "entries": 3, "balanced": True, "subledgers_agree": True, "totals_agree": True, "chain_ok": True,
    "first_broken": None,
}  # fmt: skip


@pytest.fixture
def company():
    company = peopled("duinhaven")
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        for number in (1, 2, 3):
            post(
                source="policies.invoice", reference=f"F-{number}", booked_on=DAY, actor=ROBOT, key=f"F-{number}",
                lines=[debit(Role.DEBTORS, D("1210.00"), party=party(7)), credit(Role.PREMIUM, D("1210.00"))],
            )  # fmt: skip
            if number == 2:
                fold()
    return company


def verify(company):
    out = StringIO()
    try:
        call_command("ledger_verify", "--company", company.slug, "--json", stdout=out)
    except SystemExit as end:
        return end.code, json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def as_owner(table, statement):
    """Row security lifted and triggers off, as only the owner of the tables can."""
    with role_connection("bo_owner") as owner:
        for name in {table, "ledger_seal"}:
            owner.execute(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY")
            owner.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        assert owner.execute(statement).rowcount > 0
        for name in {table, "ledger_seal"}:
            owner.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")
            owner.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")


def test_clean_books(company):
    assert verify(company) == (0, CLEAN)


def test_words_for_a_reader(company, capsys):
    call_command("ledger_verify", "--company", company.slug)
    assert "Entries: 3" in capsys.readouterr().out


def test_unknown_company(company):
    with pytest.raises(CommandError) as wrong:
        call_command("ledger_verify", "--company", "nobody")
    assert wrong.value.returncode == 2


OF_SECOND = "entry_id = (SELECT entry_id FROM ledger_seal WHERE number = 2)"


@pytest.mark.parametrize(
    ("table", "statement", "wrong"),
    [
        ("ledger_line", f"UPDATE ledger_line SET cost_centre = 'X' WHERE position = 1 AND {OF_SECOND}", {"chain_ok"}),
        (
            "ledger_line",
            f"UPDATE ledger_line SET debit = debit + sign(debit), credit = credit + sign(credit) WHERE {OF_SECOND}",
            {"balanced", "subledgers_agree", "totals_agree", "chain_ok"},
        ),
        (
            "ledger_entry",
            f"UPDATE ledger_entry SET reference = 'F-9' WHERE {OF_SECOND.replace('entry_id', 'id', 1)}",
            {"chain_ok"},
        ),
        ("ledger_openitem", f"UPDATE ledger_openitem SET due_date = '2030-01-01' WHERE {OF_SECOND}", {"chain_ok"}),
        (
            "ledger_openitem",
            f"UPDATE ledger_openitem SET amount = 1 WHERE {OF_SECOND}",
            {"balanced", "subledgers_agree", "chain_ok"},
        ),
        ("ledger_seal", "UPDATE ledger_seal SET seal = sha256('x') WHERE number = 2", {"chain_ok"}),
        ("ledger_seal", "DELETE FROM ledger_seal WHERE number = 2", {"chain_ok"}),
    ],
    ids=["dimension", "amount", "reference", "due day", "item", "seal", "seal gone"],
)
def test_first_broken_is_named(company, table, statement, wrong):
    as_owner(table, statement)
    code, found = verify(company)
    assert code == 1
    assert {key for key, value in found.items() if value is False} == wrong
    # Where the seal itself is gone, the chain breaks at the number after the gap.
    assert found["first_broken"] == ("sales-2026-000003" if "DELETE" in statement else "sales-2026-000002")


def test_last_entry_cut_off(company):
    as_owner("ledger_seal", "DELETE FROM ledger_seal WHERE number = 3")
    code, found = verify(company)
    assert (code, found["chain_ok"], found["first_broken"]) == (1, False, "sales-2026-000003")


@pytest.mark.parametrize("table", ["ledger_total", "ledger_delta"])
def test_totals_changed(company, table):
    as_owner(table, f"UPDATE {table} SET debit = debit + 1 WHERE id = (SELECT min(id) FROM {table})")
    code, found = verify(company)
    assert (code, found["totals_agree"], found["chain_ok"]) == (1, False, True)


def test_other_companies_books_are_left_alone(company):
    other = peopled("oosterkim")
    as_owner("ledger_line", "UPDATE ledger_line SET cost_centre = 'X'")
    assert verify(other)[0] == 0
