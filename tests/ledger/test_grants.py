"""What no role of the application may do to the books, whatever stands in them: privileges, asked by real logins."""

from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from psycopg import errors

from tests.ledger.raw import intruder

pytestmark = pytest.mark.django_db
DENIED = errors.InsufficientPrivilege
ANY: Any = SimpleNamespace(pk=1)


@pytest.mark.parametrize(
    "sql",
    [
        "SET session_replication_role = replica",
        "ALTER TABLE ledger_line DISABLE TRIGGER ALL",
        "ALTER TABLE ledger_line DISABLE TRIGGER lines_whole",
        "DROP TRIGGER lines_whole ON ledger_line",
        "ALTER TABLE ledger_line NO FORCE ROW LEVEL SECURITY",
        "CREATE OR REPLACE FUNCTION sec.lines_whole() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE FUNCTION sec.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SET ROLE bo_owner",
        "SET ROLE sec_guard",
        "SET SESSION AUTHORIZATION bo_owner",
        "SELECT set_config('role', 'bo_owner', true)",
        "SELECT set_config('session_replication_role', 'replica', true)",
        "SELECT sec.lines_whole()",
        "SELECT sec.entry_whole(1, 1)",
        "CREATE TRIGGER mine BEFORE INSERT ON ledger_line FOR EACH ROW "
        "EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE RULE mine AS ON INSERT TO ledger_line DO INSTEAD NOTHING",
    ],
)
def test_switch_or_door_of_another(sql):
    with pytest.raises(psycopg.Error) as refused, intruder(ANY) as it:
        it.connection.execute(sql)
    assert refused.value.sqlstate in {"42501", "0A000", "22023"}


TABLES = ["entry", "line", "openitem", "allocation", "seal", "journalhead", "delta", "total"]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", ["UPDATE {} SET company_id = company_id", "DELETE FROM {}", "TRUNCATE {}"])
def test_nothing_posted_is_changed(table, verb):
    with pytest.raises(DENIED), intruder(ANY) as it:
        it.connection.execute(verb.format(f"ledger_{table}"))


@pytest.mark.parametrize("table", [*TABLES, "account", "journal"])
@pytest.mark.parametrize("verb", ["SELECT FROM {}", "INSERT INTO {} DEFAULT VALUES", "DELETE FROM {}"])
def test_public_doors_have_nothing_here(table, verb):
    with pytest.raises(DENIED), intruder(ANY, "bo_public") as it:
        it.connection.execute(verb.format(f"ledger_{table}"))


@pytest.mark.parametrize("role", ["bo_public", "bo_operator"])
@pytest.mark.parametrize(
    "call",
    [
        "SELECT * FROM sec.post('[]', '{}', '{}', '{}')",
        "SELECT * FROM sec.seal('{1}')",
        "SELECT sec.fold_deltas(1)",
        "SELECT sec.open_item_numbers(1)",
        "SELECT * FROM sec.entry_facts(1, 1)",
        "SELECT * FROM sec.companies_with_deltas()",
    ],
)
def test_only_the_office_posts(role, call):
    with pytest.raises(DENIED), intruder(ANY, role) as it:
        it.connection.execute(call)
