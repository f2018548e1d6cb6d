"""Sends the corpus into every form of a page, every part of its address and every header that is read."""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from itertools import cycle, islice
from typing import Any
from urllib.parse import quote, urljoin, urlsplit
from uuid import uuid4

from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from companies import limits
from tests.hostile import WHOLE
from tests.hostile.corpus import VECTORS, Vector
from tests.hostile.forms import Found, Sent, body_of, forms_of, named, query_of, spoiled, target_of
from tests.hostile.judge import Tally, formulas
from tests.hostile.requests import Odd

ASKED = (
    "q", "sort", "page", "export", "next", "language", "state", "view", "since", "until", "table", "party",
    "of", "from", "kind", "act", "part", "reader", "removed", "role", "beneath", "product", "settled",
)  # fmt: skip
UNASKED = ("act", "answer", "code", "email", "name", "note", "number", "q", "reason", "remark", "rule", "slug", "view")
HEADERS = (
    "Accept-Language", "User-Agent", "Referer", "Origin", "X-Forwarded-For", "X-Forwarded-Host", "HX-Current-URL",
    "HX-Target", "HX-Prompt", "If-None-Match", "Range", "Cookie", "Content-Type",
)  # fmt: skip
MANY, FEW, AROUND = 40, 8, 8  # vectors of a field alone: of one that takes any text, of another; of an address
EXPORT = re.compile(r'href="([^"]*[?;&]export=[^"]*)"')


