"""What no HTTP client sends, written to sockets of running doors: too long, too many, told twice, cut off, too slow.

Each connection is answered by a refusal or an ordinary page, or closed; never by a fault of ours, never twice, and the
door is open to the next one.
"""

import asyncio
import json
import os
import re
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings

from applications.quota import LARGEST_FORM
from config import rsgi
from config.environment import database
from config.launch.account import Account
from config.launch.places import ROOT, Places
from config.launch.ports import LOOPBACK, free_port
from config.launch.processes import Child, Process, wait_ready, web
from config.rsgi import LARGEST, said_by

SECONDS = 0.6  # that a body may take here
HOST = b"Host: localhost\r\n"
INNER = b"GET /smuggled/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
LONG = b"x" * 100_000


def get(target: bytes = b"/", *lines: bytes, version: bytes = b"1.1", host: bytes = HOST) -> bytes:
    """A request without a body."""
    return (
        b"GET " + target + b" HTTP/" + version + b"\r\n" + host + b"".join(line + b"\r\n" for line in lines) + b"\r\n"
    )


def post(*lines: bytes, body: bytes = b"language=nl") -> bytes:
    """A form with these headers."""
    kind = b"Content-Type: application/x-www-form-urlencoded"
    return get(b"/language/", kind, *lines).replace(b"GET", b"POST", 1) + body


CHUNKED, BOTH = b"Transfer-Encoding: chunked", b"Content-Length: %d" % (len(INNER) + 5)
REFUSED: dict[str, bytes] = {  # 4xx, or closed without a word
    "a request line of 100 kB": get(b"/" + LONG),
    "an address of 100 kB": get(b"/?" + LONG),
    "1,000 headers": get(b"/", *(b"X-%d: 1" % number for number in range(1_000))),
    "a header of 100 kB": get(b"/", b"X-Long: " + LONG),
    "a header's name of 100 kB": get(b"/", LONG + b": a"),
    "90 headers of 1 kB": get(b"/", *(b"X-%d: " % number + LONG[:1_000] for number in range(90))),
    "NUL in a header": get(b"/", b"X-A: a\0b"),
    "NUL in a header's name": get(b"/", b"X-\0A: a"),
    "a bare CR in a header": get(b"/", b"X-A: a\rX-B: b"),
    "a folded header": get(b"/", b"X-A: a\r\n b"),
    "a header without a name": get(b"/", b": a"),
    "a space before the colon": post(b"Content-Length : 11"),
    "two lengths": post(b"Content-Length: 5", b"Content-Length: 11"),
    "two lengths in one": post(b"Content-Length: 11, 11"),
    "a length below zero": post(b"Content-Length: -1"),
    "a length with a sign": post(b"Content-Length: +11"),
    "a length that is no number": post(b"Content-Length: 0x0b"),
    "a length of 23 digits": post(b"Content-Length: 99999999999999999999999"),
    "a length of 51 MB and one byte": post(b"Content-Length: 51000001"),
    "length and chunks": post(BOTH, CHUNKED, body=b"0\r\n\r\n" + INNER),
    "chunks and length": post(CHUNKED, b"Content-Length: 4", body=b"%x\r\n" % len(INNER) + INNER + b"\r\n0\r\n\r\n"),
    "chunks": post(CHUNKED, body=b"b\r\nlanguage=nl\r\n0\r\n\r\n"),
    "a chunk longer than told": post(CHUNKED, body=b"2\r\nlanguage=nl\r\n0\r\n\r\n"),
    "a chunk's length that is no number": post(CHUNKED, body=b"zz\r\nlanguage=nl\r\n0\r\n\r\n" + INNER),
    "a chunk of 18 digits": post(CHUNKED, body=b"ffffffffffffffffff\r\nlanguage=nl\r\n0\r\n\r\n"),
    "chunks told twice": post(CHUNKED, b"Transfer-Encoding: identity", body=b"0\r\n\r\n" + INNER),
    "an encoding that only looks like chunks": post(b"Transfer-Encoding: xchunked", b"Content-Length: 11"),
    "chunks of a sender who knows none": post(CHUNKED, body=b"0\r\n\r\n").replace(b"1.1", b"1.0", 1),
    "two hosts": get(b"/", b"Host: probe.invalid"),
    "a foreign host": get(host=b"Host: probe.invalid\r\n"),
    "a foreign host in the target": get(b"http://probe.invalid/"),
    "a host and its port as the target": get(b"probe.invalid:443"),
    "a tunnel": get(b"probe.invalid:443").replace(b"GET", b"CONNECT", 1),
    "bytes that are no UTF-8": get(b"/\xff\xfe/"),
    "an over-long encoding of ../": get(b"/%c0%ae%c0%ae/%c0%af"),
    "../ in percent signs": get(b"/%2e%2e/%2e%2e/etc/passwd"),
    "NUL in percent signs": get(b"/%00"),
    "percent signs of nothing": get(b"/%zz%"),
    "NUL in a target": get(b"/\0"),
    "a space in a target": get(b"/a b"),
    "the version of another century": get(version=b"9.9"),
    "no version": b"GET /\r\n\r\n",
    "HTTP/2 without asking": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 300,
    "nothing but line ends": b"\r\n" * 5_000,
}  # fmt: skip
ANSWERED: dict[str, bytes] = {  # an ordinary page or a refusal
    "HTTP/1.0 without a host": get(version=b"1.0", host=b""),
    "no host": get(host=b""),
    "line ends without CR": get().replace(b"\r\n", b"\n"),
    "the same length twice": post(b"Content-Length: 11", b"Content-Length: 11"),
    "the whole server as the target": get(b"*").replace(b"GET", b"OPTIONS", 1),
    "an upgrade to HTTP/2": get(b"/", b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMA"),
    "an upgrade to a web socket": get(b"/", b"Connection: Upgrade", b"Upgrade: websocket"),
    "Latin-1 in a header": get(b"/", b"X-A: \xe4\xff", b"Cookie: \xff=\xff"),
    "a length with an underscore": post(b"Content_Length: 40", b"Content-Length: 11"),
    "a body where none belongs": get(b"/", b"Content-Length: %d" % len(INNER)) + INNER,
}  # fmt: skip


@dataclass
class Heard:
    """What came back, whether the door closed the connection, and after how many seconds."""

    said: bytes
    closed: bool
    seconds: float

    @property
    def statuses(self) -> list[int]:
        """The status of each answer."""
        return [int(found) for found in re.findall(rb"HTTP/1\.\d (\d{3}) ", self.said)]


@pytest.fixture(scope="module")
def doors(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Child]]:
    """Both doors on ports of their own, started as the application's own, on the test database."""
    folder, found = tmp_path_factory.mktemp("wire"), {}
    for name, role in {"public": "bo_public", "office": "bo_app"}.items():
        port = free_port(0, taken=set())
        command = web(port, Places(folder, Account(None)))
        command[command.index("--http1-header-read-timeout") + 1] = f"{SECONDS * 1000:.0f}"
        told = {"POLISDESK_PROCESS": name, "DATABASE_URL": as_role(role), "POLISDESK_BODY_SECONDS": str(SECONDS)}
        process, env = Process(name, name, web, probe="http"), {**os.environ, **told}
        found[name] = Child(process, command, env, folder / f"{name}.log", options={}, port=port)
        found[name].start()
    try:
        wait_ready([*found.values()])
        yield found
    finally:
        for child in found.values():
            child.stop()


