"""Our invoice, policy and information document a second, beside the same HTML as WeasyPrint prints it by itself.

Ours is `render`: from content to PDF/UA bytes, with cleaning, template, the information document's check and the heads'
scopes. The yardstick prints the HTML that ours made, in the same PDF variant, with a style sheet and fonts of its own
each time and the same refusal of foreign addresses; both in turn, by seconds of the processor. Then, by the clock, two
processes beside one with all three documents in turn; and the memory of a process after 200 and after 2,000 documents.
Run with bin/bench documents [rounds] [seconds a measure] [documents of the memory's process]. Prints one JSON object
and keeps it in docs/performance.md.
"""

import io
import itertools
import json
import os
import sys
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from threading import Barrier
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import pikepdf  # noqa: E402
from weasyprint import CSS, HTML  # noqa: E402
from weasyprint.text.fonts import FontConfiguration  # noqa: E402

from config.launch.places import ROOT  # noqa: E402
from documents.rendering.brand import demo_brand  # noqa: E402
from documents.rendering.fetcher import ASSETS, BASE_URL, AssetFetcher  # noqa: E402
from documents.rendering.render import Rendered, render  # noqa: E402
from documents.rendering.renderer import VARIANT  # noqa: E402
from proofs._record import keep_result  # noqa: E402
from tests.documents.rendering import given  # noqa: E402

MAKERS: dict[str, Callable[..., Any]] = {"invoice": given.invoice, "policy": given.policy, "ipid": given.ipid}
BRAND = demo_brand("duinbaken")
NUMBERS = itertools.count(1)
FIRST = 200  # documents after which a process has what it keeps: fonts, sheet, pictures, templates
LEAST, LEAST_TWO, MOST_GROWTH = 1.3, 1.8, 1.15
FIGURES: dict[str, Callable[[tuple[float, float]], float]] = {
    "ours per second": lambda row: row[0],
    "WeasyPrint per second": lambda row: row[1],
    "ratio": lambda row: row[0] / row[1],
}
PAGE = os.sysconf("SC_PAGE_SIZE")


def ours(name: str) -> Rendered:
    """A document with a number that no earlier one had."""
    content = MAKERS[name](number=f"N-2026-{next(NUMBERS):06}")
    return render(name, content, language="nl", brand=BRAND)


def naive(source: str) -> bytes:
    """The same HTML by WeasyPrint alone."""
    fetcher, fonts = AssetFetcher(), FontConfiguration()
    text = (ASSETS / "print.css").read_text(encoding="utf-8")
    sheet = CSS(string=text, base_url=BASE_URL, font_config=fonts, url_fetcher=fetcher)
    html = HTML(string=source, base_url=BASE_URL, url_fetcher=fetcher)
    return bytes(html.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant=VARIANT))


def both_ways(name: str, seconds: float) -> tuple[float, float]:
    """Documents a second of the processor, ours and the yardstick's, one of each in turn for at least so long."""
    mine = theirs = 0.0
    count = 0
    while min(mine, theirs) < seconds:
        begun = time.process_time()
        printed = ours(name)
        between = time.process_time()
        plain = naive(printed.source)
        mine, theirs = mine + between - begun, theirs + time.process_time() - between
        count += 1
    with pikepdf.open(io.BytesIO(plain)) as file:
        if len(file.pages) != printed.pages:
            raise ValueError(f"Expected {printed.pages} pages from both ways, found {len(file.pages)} by WeasyPrint.")
    return count / mine, count / theirs


def warm_up(ready: Barrier) -> None:
    """A process has printed each document once, and waits for the others."""
    for name in MAKERS:
        ours(name)
    ready.wait()


def printed_for(seconds: float) -> float:
    """Documents a second by the clock, the three in turn."""
    begun, count = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        for name in MAKERS:
            ours(name)
        count += len(MAKERS)
    return count / (time.perf_counter() - begun)


def memory_over(number: int) -> tuple[float, float]:
    """Megabytes that a process holds after its first documents and after so many."""
    after = []
    for place in range(1, number + 1):
        ours(list(MAKERS)[place % len(MAKERS)])
        if place in {min(FIRST, number // 2), number}:
            after.append(int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE / 1e6)
    return after[0], after[-1]


def in_processes(count: int, work: Callable[[Any], Any], argument: Any) -> list[Any]:
    """What so many fresh processes give that begin together."""
    context = get_context("spawn")
    with context.Pool(count, warm_up, (context.Barrier(count),)) as pool:
        return pool.map(work, [argument] * count, chunksize=1)


def measure(rounds: int, seconds: float, number: int) -> dict[str, Any]:
    """Medians of the rounds; a ratio is that of one round."""
    pairs: dict[str, list[tuple[float, float]]] = {name: [] for name in MAKERS}
    workers: list[tuple[float, float]] = []
    for name in MAKERS:
        naive(ours(name).source)
    for _round in range(rounds):
        for name, found in pairs.items():
            found.append(both_ways(name, seconds))
        (one,), two = in_processes(1, printed_for, seconds), in_processes(2, printed_for, seconds)
        workers.append((one, sum(two)))
    ((first, last),) = in_processes(1, memory_over, number)
    return {
        "rounds": rounds,
        **{
            f"{name}, {what}": round(median(figure(row) for row in found), 2)
            for name, found in pairs.items()
            for what, figure in FIGURES.items()
        },
        "one worker per second": round(median(one for one, _two in workers), 2),
        "two workers per second": round(median(two for _one, two in workers), 2),
        "two workers, ratio": round(median(two / one for one, two in workers), 2),
        "documents of one process": number,
        "megabytes after the first 200": round(first, 1),
        "megabytes after all": round(last, 1),
        "memory, ratio": round(last / first, 3),
    }  # fmt: skip


def main(arguments: list[str]) -> int:
    """Print and keep the figures; 0 where each is as good as it must be."""
    rounds = int(arguments[0]) if arguments else 3
    seconds = float(arguments[1]) if len(arguments) > 1 else 5.0
    result = measure(rounds, seconds, int(arguments[2]) if len(arguments) > 2 else 2000)
    missed = [name for name in MAKERS if result[f"{name}, ratio"] < LEAST]
    missed += ["two workers"] * (result["two workers, ratio"] < LEAST_TWO)
    missed += ["memory"] * (result["memory, ratio"] > MOST_GROWTH)
    print(json.dumps({**result, "missed": missed}), flush=True)
    if not arguments:
        keep_result("documents", result, ROOT / "docs" / "performance.md")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
