"""The heaviest queries of the office's pages behind the wall, beside the same queries of a role that it doesn't hold.

The queries are those that pages ask over HTTP (benchmarks/pages.py). With the wall they run as bo_app in the company's
context; without it as a superuser, in the same context and database, through views that name the company as plainly as
a WHERE would: both find the same rows. Warm, in turn, the medians of each round.
Run with bin/bench wall [policies] [rounds] [turns of a round]. Prints one JSON object and keeps it in
docs/performance.md.
"""

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import psycopg
from psycopg import sql

from benchmarks._stack import COMPANY, served, stop_worker
from benchmarks.pages import PAGES, ROUNDS, USUAL, entered, told
from config.launch.places import ROOT
from config.launch.roles import database_url
from config.launch.stack import Stack
from config.launch.walk.staff import ADMINISTRATORS
from proofs._record import keep_text

MOST, HEAVIEST = 1.3, 10
PLAIN = "bench_plain"
WALLED = (
    "SELECT relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'company_id' "
    "WHERE relnamespace = 'public'::regnamespace AND relforcerowsecurity"
)
READER = (
    "SELECT m.company_id, m.id, m.user_id FROM companies_membership m JOIN companies_company c ON c.id = m.company_id "
    "JOIN companies_user u ON u.id = m.user_id WHERE c.slug = %s AND u.email = %s AND m.door = 'office'"
)


@dataclass
class Query:
    """One query, the page that asks it first, and the medians of its rounds in milliseconds."""

    page: str
    text: str
    walled: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return round(median(own / other for own, other in zip(self.walled, self.plain, strict=True)), 2)


def asked(stack: Stack, policies: int) -> list[Query]:
    """Every query of the office's pages, once."""
    here = entered(stack, policies)
    stop_worker(stack)
    found: dict[str, Query] = {}
    for name, address in PAGES.items():
        for text in here.count(name) if address.startswith("office/") else []:
            if text.startswith(("SELECT", "WITH")) and "sec.enter" not in text:
                found.setdefault(text, Query(name, text))
    return list(found.values())


@contextmanager
def plain_views(login: psycopg.Connection[Any], company: int) -> Iterator[None]:
    """A schema whose views hold one company's rows."""
    login.execute(f"DROP SCHEMA IF EXISTS {PLAIN} CASCADE; CREATE SCHEMA {PLAIN}")
    for (table,) in login.execute(WALLED).fetchall():
        name = sql.Identifier(table)
        own = sql.SQL("CREATE VIEW {} AS SELECT * FROM public.{} WHERE company_id = {}")
        login.execute(own.format(sql.Identifier(PLAIN, table), name, sql.Literal(company)))
    login.execute(f"SET search_path = {PLAIN}, public")
    try:
        yield
    finally:
        login.execute(f"RESET search_path; DROP SCHEMA {PLAIN} CASCADE")


def timed(login: psycopg.Connection[Any], text: str) -> tuple[float, int]:
    """Milliseconds until all rows are there, and how many."""
    begun = time.perf_counter()
    rows = login.execute(text).fetchall()
    return (time.perf_counter() - begun) * 1000, len(rows)


def heaviest(queries: Sequence[Query], walled: Any, plain: Any) -> tuple[list[Query], list[str]]:
    """The queries that take longest behind the wall, and what couldn't be asked without it."""
    spent, refused = [], []
    for query in queries:
        try:
            with plain.transaction():
                (_first, rows), (own, found) = timed(plain, query.text), timed(walled, query.text)
        except psycopg.Error as error:
            refused.append(f"{query.page}: {error.diag.message_primary}")
            continue
        if rows != found:
            raise SystemExit(f"{query.page}: {found} rows behind the wall, {rows} without it: {query.text}")
        spent.append((own, query))
    spent.sort(key=lambda pair: -pair[0])
    return [query for _own, query in spent[:HEAVIEST]], refused


def in_turn(query: Query, walled: Any, plain: Any, turns: int) -> None:
    """One round of one query: both ways warm, then in turn."""
    timed(walled, query.text), timed(plain, query.text)
    both = [(timed(walled, query.text)[0], timed(plain, query.text)[0]) for _turn in range(turns)]
    query.walled.append(median(own for own, _other in both))
    query.plain.append(median(other for _own, other in both))


def measured(stack: Stack, policies: int, rounds: int, turns: int) -> tuple[list[Query], list[str]]:
    """The heaviest queries, measured."""
    queries = asked(stack, policies)
    os.environ |= stack.environment("manage")
    import django

    django.setup()  # the proof of a context is made with the key of these settings
    from tests.contexts import set_context

    url = database_url(stack.cluster.postgres, "bo_app")
    plain_login = stack.cluster.postgres.connect("polisdesk")
    with closing(psycopg.connect(url)) as walled, closing(plain_login) as plain:
        walled.prepare_threshold = plain.prepare_threshold = None
        company, membership, user = plain.execute(READER, [COMPANY, ADMINISTRATORS[COMPANY]]).fetchone() or (0, 0, 0)
        with plain_views(plain, company), plain.transaction():
            for login in (walled, plain):
                set_context(login, company=company, door="office", membership=membership, login=user)
            heavy, refused = heaviest(queries, walled, plain)
            for _round in range(rounds):
                for query in heavy:
                    in_turn(query, walled, plain, turns)
    return heavy, refused


def table(queries: Sequence[Query]) -> str:
    """The figures as docs/performance.md shows them."""
    rows = [
        f"| {each.page} | {shown(each.text)} | {median(each.walled):.2f} | {median(each.plain):.2f} | {each.ratio} |"
        for each in queries
    ]
    return "\n".join(["| page | query | with the wall, ms | without, ms | ratio |", "|---|---|---|---|---|", *rows])


def shown(text: str) -> str:
    """What a query asks, in a few words: its end, without values."""
    _select, _from, rest = text.partition(" FROM ")
    words = "".join(rest.split("'")[::2]).replace('"', "").replace("|", "/").split()
    return f"`{' '.join(words)[:90]}`"


def main(arguments: list[str]) -> int:
    """Print and keep the figures; 0 if the wall costs no query more than wanted."""
    policies, rounds, turns = [*map(int, arguments), *(USUAL, ROUNDS, 15)[len(arguments) :]]
    load = os.getloadavg()
    with served(policies) as stack:
        queries, refused = measured(stack, policies, rounds, turns)
    costly = [f"{query.page} ({query.ratio})" for query in queries if query.ratio > MOST]
    figures = [{"page": each.page, "ratio": each.ratio, "query": each.text} for each in queries]
    print(json.dumps({"queries": figures, "dearer than wanted": costly, "not asked without": refused}), flush=True)
    about = f"{told(arguments, 'wall', load)} {policies:,} policies, medians of {rounds} rounds of {turns} turns."
    late = f"Dearer than wanted: {', '.join(costly)}." if costly else "The wall costs none more than wanted."
    if policies >= USUAL and rounds >= ROUNDS:
        keep_text("wall", f"{about}\n\n{table(queries)}\n\n{late}\n", ROOT / "docs" / "performance.md")
    return 1 if costly else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
