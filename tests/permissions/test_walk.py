"""The walk: every page, by GET and POST, as everybody, with what is his, another's, another company's and missing.

Nothing of another owner or company stands in an answer, and what isn't one's own answers as what isn't there
(threat A1). Statuses by right are the matrix's (`test_matrix.py`); here answers are read.

Left out is what proves nothing twice: of the strangers at a door all but a sample (`principals.sample` says which and
why), and outside the doors those without a login but one: their browsers send the same requests.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from pypdf import PdfReader

from companies import limits
from companies.doors import BY_LOGIN, Door
from ledger.models import Account
from ledger.services import Role
from tests import given, operators
from tests.permissions import principals
from tests.permissions.pages import OPEN, PAGES, WORDS, named_urls
from tests.permissions.principals import MARKS, Principal
from tests.permissions.test_matrix import Worlds, missing_word

pytestmark = pytest.mark.django_db
NOWHERE = "nowhere"
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"')


@dataclass
class Walk:
    scene: principals.Scene
    everybody: list[Principal]
    addresses: Worlds


@pytest.fixture(scope="module")
def walk(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Walk]:
    """Built once; what a request writes is rolled back to here."""
    with django_db_blocker.unblock(), transaction.atomic():
        scene = principals.build()
        with given.inside(scene.first.company):
            account = Account.objects.get(role=Role.DEBTORS).code
        addresses = Worlds(scene.first, scene.foreign, {}, account)
        yield Walk(scene, principals.everybody(scene), addresses)
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Answer:
    """What came back: status, everything readable in it and its length, both without the address that was asked."""

    status: int
    text: str
    length: int
    inside: bool  # past the wall: a view ran, for somebody


def bundled(body: bytes) -> str:
    """What an evidence bundle says of itself; what it holds is rows of one case, which the wall cut before."""
    with zipfile.ZipFile(io.BytesIO(body)) as bundle:
        return bundle.read("manifest.json").decode()


def ask(client: Client, method: str, address: str) -> Answer:
    """One request, whose effects are taken back."""
    limits.PREFIX = f"limit:{uuid4().hex}"  # each request is the first of its machine
    cookies = client.cookies.output(header="")
    with transaction.atomic():
        response = getattr(client, method)(address)
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.load(cookies)
    body = response.content
    readers: dict[str, Callable[[bytes], str]] = {"application/pdf": paper, "application/zip": bundled}
    words = readers.get(response.get("Content-Type", ""), bytes.decode)(body)
    told = "\n".join(f"{name}: {value}" for name, value in response.items())
    plain = TOKEN.sub(b"", body).replace(address.encode(), b"")
    inside = hasattr(response.wsgi_request, "actor")
    return Answer(response.status_code, f"{told}\n{words}".replace(address, ""), len(plain), inside)


def process_of(principal: Principal) -> AbstractContextManager[None]:
    """Where somebody's requests go: the operator's process is entered once for all that he asks of a page."""
    return operators.as_operator() if Door.OPERATOR in principal.doors else nullcontext()


@lru_cache(maxsize=64)
def paper(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def leaks(principal: Principal, answer: Answer, public: set[str]) -> list[str]:
    """Whose marks stand in an answer that may not."""
    allowed = principal.may_read(answer.status) | public
    return [
        mark for whose, marks in MARKS.items() if whose not in allowed for mark in marks
        if (mark in answer.text if whose in {"A", "B"} else mark.lower() in answer.text.lower())
    ]  # fmt: skip


def variants(walk: Walk, principal: Principal, name: str) -> Iterator[tuple[str, str, str]]:
    """(kind, key, address): one's own page; then with one word of its address another owner's, another company's, and
    one that names nothing; then the same at the other company, and at one that isn't there, or with no such secret.

    Who knows a secret holds it: the other owner's is asked for by its own principal.
    """
    of = walk.addresses.sample_kwargs
    own, other, foreign = (of(name, world) for world in (principal.own, principal.other, principal.foreign))
    yield "own", "", reverse(name, kwargs=own)
    for key in own.keys() - {"company"}:
        values = {"other owner": other[key], "other company": foreign[key], "missing": nothing(key, own[key])}
        for kind, value in values.items():
            if value != own[key] and (kind, key) != ("other owner", "secret"):
                yield kind, key, reverse(name, kwargs={**own, key: value})
    if "company" not in own:
        return
    secret = {key: value for key, value in own.items() if key == "secret"}
    none = {"secret": nothing("secret", "")} if secret else {"company": NOWHERE}
    yield "other place", "company", reverse(name, kwargs=foreign | secret)
    yield "no place", "company", reverse(name, kwargs=foreign | none)


def nothing(key: str, value: Any) -> Any:
    """A word that names nothing, in the shape of its address."""
    if key == "secret":
        return "y" * 43
    return 99 if isinstance(value, int) else missing_word(key, value)


def shown_to_all(name: str, address: str) -> set[str]:
    """What anybody reads at a front office and behind links: the company's name, at an adviser's own entrance his; on
    the console the names of all companies.
    """
    if name in OPEN or PAGES[name].door in BY_LOGIN:
        return set()
    if PAGES[name].door == Door.OPERATOR:
        return {"A", "B"}
    company = {"A"} if address.startswith("/duinhaven/") else {"B"}
    return company | ({"a1", "b1"} if name == "apply:via" else set())


@pytest.mark.parametrize("name", PAGES)
def test_nothing_of_others_stands_on_a_page(walk: Walk, name: str, figure: Callable[..., None]) -> None:
    requests, found, unlike, let_in = 0, [], [], []
    door = PAGES[name].door
    for principal in principals.who_ask(name, walk.everybody, walk.scene):
        # Whose marks are none has no window any more.
        stranger = door not in principal.doors | principals.PUBLIC or not principal.marks
        places = list(variants(walk, principal, name))
        for method in ("get", "post"):
            with process_of(principal):
                replies = [ask(principal.client, method, address) for _kind, _key, address in places]
            for (kind, key, address), answer in zip(places, replies, strict=True):
                let_in += [(principal.name, method, kind, key)] if stranger and answer.inside else []
                public = shown_to_all(name, address)
                found += [(principal.name, method, kind, key, leak) for leak in leaks(principal, answer, public)]
            requests += len(replies)
            answers = {(kind, key): answer for (kind, key, _), answer in zip(places, replies, strict=True)}
            unlike += [(principal.name, method, *pair) for pair in told_apart(name, principal, answers)]
    figure("requests of the walk", requests, least=10)
    figure("leaks", len(found), least=0)
    assert found == []
    assert unlike == []
    assert let_in == []


def test_every_page_is_asked_for_by_all_whose_door_it_is_and_by_a_stranger(
    walk: Walk, figure: Callable[..., None]
) -> None:
    """The walk knows every address; all whose door it is ask for it, and each stranger asks somewhere at each door."""
    assert set(named_urls(get_resolver().url_patterns)) == set(PAGES) | set(OPEN)
    left_out = 0
    strangers: set[tuple[Door, str]] = set()
    asked: set[tuple[Door, str]] = set()
    for name, page in PAGES.items():
        who = {principal.name for principal in principals.who_ask(name, walk.everybody, walk.scene)}
        assert {principal.name for principal in walk.everybody if page.door in principal.doors} <= who, name
        there = {principal.name for principal in principals.strangers_at(page.door, walk.everybody)}
        assert there & who, name
        strangers |= {(page.door, one) for one in there}
        asked |= {(page.door, one) for one in there & who}
        left_out += len(there - who)
    assert asked == strangers
    figure("pages not asked for by a stranger: the same middleware answers", left_out)


def told_apart(name: str, principal: Principal, answers: dict[tuple[str, str], Answer]) -> Iterator[tuple[Any, ...]]:
    """Answers to what isn't one's own that differ from the answer to what isn't there, in status or length.

    That a company is there anybody may know, who sees its front office: behind a login or secret it isn't told.
    """
    secret = "secret" in {key for _kind, key in answers}
    closed = secret or (PAGES[name].door in BY_LOGIN and settings.SESSION_COOKIE_NAME in principal.client.cookies)
    for (kind, key), answer in answers.items():
        missing = answers.get(("no place" if kind == "other place" else "missing", key))
        foreign = (kind == "other company" and PAGES[name].door != Door.OPERATOR) or (
            kind == "other owner" and not reads_all(principal)
        )
        foreign = foreign or (kind == "other place" and closed)
        if missing and foreign and (answer.status, answer.length) != (missing.status, missing.length):
            yield kind, key, (answer.status, answer.length), (missing.status, missing.length)


def reads_all(principal: Principal) -> bool:
    """Whether everything in the company is his to read: then another owner's is his too."""
    return {"A1", "A2"} <= principal.marks


