"""From a form that is sent to its mail, and a burst of applications, in the processes that bin/demo launches.

A database of its own that waits for the disk, broker, mail server, office, front office, operator, and a worker of two
processes with the clock. Customers send in and order by the pages, one after the other; then as many again while the
papers of 500 policies of a run wait; between them three times 500 applications at once, whose papers are the documents
that are counted, beside two processes that print such papers and do nothing else, before each burst and after it, since
a machine isn't equally fast at all times. A mail has arrived when the mail server has filed it whole.
Run with bin/bench mail [customers one after the other] [applications at once]. Prints one JSON object and keeps it in
docs/performance.md.
"""

import json
import sys
import time
from itertools import pairwise
from statistics import mean, median
from typing import TYPE_CHECKING, Any

from config.launch.commands.demo import clear
from config.launch.places import ROOT
from config.launch.processes import DEMO
from config.launch.stack import Stack
from proofs._record import keep_result
from proofs.kill_worker import connect, told

if TYPE_CHECKING:
    from benchmarks._customers import Applicant, Customers

VAR = ROOT / "var" / "bench-mail"
WITHIN, LEAST = 5.0, 0.8  # seconds to a mail of 95 of 100 customers; of the documents that are printed alone
ROUNDS = 3  # bursts
PRINTED = 10  # customers of whose papers two processes print again and again
SECONDS = 20.0


def printed_for(asked: tuple[float, list[tuple[str, Any, str, Any]]]) -> float:
    """Documents a second by the clock that a process prints of these contents in turn."""
    from documents.rendering.plain import from_plain
    from documents.rendering.render import render

    seconds, papers = asked
    contents = [(kind, from_plain(kind, plain), language, brand) for kind, plain, language, brand in papers]
    begun, count = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        for kind, content, language, brand in contents:
            render(kind, content, language=language, brand=brand)
        count += len(contents)
    return count / (time.perf_counter() - begun)


def one_after_the_other(customers: "Customers", applicants: "list[Applicant]") -> list[tuple[float, float]]:
    """Seconds to the quotation's and to the policy's mail of each."""
    return [customers.single(each) for each in applicants]


def printed_alone(customers: "Customers", applicants: "list[Applicant]") -> float:
    """Documents a second of two processes that print the quotations' papers of some and do nothing else."""
    from benchmarks.documents import in_processes

    found: list[float] = in_processes(2, printed_for, (SECONDS, customers.quoted(applicants[:PRINTED])))
    return sum(found)


def figures(of: str, found: list[tuple[float, float]]) -> dict[str, float]:
    """The middle and the 95th of 100."""
    mails = zip(("submit to quotation mail", "order to policy mail"), zip(*found, strict=True), strict=True)
    return {
        f"{of}, {mail}, {name}": round(value, 2)
        for mail, seconds in mails
        for name, value in (("median", median(seconds)), ("p95", p95(list(seconds))))
    }


def p95(values: list[float]) -> float:
    """The least value that 95 of 100 don't pass."""
    return sorted(values)[-(-len(values) * 95 // 100) - 1]


def measure(stack: Stack, singles: int, many: int) -> dict[str, Any]:
    from benchmarks._customers import Arrivals, Customers  # the models are there once the settings are read

    customers = Customers(Arrivals(stack.places.mailbox))
    one_after_the_other(customers, customers.prepared(2))  # each process has done everything once
    began = time.monotonic()
    first = customers.prepared(singles)
    alone = one_after_the_other(customers, first)
    told("singles", began)
    printed, drained = [printed_alone(customers, first)], []
    for _round in range(ROUNDS):
        crowd = customers.prepared(many)
        spent = customers.send_in(crowd)
        drained.append(len(customers.quoted(crowd)) / spent)
        told("burst", began)
        printed.append(printed_alone(customers, crowd))
        told("printed", began)
    ratios = [rate / mean(pair) for rate, pair in zip(drained, pairwise(printed), strict=True)]
    later = customers.prepared(singles)
    customers.order_as_a_run(crowd)
    waiting = customers.jobs("bulk")
    behind = []
    while later and customers.jobs("bulk"):
        behind += one_after_the_other(customers, [later.pop()])
    left = customers.jobs("bulk")
    told("behind a run", began)
    return {
        "singles": len(alone),
        **figures("singles", alone),
        "jobs of the run": waiting,
        "jobs of the run left at the end": left,
        "singles behind the run": len(behind),
        **figures("behind the run", behind),
        "applications at once": many,
        "burst, documents per second": [round(rate, 2) for rate in drained],
        "two processes that only print, before and after each": [round(rate, 2) for rate in printed],
        "burst, ratios": [round(ratio, 2) for ratio in ratios],
        "burst, ratio": round(median(ratios), 2),
    }


def main(arguments: list[str]) -> int:
    """Print and keep the figures; 0 where mails come in time and the burst is drained as fast as it must be."""
    singles, many = (
        int(arguments[place]) if len(arguments) > place else usual for place, usual in enumerate((20, 500))
    )
    clear(VAR)
    stack = Stack(VAR, demo=False, test=True, port=0, table=DEMO)
    stack.cluster.postgres.quick = False  # waits for the disk as the demo does
    try:
        stack.start()
        connect(stack)
        result = measure(stack, singles, many)
    finally:
        stack.stop()
    missed = [name for name, value in result.items() if name.endswith("p95") and value >= WITHIN]
    missed += ["burst"] * (result["burst, ratio"] < LEAST)
    print(json.dumps({**result, "missed": missed}), flush=True)
    if not arguments:
        keep_result("mail", result, ROOT / "docs" / "performance.md")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
