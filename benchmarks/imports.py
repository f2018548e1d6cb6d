"""A file of 50,000 relations taken over: read, staged, tried and imported, each by itself, as page and worker do it.

The yardstick is the same work at the beginning: the last tenth of the lines is to cost no more than the first, and no
step may hold more than the file's own size accounts for.
Run with bin/bench imports [lines]. Prints one JSON object and keeps it in docs/performance.md.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.rights import bench_database  # sets Django up

# isort: split
from django.conf import settings

from companies.actor import Actor
from companies.clock import today
from companies.imports.carrying import BLOCK_OF_CHECK, BLOCK_OF_RUN
from companies.imports.kinds import KINDS
from companies.imports.reading import read_file
from companies.imports.services import run_import, stage_import
from companies.jobs import run_job
from companies.models import Company, Import, Job
from config.launch.places import ROOT
from proofs._record import keep_result
from tests import given
from tests.imports import scenes

KIND = "relations"
WORST = 1.5  # how many times the first tenth's pace the last one may take


def peak() -> float:
    """Megabytes that this process held at most since `fresh_peak`."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def fresh_peak() -> float:
    """Forget the most that was held; how many megabytes are held now."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak()


@contextmanager
def measured(result: dict[str, Any], step: str, lines: int) -> Iterator[None]:
    """Lines per second of a step, and the megabytes it held beside what was there before."""
    before, begun = fresh_peak(), time.perf_counter()
    yield
    result[f"{step}, lines per second"] = round(lines / (time.perf_counter() - begun), 1)
    result[f"{step}, megabytes more at most"] = round(peak() - before, 1)


def file_of(lines: int) -> bytes:
    """Households of two at one address, each with a mail and a birth date, every other one with an account."""
    rows = (
        scenes.a_relation(
            n,
            given_name=f"Voornaam {n % 977}",
            birth_date=f"{1 + n % 28:02}-{1 + n % 12:02}-{1940 + n % 65}",
            street=f"Straat {n // 2 % 4001}",
            house_number=str(1 + n // 2 % 180),
            postcode=f"{1000 + n // 2 % 8999} AB",
        )
        for n in range(1, lines + 1)
    )
    return scenes.file_of(rows)


def carried(company: Company) -> list[float]:
    """Do all jobs as a worker does them; the seconds of each block."""
    seconds: list[float] = []
    while True:
        with given.inside(company):
            waiting = Job.objects.filter(state="open", kind__startswith="import.")
            ticket = waiting.values_list("ticket", flat=True).first()
        if ticket is None:
            return seconds
        begun = time.perf_counter()
        if not run_job(ticket):
            raise SystemExit("A block of the import failed.")
        seconds.append(time.perf_counter() - begun)
        if len(seconds) % 10 == 0:
            last, held = sum(seconds[-10:]), peak()
            print(f"{len(seconds)} blocks, the last ten in {last:.1f} s, {held:.0f} MB", file=sys.stderr, flush=True)


def slower(seconds: list[float]) -> float:
    """How many times the first tenth's time the last one took; the last block, with its sums, left out."""
    whole = seconds[:-1] if len(seconds) > 1 else seconds
    many = max(1, len(whole) // 10)
    return round(sum(whole[-many:]) / sum(whole[:many]), 2)


def measure(lines: int) -> dict[str, Any]:
    company = given.company("duinhaven")
    clerk = scenes.clerk_of(company)
    result: dict[str, Any] = {"lines": lines}
    content = file_of(lines)
    result["megabytes of the file"] = round(len(content) / 1e6, 1)
    found = brought(company, clerk, content, result)
    del content
    for step, block in (("check", BLOCK_OF_CHECK), ("import", BLOCK_OF_RUN)):
        if step == "import":
            with given.inside(company, clerk):
                run_import(found=found, actor=clerk, on=today(company))
        with measured(result, step, lines):
            seconds = carried(company)
        result[f"{step}, last tenth by first"] = slower(seconds)
        result[f"{step}, seconds of the longest block of {block}"] = round(max(seconds), 2)
        print(step, result, file=sys.stderr, flush=True)
    found = scenes.fresh(company, found)
    return result | {"imported": found.counts.get("imported", 0), "reconciled": bool(found.reconciled)}


def brought(company: Company, clerk: Actor, content: bytes, result: dict[str, Any]) -> Import:
    """The file as the page reads and keeps it."""
    of, lines = KINDS[KIND], result["lines"]
    with measured(result, "read", lines):
        cells = read_file(content, columns=of.names, needed=of.needed)
    with measured(result, "stage", lines), given.inside(company, clerk):
        return stage_import(kind=of, name="relations.csv", content=content, lines=cells, actor=clerk, on=today(company))


def main(arguments: list[str]) -> int:
    """Print and keep the figures; 0 if all lines came in, and the last at the pace of the first."""
    lines = int(arguments[0]) if arguments else Import.MOST_ROWS
    settings.DATABASES["default"]["TEST"]["NAME"] = f"bench_{os.getpid()}"
    with bench_database():
        result = measure(lines)
    print(json.dumps(result), flush=True)
    if not arguments:
        keep_result("imports", result, ROOT / "docs" / "performance.md")
    even = all(result[f"{step}, last tenth by first"] <= WORST for step in ("check", "import"))
    return 0 if even and result["reconciled"] and result["imported"] == lines else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