class Attack:
    """One attacker with a browser; what he sends is taken back after each answer.

    In the whole run each field gets the whole corpus together with all others, and some of each kind alone among honest
    answers, more where it takes any text. In the sample the corpus goes round: few vectors a form.
    """

    def __init__(
        self, client: Client, tally: Tally, *, told: Mapping[str, Any] | None = None, seed: int = 1, whole: bool = WHOLE
    ) -> None:
        self.whole = whole
        self.client, self.tally, self.told = client, tally, told or {}
        self.dice = random.Random(seed)
        self.turn = cycle(self.dice.sample(VECTORS, len(VECTORS)))
        client.raise_request_exception = False
        self.opened = 0  # how the last page that was read answered

    def page(self, address: str) -> str:
        """Open a page, attack its forms, its address and its headers; the page's own text."""
        text = self.read(address)
        for name, form in named(forms_of(text)):
            place = (view_of(target_of(form, address)), self.who(target_of(form, address)), name)
            if place not in self.tally.seen:  # what stands on every page is attacked once by each
                self.tally.seen.add(place)
                self.form(form, address)
        for vector in islice(self.turn, AROUND if self.whole else 1):
            self.around(address, vector)
        if (after := self.ask("GET", address).status_code) != self.opened:
            self.tally.faults.append(f"GET {shown(address)}: {self.opened}, and {after} in the end: who asks is out")
        return text

    def who(self, address: str) -> str:
        """Who asks, as far as it matters there: behind a door each for himself, elsewhere whether somebody is in."""
        cookies = self.client.cookies.output()
        return cookies if ":" in view_of(address) else str(bool(cookies))

    def read(self, address: str) -> str:
        """Open a page and what it exports; its text, if it is one."""
        opened = self.ask("GET", address)
        self.opened = opened.status_code
        self.tally.look(opened, f"GET {shown(address)}")
        if not opened.get("Content-Type", "").startswith("text/html"):
            return ""
        text = str(opened.content.decode())
        for export in dict.fromkeys(EXPORT.findall(text)):
            self.export(urljoin(address, unescape(export)))
        return text

    def export(self, address: str) -> None:
        """A list as a file: nothing in it is a formula."""
        answer = self.ask("GET", address)
        self.tally.look(answer, f"GET {address}")
        if answer.get("Content-Type", "").startswith("text/csv"):
            cells, found = formulas(answer.content)
            self.tally.counts["exports"] += 1
            self.tally.counts["cells of exports"] += cells
            self.tally.counts["cells made harmless"] += answer.content.count(b"\"'")
            self.tally.faults += [f"GET {address}: the cell {cell!r}" for cell in found]

    def form(self, form: Found, page: str) -> None:
        """Every field of a form."""
        self.tally.counts["forms"] += 1
        target = target_of(form, page)
        buttons: Sequence[tuple[str, str] | None] = form.buttons or [None]
        for fields, vector in self.shots(form):
            button = buttons[vector.number % len(buttons)] if len(fields) > 1 else buttons[0]
            sent = spoiled(form.honest(self.told, button=button), fields, vector.value, twice=vector.number % 5 == 0)
            self.tally.counts["fields attacked"] += len(fields)
            self.tally.counts[f"sent: {vector.kind}"] += 1
            answer = self.send(form, target, sent)
            self.tally.look(answer, f"{form.method} {shown(target)} {'+'.join(sorted(fields))} {vector}", sent=fields)

    def shots(self, form: Found) -> Iterator[tuple[set[str], Vector]]:
        """Which fields get which vector."""
        names = form.targets
        self.tally.counts["fields"] += len(names)
        if not names:  # a button without words: what it doesn't ask is sent all the same
            yield from ((set(UNASKED), vector) for vector in (VECTORS if self.whole else [next(self.turn)]))
            return
        if not self.whole:
            yield set(names), next(self.turn)
            yield {self.dice.choice(names)}, next(self.turn)
            return
        yield from ((set(names), vector) for vector in VECTORS)
        if len(names) == 1:  # together is alone
            return
        for name in names:
            yield from (({name}, vector) for vector in islice(self.turn, MANY if name in form.typed else FEW))

    def send(self, form: Found, target: str, sent: Sent) -> Any:
        """Send a form as its page would."""
        if form.method == "get":
            return self.ask("GET", f"{target.partition('?')[0]}?{query_of(sent)}")
        body, kind = body_of(sent, form.kind, form.files)
        return self.ask("POST", target, body, content_type=kind)

    def around(self, address: str, vector: Vector) -> None:
        """The same vector in each thing an address may ask, in a part of the address, and in a header."""
        query = query_of([(name, vector.value[:2000]) for name in ASKED])
        self.tally.look(self.ask("GET", f"{address}?{query}"), f"GET {shown(address)}?… {vector}")
        parts = [part for part in urlsplit(address).path.split("/") if part]
        if parts:
            place = vector.number % len(parts)
            parts[place] = quote(vector.value[:2000], safe="")
            self.tally.look(self.ask("GET", f"/{'/'.join(parts)}/"), f"GET {shown(address)} part {place} {vector}")
        header = HEADERS[vector.number % len(HEADERS)]
        value = vector.value.decode("latin-1").replace("\r", "").replace("\n", "").replace("\0", "")[:4000]
        answer = self.ask("GET", address, headers={header: value})
        self.tally.look(answer, f"GET {shown(address)} {header} {vector}")
        self.tally.counts["addresses and headers"] += 3

    def odd(self, address: str, request: Odd) -> None:
        """A request that no browser sends."""
        asked = f"{address}?{request.query}" if request.query else address
        answer = self.ask(
            request.method, asked, request.body, content_type=request.content_type, headers=request.headers
        )
        self.tally.look(answer, f"{shown(address)} {request}", is_form=False)
        self.tally.counts[f"odd: {request.kind}"] += 1

    def ask(self, method: str, address: str, body: bytes = b"", **options: Any) -> Any:
        """One request, the first of its machine; its effects are taken back."""
        limits.PREFIX = f"limit:{uuid4().hex}"
        cookies = self.client.cookies.output(header="")
        if method == "POST":
            self.tally.counts[f"posted: {view_of(address)}"] += 1
        with transaction.atomic():
            answer = self.client.generic(method, address, body, **options)
            transaction.set_rollback(True)
        self.client.cookies.clear()
        self.client.cookies.load(cookies)
        return answer


def view_of(address: str) -> str:
    """The name of the page behind an address."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return "nowhere"


def shown(address: str) -> str:
    """An address without secrets and queries, for messages."""
    return "/".join("…" if len(part) == 43 else part for part in urlsplit(address).path.split("/"))