@pytest.mark.parametrize("name", OPEN)
def test_nothing_of_anybody_stands_outside_the_doors(walk: Walk, name: str, figure: Callable[..., None]) -> None:
    address = reverse(name, kwargs=WORDS.get(name))
    logged_in = [one for one in walk.everybody if settings.SESSION_COOKIE_NAME in one.client.cookies]
    walkers = [walk.everybody[0], *logged_in]
    asked = []
    for one in walkers:
        with process_of(one):
            asked += [(one, ask(one.client, method, address)) for method in ("get", "post")]
    figure("requests of the walk", len(asked), least=20)
    assert [(principal.name, leak) for principal, answer in asked for leak in leaks(principal, answer, set())] == []


def test_marks_are_read_by_those_whose_they_are(walk: Walk, figure: Callable[..., None]) -> None:
    """What the walk looks for does stand on the pages of who may read it."""
    whose = {
        ("administrator A", "office:case"): "A1",
        ("administrator B", "office:case"): "B1",
        ("adviser A1", "advisers:portfolio"): "A1",
        ("adviser A2", "advisers:portfolio"): "A2",
        ("adviser B", "advisers:portfolio"): "B1",
        ("customer A1", "folder:overview"): "A1",
        ("customer A2", "folder:overview"): "A2",
        ("customer B", "folder:overview"): "B1",
        ("link, live", "case:quotation"): "A1",
        ("link of another case", "case:quotation"): "A2",
        ("operator in a window", "office:case"): "A1",
    }
    people = {principal.name: principal for principal in walk.everybody}
    for (who, name), mark in whose.items():
        principal = people[who]
        address = reverse(name, kwargs=walk.addresses.sample_kwargs(name, principal.own))
        assert MARKS[mark][0] in ask(principal.client, "get", address).text.lower(), (who, name)
    figure("own marks read", len(whose))
