"""The most used pages over HTTP, served as `bin/demo --policies N` serves them: milliseconds, queries and bytes.

Readers log in once, the auditor with her second factor. Each round asks for each page as often, for other cases,
parties and words each time; a second, larger portfolio is served beside the first and asked in turn with it.
Run with bin/bench pages [larger portfolio, 0 for none] [portfolio] [rounds] [requests of a page in a round]. Portfolios
are made at the first run and kept under var/. Prints one JSON object and keeps it in docs/performance.md.
"""

import http.client
import json
import os
import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any
from urllib.parse import quote, urlsplit

from benchmarks._stack import COMPANY, served, statements, stop_worker
from config.launch.places import ROOT
from config.launch.stack import Stack
from config.launch.walk.browser import Browser
from config.launch.walk.first_sale import KNOWN
from config.launch.walk.mails import FILED, read
from config.launch.walk.staff import ADMINISTRATORS, ILSE, enter
from proofs._record import commit, keep_text

MOST_P95, MOST_RATIO, DRAWN = 100, 1.3, 60
USUAL, ROUNDS = 20_000, 5  # what a run that is kept measures at least
Words = Mapping[str, Sequence[str]]
POLICIES = (
    "policies_policy p JOIN documents_case c ON c.id = p.case_id JOIN relations_party h ON h.id = p.holder_id "
    "LEFT JOIN relations_party a ON a.id = p.adviser_id WHERE p.company_id = %(company)s"
)
DRAWS = {  # what stands in addresses
    "case": f"SELECT c.number FROM {POLICIES}",
    "party": f"SELECT h.number FROM {POLICIES}",
    "name": f"SELECT h.family_name FROM {POLICIES}",
    "advised": f"SELECT c.number FROM {POLICIES} AND a.email = '{ILSE}'",
    "own": f"SELECT p.number FROM {POLICIES} AND h.email = '{KNOWN.email}'",
    "owner": "SELECT h.number FROM ledger_openitem i JOIN relations_party h ON h.id = i.party_id "
    "WHERE i.company_id = %(company)s AND i.amount > 0",
    "debtors": "SELECT code FROM ledger_account WHERE role = 'debtors' AND company_id = %(company)s",
    "product": "SELECT 'nl-horse-trailer'",
}
OFFICE, ADVISERS, FOLDER, FRONT = "office/", "advisers/", "folder/", "apply/"
PAGES = {  # name: address in the company, with a word drawn for it
    "today": OFFICE,
    "applications": f"{OFFICE}applications/",
    "quotations": f"{OFFICE}quotations/",
    "policies": f"{OFFICE}policies/",
    "policies by name": f"{OFFICE}policies/?q={{name}}",
    "invoices": f"{OFFICE}invoices/",
    "relations": f"{OFFICE}relations/",
    "search": f"{OFFICE}search/?q={{name}}",
    "case": f"{OFFICE}cases/{{case}}/",
    "timeline of a case": f"{OFFICE}cases/{{case}}/timeline/",
    "party": f"{OFFICE}relations/{{party}}/",
    "waiting for an acceptor": f"{OFFICE}acceptance/",
    "refusals to look at": f"{OFFICE}acceptance/reviews/",
    "figures of acceptance": f"{OFFICE}acceptance/figures/",
    "figures of policies": f"{OFFICE}policies/figures/",
    "ledger": f"{OFFICE}ledger/",
    "account of debtors": f"{OFFICE}ledger/accounts/{{debtors}}/",
    "debtors": f"{OFFICE}ledger/debtors/",
    "open items of a debtor": f"{OFFICE}ledger/debtors/{{owner}}/",
    "product": f"{OFFICE}products/{{product}}/1/",
    "extranet": ADVISERS,
    "case in the extranet": f"{ADVISERS}cases/{{advised}}/",
    "folder": FOLDER,
    "policy in the folder": f"{FOLDER}policies/{{own}}/",
    "product's public page": f"{FRONT}{{product}}/",
    "link to a quotation": "c/{secret}/",
}


