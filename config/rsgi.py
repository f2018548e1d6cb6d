"""The web process as the server calls it: what somebody sends is here, whole and in time, before a page is asked.

No thread and no transaction waits for who sends slowly, and a form that was cut off isn't taken for a whole one
(docs/decisions/0023-a-body-is-here-before-a-page-is-asked.md).
"""

import asyncio
import os
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from tempfile import SpooledTemporaryFile
from time import monotonic
from typing import Any, ClassVar

from config import wsgi

THREADS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="pages")
LARGEST_HEAD = 65_536  # bytes of an address with all headers
LARGEST = 51_000_000  # bytes of a body: five files of the largest kind (applications/quota.py), and docker/Caddyfile
IN_MEMORY = 1_000_000  # bytes of a body; what is longer waits in a file
ALL = 400_000_000  # bytes of all bodies that one process keeps at once
FOR_FORMS = 100_000_000  # bytes of those that no file takes: whoever fills the rest slowly shuts the door for nobody
SECONDS = float(os.environ.get("POLISDESK_BODY_SECONDS", "20"))
PACE = 16_000  # bytes; so many give a slow sender one second more
PAGES: Any = wsgi.application
Answer = tuple[int, list[tuple[str, str]], bytes]


class Refused(Exception):
    """A request that no page is asked for; the status says why."""

    def __init__(self, status: int, told: str) -> None:
        super().__init__(told)
        self.status = status


class Body:
    """What somebody sends with a request, as far as it came."""

    held: ClassVar[int] = 0  # bytes of all requests that are read or answered at this moment

    def __init__(self) -> None:
        self.kept, self.came = SpooledTemporaryFile(max_size=IN_MEMORY), 0  # noqa: SIM115 (closed by `drop`)

    async def receive(self, proto: Any, size: int) -> None:
        """Take `size` bytes in. Raises Refused (408) after 20 seconds and one more for each 16 kB that came, (400)
        where the sender left before the end, and (429) where all together send more than 400 MB; 300 MB, for a file.
        """
        parts, began = aiter(proto), monotonic()
        while self.came < size:
            try:
                part = await asyncio.wait_for(next_of(parts), began + SECONDS + self.came / PACE - monotonic())
            except TimeoutError:
                raise Refused(408, f"Expected {size:,} bytes, found {self.came:,} in all that time.") from None
            if not part:
                raise Refused(400, f"Expected {size:,} bytes, found {self.came:,}.")
            if Body.held + len(part) > (ALL if size <= IN_MEMORY else ALL - FOR_FORMS):
                raise Refused(429, "Too many files come in at this moment. Send it again in a minute.")
            self.kept.write(part)
            self.came += len(part)
            Body.held += len(part)
        self.kept.seek(0)

    def drop(self) -> None:
        """Let go of what was kept."""
        Body.held -= self.came
        self.kept.close()


async def application(scope: Any, proto: Any) -> None:
    """Read one request, ask the application in a thread of its own, answer."""
    body = Body()
    try:
        environ = environ_of(scope)
        await body.receive(proto, length_of(environ))
        environ["wsgi.input"] = body.kept
        answer = await asyncio.get_running_loop().run_in_executor(THREADS, page, environ)
    except Refused as refused:
        proto.response_str(refused.status, [("content-type", "text/plain"), ("connection", "close")], str(refused))
        return
    finally:
        body.drop()
    proto.response_bytes(*answer)


def page(environ: dict[str, Any]) -> Answer:
    """What the application answers: status, headers, content."""
    said: list[tuple[int, list[tuple[str, str]]]] = []
    answer: Iterable[bytes] = PAGES(environ, lambda status, headers, *_: said.append((int(status[:3]), headers)))
    try:
        content = b"".join(answer)
    finally:
        if close := getattr(answer, "close", None):
            close()  # the request is over
    return (*said[-1], content)


def environ_of(scope: Any) -> dict[str, Any]:
    """The request as WSGI tells it (PEP 3333), without its body. Raises Refused (431) where address and headers are
    longer than 64 kB together.
    """
    headers: list[tuple[str, str]] = scope.headers.items()
    size = len(scope.path) + len(scope.query_string) + sum(len(name) + len(value) for name, value in headers)
    if size > LARGEST_HEAD:
        raise Refused(431, f"Expected an address and headers of at most {LARGEST_HEAD:,} bytes, found {size:,}.")
    host, _, port = scope.server.rpartition(":")
    environ = {
        "REQUEST_METHOD": scope.method, "SCRIPT_NAME": "", "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string, "SERVER_NAME": host, "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}", "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0), "wsgi.url_scheme": scope.scheme, "wsgi.errors": sys.stderr, "wsgi.multithread": True,
        "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    return environ | said_by(headers) | ({"HTTP_HOST": scope.authority} if scope.authority else {})


def said_by(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers by their WSGI names. One with an underscore is left out: it would stand for the one with a dash that
    our proxy writes (X_Forwarded_For).
    """
    found: dict[str, str] = {}
    for name, value in headers:
        if "_" not in name:
            key = name.upper().replace("-", "_")
            key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
            found[key] = f"{found[key]}{'; ' if name == 'cookie' else ','}{value}" if key in found else value
    return found


def length_of(environ: dict[str, Any]) -> int:
    """How many bytes a body has, as its sender tells. Raises Refused (411) where he sends without telling, since a
    body cut off would look whole, (400) for what is no number and (413) for more than 51 MB.
    """
    if "HTTP_TRANSFER_ENCODING" in environ:
        raise Refused(411, "Expected a Content-Length, found a Transfer-Encoding.")
    told = environ.get("CONTENT_LENGTH", "0")
    if not (told.isascii() and told.isdigit()):
        raise Refused(400, f"Expected a number as Content-Length, found {told[:40]}.")
    if int(told) > LARGEST:
        raise Refused(413, f"Expected at most {LARGEST:,} bytes, found {int(told):,}.")
    return int(told)


async def next_of(parts: Any) -> bytes:
    """The next bytes of a body; none where no more come."""
    try:
        return bytes(await parts.__anext__())
    except StopAsyncIteration:
        return b""
