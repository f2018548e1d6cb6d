"""Of a table that nobody has counted yet, the planner knows that the company tells no rows apart."""

from collections.abc import Iterator

import pytest

from tests.conftest import drop_copy, fresh_copy, role_connection
from tests.database.clone import A
from tests.database.conftest import inside

JOINED = """
explain (costs off) select a.id from acceptance_assessment a
join applications_application p on p.id = a.application_id where p.case_id = 7 order by a.id limit 1
"""
COMPANY_TABLES = """
select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname = 'company_id'
"""
TOLD = "select tablename from pg_stats where schemaname = 'public' and attname = 'company_id' and n_distinct = 1"


@pytest.fixture
def new(django_db_setup: None) -> Iterator[str]:
    """A database as its migrations leave it."""
    yield fresh_copy("_planner")
    drop_copy("_planner")


def test_a_new_database_finds_the_rows_of_a_join_by_their_keys(new: str) -> None:
    with inside(new, "bo_app", company=A, door="office") as login:
        plan = [row[0].strip() for row in login.execute(JOINED).fetchall()]
    conditions = [line for line in plan if line.startswith("Index Cond")]
    assert any("case_id = 7" in line for line in conditions), plan
    assert any("application_id = p.id" in line for line in conditions), plan


def test_each_company_table_has_it_told(new: str) -> None:
    with role_connection("bo_owner", dbname=new) as owner, owner.transaction(force_rollback=True):
        tables = {row[0] for row in owner.execute(COMPANY_TABLES)}
        for table in tables:  # its statistics are hidden by row security
            owner.execute(f"alter table {table} no force row level security")
        assert len(tables) > 100 and tables - {row[0] for row in owner.execute(TOLD)} == set()
