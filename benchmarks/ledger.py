"""Entries a second through ledger.services.post beside the same rows by plain psycopg, in turn in the same run.

The plain side is the limit: an entry, its lines and open items in three tables with foreign keys and the same kinds of
index, in one statement, without wall, guards, numbers, seals or totals. Use the ratios; the figures belong to the
machine.
Run with bin/bench ledger [rounds] [entries a round]. Prints one JSON object.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from statistics import median
from threading import Thread
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402

from companies.actor import ROBOT  # noqa: E402
from companies.doors import Door  # noqa: E402
from companies.scope import company_scope  # noqa: E402
from ledger.drafts import Draft  # noqa: E402
from ledger.roles import Role  # noqa: E402
from ledger.services import Posting, credit, debit, post, post_many  # noqa: E402
from relations.models import Party  # noqa: E402
from tests.conftest import TESTER, as_owner, role_connection  # noqa: E402
from tests.ledger.conftest import books  # noqa: E402

DAY = date(2026, 6, 1)
PLAIN = """
CREATE SCHEMA plain;
GRANT USAGE ON SCHEMA plain TO bo_app;
CREATE TABLE plain.account (id bigint PRIMARY KEY);
INSERT INTO plain.account SELECT generate_series(1, 50);
CREATE TABLE plain.entry (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, booked_on date, source text, reference
  text,
  key text UNIQUE);
CREATE TABLE plain.line (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, entry_id bigint REFERENCES plain.entry,
  position int, account_id bigint REFERENCES plain.account, party_id bigint, debit numeric(14,2), credit numeric(14,2));
CREATE INDEX ON plain.line (entry_id);
CREATE INDEX ON plain.line (account_id, id);
CREATE INDEX ON plain.line (party_id, account_id);
CREATE TABLE plain.item (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, line_id bigint REFERENCES plain.line,
  party_id bigint, due_date date, amount numeric(14,2));
CREATE INDEX ON plain.item (line_id);
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA plain TO bo_app;
CREATE FUNCTION plain.balanced() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF (SELECT sum(debit) <> sum(credit) FROM plain.line WHERE entry_id = NEW.entry_id) THEN RAISE 'unbalanced'; END IF;
  RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON plain.line DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  EXECUTE FUNCTION plain.balanced();
"""
INSERT = """
WITH e AS (INSERT INTO plain.entry (booked_on, source, reference, key) VALUES (%s, %s, %s, %s) RETURNING id),
l AS (INSERT INTO plain.line (entry_id, position, account_id, party_id, debit, credit)
  SELECT e.id, x.* FROM e, (VALUES (1, 1, %s::bigint, 1210.00, 0), (2, 2, NULL, 0, 1000.00), (3, 3, NULL, 0, 210.00))
  x(position, account, party, debit, credit) RETURNING id, party_id, debit)
