"""From applications to booked policies by our services, beside the same rows in the same tables by plain psycopg.

Single: applications handed in and orders sent wait as commands; the worker carries them out one by one, with wall,
trail, rights, jobs and checks. Papers are apart (filed before the orders, none is rendered), rating is taken off.
Bulk: orders that wait are issued in lists of 500. Each side works in a fresh copy of one database, in turn, and the
floor writes what ours wrote (benchmarks/_same_rows.py): single by one insert a table, bulk by COPY.
Run with bin/bench chain [rounds] [applications of a round] [orders of a round]. Prints one JSON object and keeps it in
docs/performance.md.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from statistics import median
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases  # noqa: E402
from django.utils import timezone  # noqa: E402

from applications.services import submit  # noqa: E402
from benchmarks import _same_rows as floor  # noqa: E402
from companies import clock  # noqa: E402
from companies.actor import ROBOT  # noqa: E402
from companies.doors import Door  # noqa: E402
from companies.jobs import run_job  # noqa: E402
from companies.links import open_link  # noqa: E402
from companies.models import Company, Job, LinkKind  # noqa: E402
from companies.past import Asked, remember  # noqa: E402
from companies.tasks import work  # noqa: E402
from config.launch.places import ROOT  # noqa: E402
from documents.models import Document, DocumentKind, File  # noqa: E402
from policies.services.issue import issue_policies  # noqa: E402
from policies.services.past import open_links, take_over, wish  # noqa: E402
from portal.demo_portfolio.plan import Portfolio, Sellers, chunk  # noqa: E402
from products.language import evaluate  # noqa: E402
from products.selectors import live_versions  # noqa: E402
from proofs._record import keep_result  # noqa: E402
from quotations.models import Order, Quotation, QuotationState  # noqa: E402
from quotations.services.orders import Will, take_orders  # noqa: E402
from tests import given  # noqa: E402
from tests.conftest import TESTER, as_owner, drop_copy, fresh_copy, role_connection  # noqa: E402

LIST = 500  # orders that are issued together
READY, OURS, FLOOR = "_ready", "_ours", "_floor"
FIRST = date(2026, 1, 1)


@contextmanager
def bench_database() -> Iterator[str]:
    """A database of its own, made by the owner; this process then logs in as the application. Its name."""
    with as_owner():
        config = setup_databases(verbosity=0, interactive=False)
    connections["default"].settings_dict.update(**TESTER, OPTIONS={"options": "-c role=bo_app"})
    name = str(connections["default"].settings_dict["NAME"])
    try:
        yield name
    finally:
        for suffix in (OURS, FLOOR):
            move_to(name)
            drop_copy(suffix)
        with as_owner():
            teardown_databases(config, verbosity=0)


def move_to(name: str) -> None:
    """This process works in another copy."""
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name


def analyse(name: str) -> None:
    """As autovacuum does within a minute."""
    with role_connection("bo_owner", dbname=name) as owner:
        owner.execute("ANALYZE")


def waiting_orders(company: Company, count: int) -> None:
    """Orders that were taken and not yet issued, of as many customers as a portfolio has."""
    whole = Portfolio(company, count, FIRST, clock.today(company) - timedelta(days=1), seed=3)
    for place in range(whole.chunks):
        with given.inside(company):
            drawn = chunk(whole, place, Sellers(list(live_versions()), []))
            pasts = [replace(past, ordered_on=None) for past in drawn if past.ordered_on]
            found = [each for each in take_over(pasts=pasts, company=company, actor=ROBOT) if each.quotation]
            offers = [(each, each.quotation) for each in found if each.quotation]
            links = open_links([(each.case, offer.valid_until) for each, offer in offers], company, kind=LinkKind.CASE)
            asked = [
                Asked("order", uuid4(), each.case.pk, link.pk, wish(each.past, offer))
                for (each, offer), link in zip(offers, links, strict=True)
            ]
            commands = remember(asked, company_id=company.pk)
            wills = [
                Will(offer, command, link, each.past.applied_on, [])
                for (each, offer), command, link in zip(offers, commands, links, strict=True)
            ]
            take_orders(wills, actor=ROBOT)


def handed_in(company: Company, count: int) -> None:
    """Applications that wait for the worker, each of a customer of his own."""
    for place in range(count):
        name = f"Bench {place}"
        holder = {**given.HOLDER, "name": name, "email": f"bench{place}@verbruggen.example"}
        draft: Any = given.draft(company, holder=holder)
        given.knocked(company, "apply", case_id=draft.case_id, link_id=draft.link_id, door=Door.FRONT, payload={})


def tickets(company: Company, kind: str) -> list[Any]:
    with given.inside(company):
        return list(Job.objects.filter(kind=kind, state="open").order_by("pk").values_list("ticket", flat=True))


def sent_orders(company: Company) -> None:
    """Papers in the files of the open quotations, and their customers' orders; one paper's bytes stand for all."""
    with given.inside(company):
        file, _made = File.objects.get_or_create(sha256="0" * 64, defaults={"media_type": "application/pdf", "size": 1})
        quotations = list(Quotation.objects.filter(state=QuotationState.OPEN, valid_from=clock.today(company)))
        links = {}
        for row in quotations:
            Document.objects.create(
                case_id=row.case_id, kind=DocumentKind.QUOTATION, key="quotation", reference=row.number, language="nl",
                file=file, source=file, pages=1, source_sha256="", fingerprint="", content={}, on=row.valid_from,
            )  # fmt: skip
            until = timezone.now() + timedelta(days=30)
            links[row.pk] = open_link(kind=LinkKind.CASE, addressee="customer", expires_at=until, case_id=row.case_id)
    shown = [{"sha256": file.sha256}]
    for row in quotations:
        payload = {"plan": row.plan, "birth_date": given.HOLDER["birth_date"], "documents": shown}
        where = {"case_id": row.case_id, "link_id": links[row.pk].pk}
        given.knocked(company, "order", **where, door=Door.LINK, payload=payload)


class Rating:
    """The seconds that rating took."""

    def __init__(self) -> None:
        self.seconds, self.evaluate = 0.0, evaluate

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        begun = time.perf_counter()
        try:
            return self.evaluate(*args, **kwargs)
        finally:
            self.seconds += time.perf_counter() - begun


def carried_out(jobs: Sequence[Any]) -> float:
    """Seconds in which a worker does these jobs, without rating."""
    rating = Rating()
    with patch.object(submit, "evaluate", rating):
        begun = time.perf_counter()
        done = [run_job(ticket) for ticket in jobs]
        spent = time.perf_counter() - begun
    if not all(done):
        raise RuntimeError("A job of the bench failed.")
    return spent - rating.seconds


def issued(company: Company, *, most: int | None = None) -> tuple[float, float, int]:
    """Seconds in which waiting orders are issued in lists; beside them those of reading the orders, and how many."""
    with given.inside(company):
        numbers = list(Order.objects.order_by("pk").exclude(pk__in=issued_orders()).values_list("pk", flat=True)[:most])
    reading = writing = 0.0
    for start in range(0, len(numbers), LIST):
        begun = time.perf_counter()
        with given.inside(company):
            orders = list(read_orders(numbers[start : start + LIST]))
            read = time.perf_counter()
            issue_policies(orders=orders, actor=ROBOT)
        writing += time.perf_counter() - read
        reading += read - begun
    return writing, reading, len(numbers)


def issued_orders() -> Any:
    from policies.models import Policy

    return Policy.objects.values("order")


def read_orders(numbers: Sequence[int]) -> Any:
    """Orders with all that they are issued from; a product's document is read once."""
    return (
        Order.objects.filter(pk__in=numbers)
        .select_related("quotation__case", "quotation__assessment__application__adviser",
                        "quotation__assessment__application__known")
        .prefetch_related("quotation__assessment__application__version__product")
        .defer("quotation__assessment__trace")
        .order_by("pk")
    )  # fmt: skip