class Reader:
    """A browser that keeps its connection, logged in before."""

    def __init__(self, base: str, browser: Browser | None = None) -> None:
        self.host = str(urlsplit(base).netloc)
        self.cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies) if browser else ""
        self.connection = http.client.HTTPConnection(self.host, timeout=120)

    def warm(self, address: str) -> None:
        """A visit that doesn't count, on a new connection: the server may have left the last one."""
        self.connection.close()
        self.ask(address)

    def ask(self, address: str) -> tuple[float, int]:
        """Milliseconds until the page is whole, and its bytes."""
        headers = {"Cookie": self.cookies, "Accept-Language": "nl"}
        begun = time.perf_counter()
        self.connection.request("GET", address, headers=headers)
        response = self.connection.getresponse()
        body = response.read()
        spent = (time.perf_counter() - begun) * 1000
        if response.status != 200:
            raise SystemExit(f"Expected status 200 at {address}, found {response.status}.")
        return spent, len(body)


@dataclass
class Served:
    """A portfolio that is served: who reads, what stands in addresses, what was measured."""

    stack: Stack
    policies: int
    of_company: int
    words: Words
    readers: Mapping[str, Reader]
    p50: dict[str, list[float]] = field(default_factory=dict)
    p95: dict[str, list[float]] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)
    queries: dict[str, int] = field(default_factory=dict)

    def addresses(self, name: str, count: int) -> list[str]:
        """So many addresses of a page, of one thing after the other."""
        form = f"/{COMPANY}/{PAGES[name]}"
        return [
            form.format(**{word: quote(drawn[place % len(drawn)]) for word, drawn in self.words.items()})
            for place in range(count)
        ]

    def reader(self, name: str) -> Reader:
        return self.readers[PAGES[name].partition("/")[0]]

    def measure(self, name: str, count: int) -> None:
        """One round of one page; the first visit warms."""
        reader, (first, *addresses) = self.reader(name), self.addresses(name, count + 1)
        reader.warm(first)
        found = [reader.ask(address) for address in addresses]
        times = [spent for spent, _size in found]
        self.p50.setdefault(name, []).append(median(times))
        self.p95.setdefault(name, []).append(quantiles(times, n=20)[-1])
        self.bytes[name] = round(median(size for _spent, size in found))

    def count(self, name: str) -> list[str]:
        """The queries of one visit."""
        (address,) = self.addresses(name, 1)
        self.reader(name).warm(address)
        with statements(self.stack) as asked:
            self.reader(name).ask(address)
        self.queries[name] = len(asked)
        return asked

    def figures(self, name: str) -> dict[str, float]:
        """Medians of the rounds."""
        return {
            "p50": round(median(self.p50[name]), 1), "p95": round(median(self.p95[name]), 1),
            "queries": self.queries[name], "bytes": self.bytes[name],
        }  # fmt: skip


def entered(stack: Stack, policies: int) -> Served:
    """Everybody logged in at a stack that runs, and the words of its addresses."""
    office, public = stack.addresses["office"], stack.addresses["public"]
    readers = {
        "office": Reader(office, enter(office, ADMINISTRATORS[COMPANY])),
        "advisers": Reader(public, enter(public, ILSE)),
        "folder": Reader(public, enter(public, KNOWN.email)),
        "apply": Reader(public),
        "c": Reader(public),
    }
    with stack.cluster.postgres.connect("polisdesk") as connection:
        own = "SELECT id FROM companies_company WHERE slug = %s"
        (company,) = connection.execute(own, [COMPANY]).fetchone() or (0,)
        words = {word: drawn(connection, sql, company) for word, sql in DRAWS.items()}
        counted = "SELECT count(*) FROM policies_policy WHERE company_id = %s"
        (count,) = connection.execute(counted, [company]).fetchone() or (0,)
    mails = [read(path) for path in sorted(stack.places.mailbox.glob(FILED))]
    links = [link for mail in mails if KNOWN.email in mail.envelope for link in mail.links]
    return Served(stack, policies, count, {**words, "secret": [links[0].rstrip("/").rpartition("/")[2]]}, readers)


