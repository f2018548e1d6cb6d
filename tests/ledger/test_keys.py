"""What entries and lines point at exists, in their own company: tried through post() and by raw SQL past it.

tests/database tries every key with a row of another company.
"""

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import IntegrityError
from psycopg import errors

from companies.actor import ROBOT
from companies.doors import Door
from companies.scope import company_scope
from ledger.drafts import REFERENCES
from ledger.roles import Role
from ledger.services import credit, debit, post
from tests.ledger.conftest import party, peopled
from tests.ledger.raw import Intruder, intruder

pytestmark = pytest.mark.django_db(transaction=True)
NOBODY = 2**62
DIMENSIONS = [name for name in REFERENCES if name != "party"]  # a party needs a control account and its items


@pytest.fixture
def here():
    return peopled("duinhaven")


@pytest.fixture
def there():
    return peopled("oosterkim")


def book(company, *, debtor=None, case_id=None, **dimensions):
    """An invoice in a scope of its own; leaving it asks what was deferred."""
    with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
        lines = [
            debit(Role.DEBTORS, D("10.00"), party=debtor or party(7)),
            credit(Role.PREMIUM, D("10.00"), **dimensions),
        ]
        post(
            source="tests", reference="F-1", booked_on=date(2026, 6, 1), actor=ROBOT, key="k", lines=lines,
            case_id=case_id,
        )  # fmt: skip


def entries(company):
    with intruder(company) as it:
        return it.one("SELECT count(*) FROM ledger_entry")


def pair_at(it: Intruder, column: str, to: Any) -> None:
    """A rightful entry by hand whose lines point at something by one column."""
    entry = it.entry()
    it.connection.execute(
        f"INSERT INTO ledger_line (entry_id, position, account_id, booked_on, debit, credit, {column}) "
        f"SELECT %s, x.position, a.id, '2026-06-01', x.debit, x.credit, %s FROM (VALUES (1, '1000', 100, 0), "
        "(2, '8000', 0, 100)) x(position, code, debit, credit) JOIN ledger_account a ON a.code = x.code",
        [entry, to],
    )
    it.seal(entry)


def test_what_exists_is_booked(here):
    book(here)
    assert entries(here) == 1


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_a_line_points_at_nothing(here, dimension):
    with pytest.raises(IntegrityError, match=f"ledger_line_{dimension}_id_up"):
        book(here, **{dimension: NOBODY})
    assert entries(here) == 0


def test_a_debtor_is_nobody(here):
    with pytest.raises(IntegrityError, match="ledger_line_party_id_up"):
        book(here, debtor=NOBODY)


def test_a_debtor_of_another_company(here, there):
    with company_scope(there.pk, door=Door.WORKER, actor=ROBOT):
        theirs = party(7)
    with pytest.raises(IntegrityError, match="ledger_line_party_id_up"):
        book(here, debtor=theirs)
    assert entries(here) == 0


def test_an_entry_of_no_case(here):
    with pytest.raises(IntegrityError, match="ledger_entry_case_id_up"):
        book(here, case_id=NOBODY)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_past_the_service_a_line_points_at_nothing(here, dimension):
    with pytest.raises(errors.ForeignKeyViolation, match=f"ledger_line_{dimension}_id_up"), intruder(here) as it:
        pair_at(it, f"{dimension}_id", NOBODY)


def test_past_the_service_an_entry_of_no_case(here):
    with pytest.raises(errors.ForeignKeyViolation, match="ledger_entry_case_id_up"), intruder(here) as it:
        it.post(case_id=NOBODY)


def test_past_the_service_an_insurer_of_another_company(here, there):
    """Keys look past row security, so the company stands in the key itself."""
    with intruder(there) as it:
        theirs = it.one("SELECT id FROM relations_party WHERE number = 'R-7'")
    with pytest.raises(errors.ForeignKeyViolation, match="ledger_line_insurer_id_up"), intruder(here) as it:
        pair_at(it, "insurer_id", theirs)
    with intruder(here) as it:
        pair_at(it, "insurer_id", it.one("SELECT id FROM relations_party WHERE number = 'R-7'"))


def test_past_the_service_an_open_item_of_another_company(here, there):
    """An open item has no key of its own to its party: it must have its line's, and that one has."""
    with intruder(there) as it:
        theirs = it.one("SELECT id FROM relations_party WHERE number = 'R-7'")
    with pytest.raises(errors.IntegrityConstraintViolation, match="open items that sum"), intruder(here) as it:
        entry = it.entry()
        line, _other = it.lines(entry, [("1300", 100, 0, 7), ("8000", 0, 100, None)])
        it.connection.execute(
            "INSERT INTO ledger_openitem (entry_id, line_id, position, number, account_id, party_id, due_date, amount, "
            "reference) SELECT %s, %s, 1, (sec.open_item_numbers(1))[1], id, %s, '2026-07-01', 100, 'raw' "
            "FROM ledger_account WHERE code = '1300'",
            [entry, line, theirs],
        )
        it.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
