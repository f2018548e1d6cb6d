"""Visitors of the public site as a load: each applies, reads the quotation's mail and orders, with a browser and an
address of his own, and presses “Try again” where a page offers it.
"""

import itertools
import re
import threading
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from pathlib import Path

from config.launch.walk import customer as way
from config.launch.walk.browser import Browser, Page
from config.launch.walk.customer import Customer, customers, number_in
from config.launch.walk.expect import StepFailed
from config.launch.walk.mails import FILED, LINK

LONGEST = 900.0  # seconds that somebody waits for an outcome or a mail
LETTERS = str.maketrans("0123456789", "abcdefghij")
WAITS = b'class="panel waiting"'


@dataclass
class Tally:
    """What was answered, by everybody's browser; `seconds` of each page, with its phase."""

    phase: str = ""
    seconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)  # pages with status 503 that say what to do, by phase
    kept: Counter[str] = field(default_factory=Counter)  # forms on such a page, sent again from there
    waiting: Counter[str] = field(default_factory=Counter)  # pages that say that a worker is waited for
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answered(self, page: Page, seconds: float) -> None:
        """Count one page."""
        with self.lock:
            self.statuses[page.status] += 1
            self.seconds.setdefault(self.phase, []).append(seconds)
            if page.status == 503:
                self.refused[self.phase] += 1
            elif WAITS in page.body:
                self.waiting[self.phase] += 1

    def wrong(self, error: str) -> None:
        """Count something that should not have been."""
        with self.lock:
            self.errors.append(f"{self.phase}: {error}")


class Visitor(Browser):
    """A browser at an address of its own; a page with status 503 must offer to go on with all that was sent."""

    patience = 120.0

    def __init__(self, base: str, tally: Tally, *, language: str, number: int) -> None:
        super().__init__(base, language=language)
        self.tally = tally
        self.address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"

    def fetch(self, request: urllib.request.Request) -> Page:
        """The page that answers in the end, “Try again” pressed as often as need be."""
        until = time.monotonic() + LONGEST
        while True:
            request.add_header("X-Forwarded-For", self.address)
            began = time.monotonic()
            page = super().fetch(request)
            self.tally.answered(page, time.monotonic() - began)
            if page.status != 503 or time.monotonic() > until:
                return page
            request = self.again(request, page)
            time.sleep(float(page.headers["Retry-After"]))

    def again(self, request: urllib.request.Request, page: Page) -> urllib.request.Request:
        """What the page's way to try again sends; it is refused where the page has none, or has lost what was sent."""
        kept = next((form for form in page.reader.forms if form.method == "post"), None)
        sent = isinstance(request.data, bytes) and page.url == request.full_url  # else it was led on by a redirect
        link = next((url for url, _text in page.links if url == page.url), None)
        if not page.heading or not page.headers["Retry-After"] or not (kept or link):
            raise StepFailed(f"Expected a page that says what waits at {page.shown}; found {page.status} without it.")
        if not sent or "/accounts/" in page.path:
            # nosemgrep: outgoing-request (an applicant is a browser; addresses of his own application)
            return urllib.request.Request(page.url)  # noqa: S310 (an address of our own application)
        data = urllib.parse.urlencode(kept.filled({})).encode() if kept else b""
        if sorted(urllib.parse.parse_qsl(data, True)) != sorted(urllib.parse.parse_qsl(request.data, True)):  # type: ignore[type-var]
            raise StepFailed(f"Expected all that was sent on the page with 503 at {page.shown}; some of it is lost.")
        with self.tally.lock:
            self.tally.kept[self.tally.phase] += 1
        # nosemgrep: outgoing-request (as above)
        return urllib.request.Request(page.url, data=data, headers={"Origin": str(request.get_header("Origin"))})  # noqa: S310


