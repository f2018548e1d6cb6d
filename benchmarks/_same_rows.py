"""The floor of the chain: the rows that our services wrote, read back from a copy of the database and written once more
into the same tables of another copy by plain psycopg, as the owner: without wall, signed context, services and checks
in Python; keys, indexes, history and the guards of the tables hold there too.

Values are ready before the clock starts, numbers, keys and seals included; JSON is text already.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from tests.conftest import role_connection

Case = int
OF_POLICY = "(SELECT p.case_id FROM policies_policy p WHERE {0})"
OF_VERSION = OF_POLICY.format("p.id = (SELECT v.policy_id FROM policies_policyversion v WHERE v.id = {0})")
OF_SECTION = OF_VERSION.format("(SELECT s.version_id FROM policies_section s WHERE s.id = t.section_id)")
OF_INVOICE = "(SELECT i.case_id FROM policies_invoice i WHERE i.id = t.invoice_id)"
OF_ENTRY = "(SELECT e.case_id FROM ledger_entry e WHERE e.id = t.entry_id)"
OF_HOLDER = OF_POLICY.format("p.holder_id = {0} ORDER BY p.id LIMIT 1")
APPLIED = {  # table: whose case a row is of, in the order in which they are written
    "applications_application": "t.case_id",
    "acceptance_assessment": "(SELECT a.case_id FROM applications_application a WHERE a.id = t.application_id)",
    "quotations_quotation": "t.case_id",
}
ORDERED = {
    "quotations_order": "(SELECT q.case_id FROM quotations_quotation q WHERE q.id = t.quotation_id)",
}
ISSUED = {
    "relations_party": OF_HOLDER.format("t.id"),
    "relations_address": OF_HOLDER.format("t.party_id"),
    "policies_policy": "t.case_id",
    "policies_policyversion": OF_POLICY.format("p.id = t.policy_id"),
    "policies_section": OF_VERSION.format("t.version_id"),
    "policies_premiumcomponent": OF_SECTION,
    "policies_insurershare": OF_SECTION,
    "policies_invoice": "t.case_id",
    "policies_invoiceline": OF_INVOICE,
    "policies_instalment": OF_INVOICE,
    "ledger_entry": "t.case_id",
    "ledger_line": OF_ENTRY,
    "ledger_openitem": OF_ENTRY,
    "ledger_seal": OF_ENTRY,
    "companies_trailentry": "t.case_id",
    "companies_job": "COALESCE((SELECT p.case_id FROM policies_policy p WHERE p.id = (t.ids ->> 'policy')::bigint), "
    "(SELECT q.case_id FROM quotations_quotation q WHERE q.id = (t.ids ->> 'quotation')::bigint))",
}
PREPARED = {  # what stands between application and order, and isn't measured
    "documents_file": "0", "documents_document": "t.case_id", "companies_link": "t.case_id",
    "companies_command": "t.case_id", "companies_job": "CASE WHEN t.ids ? 'command' THEN 0 END",
}  # fmt: skip
BEGUN = {  # a row begins in this state, and moves to the one that was found
    "applications_application": "submitted", "quotations_quotation": "open",
}  # fmt: skip
DONE = "UPDATE {} SET state = 'done', done_at = now() WHERE id = %s"


@dataclass
class Rows:
    """The rows of one table, by case."""

    table: str
    columns: list[str]
    types: list[str]
    of: dict[Case, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))

    def taken(self, cases: Sequence[Case]) -> list[tuple[Any, ...]]:
        return [row for case in cases for row in self.of.get(case, ())]

    def insert(self, count: int) -> sql.Composed:
        """So many rows as one statement."""
        row = sql.SQL("({})").format(sql.SQL(", ").join(sql.SQL("%s::" + kind) for kind in self.types))
        return sql.SQL("INSERT INTO {} ({}) VALUES {}").format(
            sql.Identifier(self.table),
            sql.SQL(", ").join(map(sql.Identifier, self.columns)),
            sql.SQL(", ").join([row] * count),
        )

    @property
    def copy(self) -> sql.Composed:
        return sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(self.table), sql.SQL(", ").join(map(sql.Identifier, self.columns))
        )


@contextmanager
def owner(dbname: str) -> Iterator[psycopg.Connection[Any]]:
    """The owner in a copy of the database, where no wall stands before him."""
    with role_connection("bo_owner", dbname=dbname) as login:
        tables = login.execute("SELECT relname FROM pg_class WHERE relforcerowsecurity AND relkind = 'r'").fetchall()
        with login.transaction():
            for (table,) in tables:
                login.execute(sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(sql.Identifier(table)))
        yield login


def newest(login: psycopg.Connection[Any], tables: Sequence[str]) -> dict[str, int]:
    """The highest id of each table."""
    return {
        table: login.execute(sql.SQL("SELECT COALESCE(max(id), 0) FROM {}").format(sql.Identifier(table))).fetchone()[0]  # type: ignore[index]
        for table in tables
    }


def rows_since(login: psycopg.Connection[Any], tables: Mapping[str, str], since: Mapping[str, int]) -> list[Rows]:
    """What was written since, table by table."""
    found = []
    for table, case in tables.items():
        columns = login.execute(
            "SELECT column_name, data_type, udt_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND table_name = %s AND is_generated = 'NEVER' AND column_name <> 'xact' ORDER BY ordinal_position",
            [table],
        ).fetchall()
        kinds = [f"{udt[1:]}[]" if kind == "ARRAY" else udt for _name, kind, udt in columns]
        rows = Rows(table, [name for name, *_rest in columns], kinds)
        shown = sql.SQL(", ").join(
            sql.SQL("t.{}::text" if kind == "jsonb" else "t.{}").format(sql.Identifier(name))
            for name, kind in zip(rows.columns, kinds, strict=True)
        )
        query = sql.SQL("SELECT " + case + ", {} FROM {} t WHERE t.id > %s ORDER BY t.id").format(
            shown, sql.Identifier(table)
        )
        for row in login.execute(query, [since[table]]):
            rows.of[row[0]].append(tuple(row[1:]))
        found.append(rows)
    return found


def begun(rows: Rows, row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row as it was inserted, before its state moved."""
    if rows.table not in BEGUN:
        return row
    place = rows.columns.index("state")
    return (*row[:place], BEGUN[rows.table], *row[place + 1 :])


