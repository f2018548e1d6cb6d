"""The books past the ORM and past sec.post: a real login of bo_app that writes rows by hand.

Parties are named by their number: 7 is the company's party R-7.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from companies.models import Company
from tests.conftest import role_connection
from tests.contexts import set_context

PAIR = [("1000", 100, 0, None), ("8000", 0, 100, None)]
OWED = [("1300", 100, 0, 7), ("8000", 0, 100, None)]


class Intruder:
    """bo_app inside a company with raw SQL. Whatever it is told, pgtrigger's triggers are switched off first."""

    def __init__(self, connection: psycopg.Connection[Any], company: Company) -> None:
        self.connection, self.company = connection, company

    def enter(self, company: Company | None = None) -> None:
        set_context(self.connection, company=(company or self.company).pk, door="office")
        self.connection.execute("SELECT set_config('pgtrigger.ignore', '{public.ledger_line:lines_whole}', true)")

    def one(self, sql: str, params: Any = None) -> Any:
        row = self.connection.execute(sql, params).fetchone()
        return row[0] if row else None

    def entry(self, *, count: int = 2, total: Any = 100, key: str = "raw", on: str = "2026-06-01", **more: Any) -> int:
        columns = "".join(f", {name}" for name in more)
        values = "".join(f", '{value}'" for value in more.values())
        return self.one(
            f"INSERT INTO ledger_entry (journal_id, booked_on, source, reference, key, fingerprint, line_count, total, "
            f"actor_kind{columns}) SELECT id, '{on}', 'raw', 'raw', %s, '', %s, %s, 'robot'{values} "
            "FROM ledger_journal WHERE code = 'sales' RETURNING id",
            [key, count, total],
        )

    def lines(self, entry: int, rows: list[Any], *, first: int = 1, on: str = "2026-06-01") -> list[int]:
        values = ", ".join(
            f"({place}, '{code}', {debit}::numeric, {credit}::numeric, {party or 'NULL'}::bigint)"
            for place, (code, debit, credit, party) in enumerate(rows, start=first)
        )
        made = self.connection.execute(
            "INSERT INTO ledger_line (entry_id, position, account_id, booked_on, debit, credit, party_id) "
            f"SELECT {entry}, x.position, a.id, '{on}', x.debit, x.credit, p.id "
            f"FROM (VALUES {values}) x(position, code, debit, credit, party) JOIN ledger_account a ON a.code = x.code "
            "LEFT JOIN relations_party p ON p.number = 'R-' || x.party ORDER BY x.position RETURNING id"
        )
        return [row[0] for row in made.fetchall()]

    def item(self, entry: int, line: int, amount: Any, *, party: int = 7, position: int = 1, code: str = "1300") -> int:
        return self.one(
            "INSERT INTO ledger_openitem (entry_id, line_id, position, number, account_id, party_id, "
            "due_date, amount, reference) "
            "SELECT %s, %s, %s, (sec.open_item_numbers(1))[1], a.id, p.id, '2026-07-01', %s, 'raw' "
            "FROM ledger_account a, relations_party p WHERE a.code = %s AND p.number = %s RETURNING id",
            [entry, line, position, amount, code, f"R-{party}"],
        )

    def seal(self, *entries: int) -> int:
        return self.one("SELECT number FROM sec.seal(%s)", [list(entries)])

    def post(self, key: str = "raw", rows: list[Any] = PAIR, **more: Any) -> int:
        """A rightful entry by hand, without open items."""
        entry = self.entry(key=key, count=len(rows), **more)
        self.lines(entry, rows)
        self.seal(entry)
        return entry

    def owed(self, key: str = "owed", amount: int = 100, sign: int = 1) -> tuple[int, int, int]:
        """A rightful entry on the debtors' account with one open item: (entry, line, item)."""
        side = (amount, 0) if sign > 0 else (0, amount)
        entry = self.entry(key=key, total=amount)
        line, _other = self.lines(entry, [("1300", *side, 7), ("8000", *reversed(side), None)])
        item = self.item(entry, line, sign * amount)
        self.seal(entry)
        return entry, line, item

    def allocate(self, debit: int, credit: int, amount: Any, key: str = "a") -> None:
        self.connection.execute(
            "INSERT INTO ledger_allocation (debit_item_id, credit_item_id, amount, allocated_on, key, actor_kind) "
            "VALUES (%s, %s, %s, '2026-06-02', %s, 'robot')",
            [debit, credit, amount, key],
        )


@contextmanager
def intruder(company: Company, role: str = "bo_app") -> Iterator[Intruder]:
    """A login of its own in a transaction inside the company; committed on leaving, which is where deferred guards
    speak."""
    connection = role_connection(role)
    connection.autocommit = False
    try:
        it = Intruder(connection, company)
        it.enter()
        yield it
        connection.commit()
    finally:
        connection.close()