def drawn(connection: Any, sql: str, company: int) -> list[str]:
    """Some words, the same each time."""
    some = f"SELECT word FROM ({sql}) AS d (word) ORDER BY md5(word) LIMIT {DRAWN}"
    found = [str(row[0]) for row in connection.execute(some, {"company": company})]
    if not found:
        raise SystemExit(f"Expected something to read, found none by: {sql}")
    return found


def measured(all_served: Sequence[Served], *, rounds: int, requests: int) -> None:
    """Every page in rounds, of one portfolio after the other; then the queries, with nothing else at work."""
    for place in range(rounds):
        for name in PAGES:
            for each in all_served:
                each.measure(name, requests)
        print(f"round {place + 1} of {rounds}", file=sys.stderr, flush=True)
    for each in all_served:
        stop_worker(each.stack)
        for name in PAGES:
            each.count(name)


def missed(small: Served, large: Served | None) -> list[str]:
    """The pages that are slower than wanted, with what was found."""
    slow = []
    for name in PAGES:
        last = (large or small).figures(name)["p95"]
        ratio = round(last / small.figures(name)["p95"], 2)
        if last > MOST_P95 or ratio > MOST_RATIO:
            slow.append(f"{name} ({last} ms{f', {ratio} times the smaller' if large else ''})")
    return slow


def table(small: Served, large: Served | None) -> str:
    """The figures as docs/performance.md shows them."""
    sizes = [each for each in (small, large) if each]
    heads = [f"{what}, {each.policies:,}" for each in sizes for what in ("p50", "p95", "queries", "bytes")]
    rows = [["page", *heads, *(["p95, ratio"] if large else [])]]
    rows.append(["---"] * len(rows[0]))
    for name in PAGES:
        cells = [str(value) for each in sizes for value in each.figures(name).values()]
        ratio = [f"{large.figures(name)['p95'] / small.figures(name)['p95']:.2f}"] if large else []
        rows.append([name, *cells, *ratio])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def told(arguments: Sequence[str], name: str, load: tuple[float, float, float]) -> str:
    """Command, commit, day and load of a run."""
    before, now = f"{load[0]:.1f}", f"{os.getloadavg()[0]:.1f}"
    return (
        f"`{shlex.join(['bin/bench', name, *arguments])}`, {time.strftime('%Y-%m-%d')}, commit {commit()}; "
        f"{os.cpu_count()} cores, {before} runnable processes before, {now} at the end."
    )


def main(arguments: list[str]) -> int:
    """Print and keep the figures; 0 if no page is slower than wanted."""
    larger, policies, rounds, requests = [*map(int, arguments), *(0, USUAL, ROUNDS, 40)[len(arguments) :]]
    load = os.getloadavg()
    with ExitStack() as running:
        both = [entered(running.enter_context(served(size)), size) for size in (policies, larger) if size]
        measured(both, rounds=rounds, requests=requests)
    small, large = both[0], both[1] if len(both) > 1 else None
    slow = missed(small, large)
    figures = {each.policies: {name: each.figures(name) for name in PAGES} for each in both}
    print(json.dumps({"figures": figures, "slower than wanted": slow}), flush=True)
    sizes = " and ".join(f"{each.of_company:,} of {each.policies:,} policies are the company's" for each in both)
    about = f"{told(arguments, 'pages', load)} Medians of {rounds} rounds of {requests} requests a page; {sizes}"
    late = f"Slower than wanted: {', '.join(slow)}." if slow else "Every page is as fast as wanted."
    if policies >= USUAL and rounds >= ROUNDS:
        keep_text("pages", f"{about}.\n\n{table(small, large)}\n\n{late}\n", ROOT / "docs" / "performance.md")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