@pytest.fixture(params=["public", "office"])
def door(doors: dict[str, Child], request: pytest.FixtureRequest) -> Child:
    """One of them after the other."""
    return doors[request.param]


def as_role(role: str) -> str:
    """The address of the test database for the login of a door."""
    there = database(os.environ["OWNER_DATABASE_URL"])
    secret = json.loads(Path(os.environ["POLISDESK_TEST_ROLES"]).read_text())[role]
    name = settings.DATABASES["default"]["NAME"]
    port = f":{there['PORT']}" if there["PORT"] else ""
    return f"postgresql://{role}:{quote(secret)}@{port}/{name}?host={there['HOST']}"


def opened(door: Child, content: bytes) -> socket.socket:
    """A connection on which this was sent."""
    found = socket.create_connection((LOOPBACK, door.port), timeout=5)
    found.sendall(content)
    return found


def heard(connection: socket.socket, *, patience: float = 0.4) -> Heard:
    """Everything that comes until the door closes, or says no more."""
    began, said, closed = time.monotonic(), b"", False
    while not closed:
        connection.settimeout(patience if said else 5)
        try:
            part = connection.recv(65_536)
        except TimeoutError:
            break
        except ConnectionError:  # closed with something of ours unread
            part = b""
        said, closed = said + part, not part
        patience = 0.05 if b"\r\n\r\n" in said else patience
    connection.close()
    return Heard(said, closed, time.monotonic() - began)


def is_open(door: Child) -> None:
    """The door serves the next one, and tells of no fault in its log."""
    assert heard(opened(door, get(b"/health/", b"Connection: close"))).statuses == [200]
    log = door.log.read_text()
    assert [word for word in ("raised an exception", "panicked", "Internal Server Error", "exit") if word in log] == []


def test_what_no_client_sends_is_refused_or_closed_and_never_a_fault(door: Child, figure: Callable[..., None]) -> None:
    wrong = {}
    for name, content in REFUSED.items():
        answer = heard(opened(door, content))
        if not (answer.statuses == [] and answer.closed) and not (
            len(answer.statuses) == 1 and 400 <= answer.statuses[0] < 500
        ):
            wrong[name] = (answer.statuses, answer.closed)
        assert b"Traceback" not in answer.said and b"probe.invalid" not in answer.said, name
    figure(f"wire: refused at the {door.process.name} door", len(REFUSED) - len(wrong), least=40)
    assert wrong == {}
    is_open(door)