def bulk_round(name: str, company: Company) -> dict[str, float]:
    """Policies a second of both ways, from the same waiting orders."""
    move_to(name)
    with floor.owner(fresh_copy(FLOOR, of="")) as login:
        since = floor.newest(login, list(floor.ISSUED))
    move_to(fresh_copy(OURS, of=""))
    analyse(f"{name}{OURS}")
    seconds, reading, count = issued(company)
    move_to(name)
    with floor.owner(f"{name}{OURS}") as login:
        tables = floor.rows_since(login, floor.ISSUED, since)
    cases = sorted({case for rows in tables for case in rows.of})
    analyse(f"{name}{FLOOR}")
    with floor.owner(f"{name}{FLOOR}") as login:
        begun = time.perf_counter()
        for start in range(0, len(cases), LIST):
            floor.copied(login, tables, cases[start : start + LIST])
        plain = time.perf_counter() - begun
        check_same(login, tables, since)
    rows = sum(len(each) for table in tables for each in table.of.values())
    return {"ours": count / seconds, "reading": reading / seconds, "floor": len(cases) / plain, "rows": rows / count}


def check_same(login: Any, tables: Sequence[floor.Rows], since: dict[str, int]) -> None:
    """The floor wrote as many rows as ours."""
    found = floor.rows_since(login, {rows.table: "0" for rows in tables}, since)
    for ours, theirs in zip(tables, found, strict=True):
        wrote, written = (sum(len(each) for each in rows.of.values()) for rows in (ours, theirs))
        if wrote != written:
            raise RuntimeError(f"{ours.table}: ours wrote {wrote} rows, the floor {written}.")