def moves(rows: Rows, row: tuple[Any, ...]) -> tuple[str, list[Any]]:
    """The statement that moves an application to the state that was found."""
    state, number = row[rows.columns.index("state")], row[rows.columns.index("id")]
    return "UPDATE applications_application SET state = %s WHERE id = %s", [state, number]


def holders(tables: Sequence[Rows], cases: Sequence[Case]) -> list[tuple[int, Case]]:
    """Who became the customer of each case."""
    policies = next(rows for rows in tables if rows.table == "policies_policy")
    holder, case = policies.columns.index("holder_id"), policies.columns.index("case_id")
    return [(row[holder], row[case]) for row in policies.taken(cases)]


def copied(login: psycopg.Connection[Any], tables: Sequence[Rows], cases: Sequence[Case]) -> None:
    """The rows of these cases by COPY, a table after the other, in one transaction."""
    with login.transaction(), login.cursor() as cursor:
        for rows in tables:
            with cursor.copy(rows.copy) as copy:
                for row in rows.taken(cases):
                    copy.write_row(row)
            if rows.table == "relations_address":
                told = holders(tables, cases)
                cursor.execute(
                    "UPDATE documents_case c SET customer_id = u.holder FROM unnest(%s::bigint[], %s::bigint[]) "
                    "AS u(holder, id) WHERE c.id = u.id",
                    [[holder for holder, _case in told], [case for _holder, case in told]],
                )
        counters(cursor, len(cases))


def inserted(login: psycopg.Connection[Any], tables: Sequence[Rows], case: Case, *, command: int, job: int) -> None:
    """The rows of one case by one insert a table, in one transaction."""
    issued = any(rows.table == "policies_policy" for rows in tables)
    with login.transaction(), login.cursor() as cursor:
        for rows in tables:
            if written := [begun(rows, row) for row in rows.of.get(case, ())]:
                values = [value for row in written for value in row]
                cursor.execute(rows.insert(len(written)), values, prepare=True)
            if rows.table == "acceptance_assessment":
                for row in tables[0].of.get(case, ()):
                    cursor.execute(*moves(tables[0], row), prepare=True)
        if issued:
            cursor.execute("UPDATE quotations_quotation SET state = 'ordered' WHERE case_id = %s", [case], prepare=True)
            for holder, number in holders(tables, [case]):
                customer = "UPDATE documents_case SET customer_id = %s WHERE id = %s"
                cursor.execute(customer, [holder, number], prepare=True)
            counters(cursor, 1)
        else:
            cursor.execute("DELETE FROM applications_draft WHERE case_id = %s", [case], prepare=True)
        cursor.execute(DONE.format("companies_command"), [command], prepare=True)
        cursor.execute(DONE.format("companies_job"), [job], prepare=True)


def counters(cursor: psycopg.Cursor[Any], count: int) -> None:
    """The invoice series and the journal's head go on."""
    cursor.execute("UPDATE companies_series SET last = last + %s WHERE kind = 'invoice'", [count], prepare=True)
    cursor.execute("UPDATE ledger_journalhead SET last = last + %s, head = head", [2 * count], prepare=True)