def test_what_is_odd_and_allowed_has_one_answer(door: Child, figure: Callable[..., None]) -> None:
    for name, content in ANSWERED.items():
        answer = heard(opened(door, content))
        assert len(answer.statuses) == 1 and answer.statuses[0] < 500, (name, answer.said[:200])
    figure(f"wire: answered once at the {door.process.name} door", len(ANSWERED), least=8)
    is_open(door)


def test_a_second_request_is_only_what_follows_the_told_length(door: Child) -> None:
    form = post(b"Content-Length: 11")
    assert len(heard(opened(door, form + get(b"/health/"))).statuses) == 2
    assert len(heard(opened(door, post(b"Content-Length: %d" % (11 + len(INNER))) + INNER)).statuses) == 1


def test_more_slow_senders_than_threads_hold_nobody_up_and_are_given_up(door: Child) -> None:
    slow = [opened(door, post(b"Content-Length: 30")) for _ in range(24)]
    began = time.monotonic()
    is_open(door)
    assert time.monotonic() - began < SECONDS
    answers = [heard(one) for one in slow]
    assert {(*answer.statuses, answer.closed) for answer in answers} == {(408, True)}
    assert sum(answer.seconds for answer in answers) < SECONDS + 3
    is_open(door)


def test_headers_that_never_end_are_given_up(door: Child) -> None:
    halves = [opened(door, get(b"/")[:-2]) for _ in range(24)]
    is_open(door)
    answers = [heard(one) for one in halves]
    assert {answer.closed for answer in answers} == {True} and max(answer.seconds for answer in answers) < SECONDS + 1
    is_open(door)


def test_a_sender_who_drips_is_given_up_too(door: Child) -> None:
    drips = opened(door, post(b"Content-Length: 30", body=b""))
    began = time.monotonic()
    while time.monotonic() - began < SECONDS + 2:
        try:
            drips.sendall(b"a")
        except ConnectionError:
            break
        time.sleep(0.1)
    assert time.monotonic() - began < SECONDS + 1
    assert heard(drips).statuses in ([408], [])
    is_open(door)


def test_a_form_that_was_cut_off_is_not_taken_for_a_whole_one(door: Child) -> None:
    cut = opened(door, post(b"Content-Length: 30"))
    cut.shutdown(socket.SHUT_WR)
    assert heard(cut).statuses in ([400], [])
    is_open(door)


def test_whole_forms_and_long_ones_reach_their_page(door: Child) -> None:
    long = b"language=nl&rest=" + b"a" * 1_500_000  # more than is kept in memory
    for body in (b"language=nl", long):
        form = post(b"Content-Length: %d" % len(body), b"Connection: close", body=body)
        answer = heard(opened(door, form))
        assert answer.statuses == [403] and answer.closed  # read, and its token is missing
    is_open(door)


def test_a_page_tells_its_length_once_and_a_head_has_no_body(door: Child) -> None:
    asked = get(b"/", b"Connection: close")
    for request in (asked, asked.replace(b"GET", b"HEAD", 1)):
        head, _, body = heard(opened(door, request)).said.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 ") and head.lower().count(b"\r\ncontent-length:") == 1
        assert bool(body) == request.startswith(b"GET")


def test_a_header_with_an_underscore_does_not_stand_for_the_one_that_our_proxy_writes() -> None:
    sent = [("x-forwarded-for", "192.0.2.1"), ("x_forwarded-for", "203.0.113.9"), ("content_length", "9")]
    assert said_by(sent) == {"HTTP_X_FORWARDED_FOR": "192.0.2.1"}
    assert said_by([("cookie", "a=b"), ("cookie", "c=d"), ("accept", "a"), ("accept", "b")]) == {
        "HTTP_COOKIE": "a=b; c=d", "HTTP_ACCEPT": "a,b",
    }  # fmt: skip


async def sent(*parts: bytes) -> AsyncIterator[bytes]:
    """A body as the server gives it."""
    for part in parts:
        yield part


def test_all_bodies_together_are_bounded_and_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in (("ALL", 14), ("FOR_FORMS", 4), ("IN_MEMORY", 4)):
        monkeypatch.setattr(rsgi, name, size)
    first, second, form, third = (rsgi.Body() for _each in range(4))
    asyncio.run(first.receive(sent(b"abc", b"def"), 6))
    with pytest.raises(rsgi.Refused, match="Send it again") as refused:
        asyncio.run(second.receive(sent(b"abc", b"def"), 6))
    assert (refused.value.status, first.kept.read()) == (429, b"abcdef")
    asyncio.run(form.receive(sent(b"abcd"), 4))  # there is room for it beside the files
    for each in (second, first, form):
        each.drop()
    asyncio.run(third.receive(sent(b"0123456789"), 10))
    third.drop()
    assert rsgi.Body.held == 0


def test_the_largest_form_of_ours_comes_in_at_proxy_and_door() -> None:
    proxy = (ROOT / "docker/Caddyfile").read_text()
    assert LARGEST_FORM < LARGEST and f"max_size {LARGEST // 1_000_000}MB" in proxy
    assert "request_header -*_*" in proxy