class Letters:
    """The links in the mails that arrive, by addressee; each mail is read once, by whoever looks first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.read = {path.name for path in folder.glob(FILED)}
        self.links: dict[str, list[tuple[str, str]]] = {}
        self.lock = threading.Lock()

    def find(self, address: str, text: str) -> str | None:
        """The link of the mail to an address whose text holds `text`."""
        with self.lock:
            for path in sorted(self.folder.glob(FILED)):
                if path.name not in self.read:
                    self.read.add(path.name)
                    self.take(path)
            return next((link for words, link in self.links.get(address, []) if text in words), None)

    def take(self, path: Path) -> None:
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = mail.get_body(preferencelist=("plain",))
        words = f"{mail['Subject']} {body.get_content() if body else ''}"
        if found := LINK.search(words):
            self.links.setdefault(str(mail["X-Envelope-To"]), []).append((words, found[0]))


@dataclass
class Crowd:
    """So many applicants at once: who is done makes room for the next, until the time is over."""

    base: str
    letters: Letters
    tally: Tally
    size: int
    people: list[Customer] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def come(self, go_on: Callable[[], bool], *, size: int = 0) -> list[threading.Thread]:
        """Let them come as long as `go_on` says so; the threads end when the last has his policy."""
        threads = [
            threading.Thread(target=self.one_after_another, args=(go_on,), daemon=True)
            for _ in range(size or self.size)
        ]
        for thread in threads:
            thread.start()
        return threads

    def one_after_another(self, go_on: Callable[[], bool]) -> None:
        while go_on():
            number, person = self.next_person()
            visitor = Visitor(self.base, self.tally, language=person.language, number=number + 1)
            try:
                walk(person, visitor, self.letters)
            except StepFailed as error:
                self.tally.wrong(f"{person.title}: {error}")
            except Exception as error:  # whatever it is, it is told, and this place isn't empty from then on
                self.tally.wrong(f"{person.title}: {type(error).__name__}: {error}")

    def next_person(self) -> tuple[int, Customer]:
        """The next of the six ways through the catalogue, as somebody who was never there before."""
        with self.lock:
            number = next(self.numbers)
            rows = customers()
            row = rows[number % len(rows)]
            name = f"{row.family}{str(number).translate(LETTERS)}"
            email = f"{row.given}.{name}@example.nl".lower()
            self.people.append(replace(row, family=name, email=email, house_number=str(number + 1)))
            return number, self.people[-1]


def walk(person: Customer, visitor: Visitor, letters: Letters) -> None:
    """From the public page to the policy, as a person does it who waits as the pages ask."""
    page = way.fill_in(person, visitor)
    person.quotation = number_in(told(visitor, page, way.QUOTATION), way.QUOTATION)
    person.link = mailed(person, letters)
    page = visitor.open(person.link)
    page = visitor.send(page, page.form_with("birth_date"), {"birth_date": person.born, "agreed": "on"})
    if not page.path.endswith("/order/"):
        raise StepFailed(f"Expected the order to be taken; found “{page.heading}”, {page.reader.errors[:1]}.")
    person.ordered = time.monotonic()
    page = told(visitor, page, way.POLICY)
    person.policy, person.invoice = number_in(page, way.POLICY), number_in(page, way.INVOICE)


def told(visitor: Visitor, page: Page, prefix: str) -> Page:
    """The page that waits for the worker, looked at as often as it asks, until it tells a number."""
    until = time.monotonic() + LONGEST
    while not re.search(rf"\b{prefix}-\d{{4}}-\d{{6}}\b", page.text) or WAITS in page.body:
        if WAITS not in page.body or time.monotonic() > until:
            raise StepFailed(f"Expected a number {prefix}-… at {page.shown}; found “{page.heading}”.")
        time.sleep(float(page.headers["Refresh"] or 10))
        page = visitor.open(page.url)
    return page


def mailed(person: Customer, letters: Letters) -> str:
    """The address in the quotation's mail."""
    until = time.monotonic() + LONGEST
    while (link := letters.find(person.email, person.quotation)) is None:
        if time.monotonic() > until:
            raise StepFailed(f"Expected a mail about {person.quotation} to {person.email}; found none.")
        time.sleep(1)
    return link