INSERT INTO plain.item (line_id, party_id, due_date, amount) SELECT id, party_id, %s, debit FROM l WHERE debit > 0
"""


def register_debtors(company_id: int) -> None:
    """The thousand parties that the invoices are spread over; the ids are theirs, since the database is our own."""
    with company_scope(company_id, door=Door.WORKER, actor=ROBOT):
        Party.objects.bulk_create(
            Party(pk=n, number=f"R-{n}", kind="person", family_name=f"Meer {n}", sort_key=f"meer {n}", language="nl")
            for n in range(1, 1001)
        )


def lines(party: int) -> list[Draft]:
    """An invoice: debtor, premium, insurance tax."""
    return [
        debit(Role.DEBTORS, Decimal("1210.00"), party=party),
        credit(Role.PREMIUM, Decimal("1000.00"), line_of_business="motor"),
        credit(Role.INSURANCE_TAX_DUE, Decimal("210.00"), tax_code="high", tax_country="NL"),
    ]


def plain_singles(start: int, count: int) -> None:
    with role_connection("bo_app") as login:
        for number in range(start, start + count):
            with login.transaction():
                login.execute(INSERT, [DAY, "bench", f"F-{number}", f"k{number}", number % 1000 + 1, DAY])


def ours_singles(company_id: int, start: int, count: int) -> None:
    for number in range(start, start + count):
        with company_scope(company_id, door=Door.WORKER, actor=ROBOT):
            post(
                source="bench",
                reference=f"F-{number}",
                booked_on=DAY,
                actor=ROBOT,
                key=f"k{number}",
                lines=lines(number % 1000 + 1),
            )


def plain_copy(start: int, count: int) -> None:
    """The limit of bulk: COPY into the three tables, keys given out before."""
    with role_connection("bo_owner") as login, login.transaction(), login.cursor() as cursor:
        (entry,) = login.execute("SELECT coalesce(max(id), 0) + 1000000 FROM plain.entry").fetchone() or (0,)
        (line,) = login.execute("SELECT coalesce(max(id), 0) + 10000000 FROM plain.line").fetchone() or (0,)
        with cursor.copy("COPY plain.entry (id, booked_on, source, reference, key) FROM STDIN") as copy:
            for n in range(count):
                copy.write_row((entry + n, DAY, "bench", f"F-{start + n}", f"k{start + n}"))
        with cursor.copy(
            "COPY plain.line (id, entry_id, position, account_id, party_id, debit, credit) FROM STDIN"
        ) as copy:
            for n in range(count):
                copy.write_row((line + 3 * n, entry + n, 1, 1, n % 1000 + 1, "1210.00", "0"))
                copy.write_row((line + 3 * n + 1, entry + n, 2, 2, None, "0", "1000.00"))
                copy.write_row((line + 3 * n + 2, entry + n, 3, 3, None, "0", "210.00"))
        with cursor.copy("COPY plain.item (line_id, party_id, due_date, amount) FROM STDIN") as copy:
            for n in range(count):
                copy.write_row((line + 3 * n, n % 1000 + 1, DAY, "1210.00"))


def ours_bulk(company_id: int, start: int, count: int) -> None:
    postings = [
        Posting("bench", f"F-{number}", DAY, f"k{number}", lines(number % 1000 + 1))
        for number in range(start, start + count)
    ]
    with company_scope(company_id, door=Door.WORKER, actor=ROBOT):
        post_many(postings, actor=ROBOT)


def rate(work: Callable[[], None], count: int) -> float:
    begun = time.perf_counter()
    work()
    return count / (time.perf_counter() - begun)


def in_threads(work: Callable[[int], None], threads: int) -> None:
    def run(number: int) -> None:
        try:
            work(number)
        finally:
            connections.close_all()

    running = [Thread(target=run, args=[number]) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()


@contextmanager
def bench_database() -> Iterator[None]:
    """A database of its own, made by the owner; this process then logs in as the application."""
    with as_owner():
        config = setup_databases(verbosity=0, interactive=False)
    connections["default"].settings_dict.update(**TESTER, OPTIONS={"options": "-c role=bo_app"})
    try:
        with role_connection("bo_owner") as owner:
            owner.execute(PLAIN)
            owner.execute("GRANT INSERT ON ALL TABLES IN SCHEMA plain TO bo_owner")
        yield
    finally:
        with as_owner():
            teardown_databases(config, verbosity=0)


def statements_of_one_post(company_id: int) -> int:
    from django.test.utils import CaptureQueriesContext

    with company_scope(company_id, door=Door.WORKER, actor=ROBOT), CaptureQueriesContext(connection) as queries:
        post(source="bench", reference="F", booked_on=DAY, actor=ROBOT, key="statements", lines=lines(1))
    return len(queries)


def one_round(company_id: int, base: int, count: int) -> dict[str, float]:
    """Entries a second of each way, one after the other."""
    four, bulk = 4 * count, 10 * count
    return {
        "plain_single": rate(lambda: plain_singles(base, count), count),
        "ours_single": rate(lambda: ours_singles(company_id, base, count), count),
        "plain_4": rate(lambda: in_threads(lambda n: plain_singles(base + 100_000 * (n + 1), count), 4), four),
        "ours_4": rate(
            lambda: in_threads(lambda n: ours_singles(company_id, base + 100_000 * (n + 1), count), 4), four
        ),
        "plain_copy": rate(lambda: plain_copy(base + 600_000, bulk), bulk),
        "ours_bulk": rate(lambda: ours_bulk(company_id, base + 600_000, bulk), bulk),
    }


def measure(rounds: int, count: int) -> dict[str, Any]:
    """Medians over the rounds, plain and ours in turn."""
    company = books("bench", "provider")  # type: ignore[arg-type]
    register_debtors(company.pk)
    found: dict[str, list[float]] = {
        name: [] for name in ("plain_single", "ours_single", "plain_4", "ours_4", "plain_copy", "ours_bulk")
    }
    ours_singles(company.pk, 90_000_000, 1000)
    plain_singles(90_000_000, 1000)
    with role_connection("bo_owner") as owner:
        owner.execute("ANALYZE")  # as autovacuum does within a minute; plans made on empty tables are thrown away by it
    for turn in range(rounds):
        for name, value in one_round(company.pk, (turn + 1) * 1_000_000, count).items():
            found[name].append(value)
    middle = {name: median(values) for name, values in found.items()}
    return {
        "statements_per_post": statements_of_one_post(company.pk),
        **{f"{name}_per_second": round(value) for name, value in middle.items()},
        "ratio_single": round(middle["ours_single"] / middle["plain_single"], 2),
        "ratio_4": round(middle["ours_4"] / middle["plain_4"], 2),
        "ratio_bulk": round(middle["ours_bulk"] / middle["plain_copy"], 2),
    }


def main(arguments: list[str]) -> int:
    """Print the medians and ratios as one JSON object."""
    rounds, count = (int(arguments[0]) if arguments else 3), (int(arguments[1]) if len(arguments) > 1 else 400)
    settings.DATABASES["default"]["TEST"]["NAME"] = f"bench_{os.getpid()}"
    with bench_database():
        print(json.dumps(measure(rounds, count)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
