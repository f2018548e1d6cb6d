"""A copy of the test database in which every company table holds one row of each of three companies.

Walls, policies and grants are the real ones. Foreign keys, checks and the guards' triggers are taken off in the copy,
so that a row can be made for any table from its columns alone: the wall is proved here, keys have tests of their own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.conftest import drop_copy, fresh_copy
from tests.database.catalogue import Connection, company_tables, rows

A, B, C = 1, 2, 3
COMPANIES = (A, B, C)
VALUES = {  # a value of each type; ids are the company's own number, so that rows of a company point at each other
    "smallint": "1", "integer": "1", "bigint": "1", "numeric": "1", "boolean": "true", "date": "date '2026-06-01'",
    "timestamp with time zone": "timestamptz '2026-06-01 12:00+00'", "uuid": "gen_random_uuid()", "jsonb": "'{}'",
    "bytea": "sha256('x')", "inet": "'192.0.2.1'", "xid8": "pg_current_xact_id()",
    "bigint[]": "'{}'", "character varying[]": "'{}'", "character varying(40)[]": "'{}'",
}  # fmt: skip
SAID = {  # where the wall itself reads a value
    ("products_productversion", "state"): "'live'",
    ("companies_membership", "door"): "'office'",
    ("applications_draft", "filled_in_by"): "'adviser'",
}


def columns_of(connection: Connection, table: str) -> list[tuple[str, str]]:
    """The columns of a table that an insert may name, each with its type."""
    found = connection.execute(
        "select attname, regexp_replace(format_type(atttypid, atttypmod), '\\(.*?\\)', '') from pg_attribute "
        "where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum",
        [f"public.{table}"],
    ).fetchall()
    return [(name, kind) for name, kind in found]


def value(table: str, column: str, kind: str, *, row: int, company: int) -> str:
    """SQL for one column of a row: the row's number, its company, ids of that company, else something of the type."""
    if column in {"id", "pgh_id"}:
        return str(row)
    if column == "company_id" or (column.endswith("_id") and kind in {"bigint", "integer"}):
        return str(company)
    if kind in {"text", "character varying"} and (table, column) not in SAID:
        return f"'{chr(97 + row % 26)}'"  # one letter, another for the next row
    return SAID.get((table, column)) or VALUES[kind]


def insert(connection: Connection, table: str, *, row: int, company: int, **said: str) -> str:
    """The INSERT of one row of a company, made from the table's columns; `said` overrules by column, as SQL."""
    columns = columns_of(connection, table)
    values = [said.get(name) or value(table, name, kind, row=row, company=company) for name, kind in columns]
    names = ", ".join(f'"{name}"' for name, _ in columns)
    return f'insert into public."{table}" ({names}) overriding system value values ({", ".join(values)})'


def insert_many(connection: Connection, table: str, *, first: int, last: int, company: int, **said: str) -> str:
    """The INSERT of rows of a company numbered from first to last; `said` may use the number `n`."""
    head, _, values = insert(connection, table, row=0, company=company, id="n", **said).partition(" values (")
    return f"{head} select {values.removesuffix(')')} from generate_series({first}, {last}) n"


def strip(connection: Connection) -> None:
    """Take off what isn't the wall."""
    for table, name in rows(
        connection,
        "select conrelid::regclass::text, quote_ident(conname) from pg_constraint "
        "where contype in ('f', 'c') and connamespace = 'public'::regnamespace",
    ):
        connection.execute(f"alter table {table} drop constraint {name}")
    for table in company_tables(connection):
        connection.execute(f'alter table "{table}" disable trigger user')


def fill(connection: Connection) -> None:
    """One row of each company in every company table, written by the owner with FORCE lifted for a moment."""
    for company in COMPANIES:
        connection.execute(
            insert(
                connection,
                "companies_company",
                row=company,
                company=company,
                slug=f"'c{company}'",
                rehearsal_of_id="null",
                founded_by_id="null",
            )
        )
    for table in company_tables(connection):
        connection.execute(f'alter table "{table}" no force row level security')
        for company in COMPANIES:
            connection.execute(insert(connection, table, row=company, company=company))
        connection.execute(f'alter table "{table}" force row level security')


@contextmanager
def walled(open_as: Any, *, suffix: str) -> Iterator[str]:
    """The name of a filled copy of one's own; `open_as(role, dbname=...)` gives real logins."""
    name = fresh_copy(suffix)
    try:
        with open_as("bo_owner", dbname=name) as owner, owner.transaction():
            names = ", ".join(
                f'"{table}"' for table in [*company_tables(owner), "companies_company", "companies_user", "auth_group"]
            )
            owner.execute(f"truncate {names} cascade")
            strip(owner)
            fill(owner)
        yield name
    finally:
        drop_copy(suffix)