def single_round(name: str, company: Company) -> dict[str, float]:
    """Booked policies a second of both ways, from the same applications."""
    move_to(name)
    both = {**floor.APPLIED, **floor.ORDERED, **floor.ISSUED}
    with floor.owner(fresh_copy(FLOOR, of="")) as login:
        since = floor.newest(login, [*both, *floor.PREPARED])
    move_to(fresh_copy(OURS, of=""))
    analyse(f"{name}{OURS}")
    jobs = tickets(company, "command.apply")
    seconds = carried_out(jobs)
    with floor.owner(f"{name}{OURS}") as login:
        halfway = floor.newest(login, list(both))
    sent_orders(company)
    seconds += carried_out(tickets(company, "command.order"))
    move_to(name)
    with floor.owner(f"{name}{OURS}") as login:
        prepared = floor.rows_since(login, floor.PREPARED, since)
        whole = floor.rows_since(login, both, since)
        later = floor.rows_since(login, both, halfway)
        commands = {
            (case, kind): (number, job) for case, kind, number, job in login.execute(
                "SELECT c.case_id, c.kind, c.id, j.id FROM companies_command c JOIN companies_job j "
                "ON j.key = 'command:' || c.id").fetchall()
        }  # fmt: skip
    first = [without(rows, after) for rows, after in zip(whole, later, strict=True)]
    cases = sorted(case for case, kind in commands if kind == "order")
    analyse(f"{name}{FLOOR}")
    with floor.owner(f"{name}{FLOOR}") as login:
        begun = time.perf_counter()
        for case in cases:
            command, job = commands[case, "apply"]
            floor.inserted(login, first, case, command=command, job=job)
        plain = time.perf_counter() - begun
        floor.copied(login, prepared, [0, *cases])
        begun = time.perf_counter()
        for case in cases:
            command, job = commands[case, "order"]
            floor.inserted(login, later, case, command=command, job=job)
        plain += time.perf_counter() - begun
    return {"ours": len(jobs) / seconds, "floor": len(cases) / plain}


def without(rows: floor.Rows, later: floor.Rows) -> floor.Rows:
    """The rows of a table that aren't among later ones."""
    found = floor.Rows(rows.table, rows.columns, rows.types)
    for case, written in rows.of.items():
        found.of[case] = [row for row in written if row not in later.of.get(case, ())]
    return found


def statements_of_an_order(company: Company) -> int:
    """Statements of one order, SAVEPOINT and RELEASE not counted."""
    (ticket, *_rest) = tickets(company, "command.order")
    with CaptureQueriesContext(connection) as seen:
        run_job(ticket)
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in seen)


def measure(name: str, rounds: int, singles: int, bulk: int) -> dict[str, Any]:
    """Medians of the rounds, both ways in turn. A list of policies is there before: series and books have begun, and
    the planner has counted tables with rows; of one row it would take each company to be another.
    """
    company = given.provider("bench")
    handed_in(company, 1)
    carried_out(tickets(company, "command.apply"))
    sent_orders(company)
    statements = statements_of_an_order(company)
    handed_in(company, singles)
    waiting_orders(company, bulk + LIST)
    issued(company, most=LIST)
    analyse(name)
    found: dict[str, list[dict[str, float]]] = {"single": [], "bulk": []}
    for _round in range(rounds):
        found["single"].append(single_round(name, company))
        found["bulk"].append(bulk_round(name, company))
        gc.collect()
    middle = partial(middle_of, found)
    return {
        "rounds": rounds,
        "applications": singles,
        "orders in bulk": bulk,
        "statements of an order": statements,
        "single, ours per second": round(middle("single", "ours"), 1),
        "single, floor per second": round(middle("single", "floor"), 1),
        "single, ratio": round(median(row["ours"] / row["floor"] for row in found["single"]), 2),
        "bulk, ours per second": round(middle("bulk", "ours")),
        "bulk, floor per second": round(middle("bulk", "floor")),
        "bulk, ratio": round(median(row["ours"] / row["floor"] for row in found["bulk"]), 2),
        "bulk, rows of a policy beside history": round(middle("bulk", "rows"), 1),
        "bulk, reading the orders beside it": f"{middle('bulk', 'reading'):.0%} of ours",
    }


def middle_of(found: dict[str, list[dict[str, float]]], way: str, what: str) -> float:
    return median(row[what] for row in found[way])


def main(arguments: list[str]) -> int:
    """Print the medians and ratios as one JSON object."""
    rounds, singles, bulk = (
        int(arguments[place]) if len(arguments) > place else usual for place, usual in enumerate((3, 100, 10_000))
    )
    settings.DATABASES["default"]["TEST"]["NAME"] = f"bench_{os.getpid()}"
    with bench_database() as name, patch.object(work, "apply_async", lambda *args, **options: None):
        result = measure(name, rounds, singles, bulk)
    print(json.dumps(result))
    if len(arguments) < 4:
        keep_result("chain", result, ROOT / "docs" / "performance.md")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
