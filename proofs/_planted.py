"""A page with faults on purpose, on the loopback address: a scan that doesn't name them hasn't looked.

It runs no command and opens no file: where a real page would, it answers as one that did.
"""

import json
import sqlite3
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE = """<!doctype html><title>Planted</title><a href="echo?text=a">echo</a> <a href="find?name=a">find</a>
<a href="go?to=a">go</a> <a href="read?file=a.txt">read</a> <a href="fetch?address=a">fetch</a>
<form action="say" method="post"><input name="said" value="a"><button>Say</button></form>"""
FAULTS = (
    "Cross Site Request Forgery", "Open Redirect", "Path Traversal", "Reflected Cross Site Scripting", "SQL Injection",
    "Server Side Request Forgery",
)  # fmt: skip


class Endpoint(BaseHTTPRequestHandler):
    """Remembers who came by `/ssrf/scan/page/parameter/` and tells it at `/get_ssrf.php`, as the scanner asks it."""

    came: dict[str, dict[str, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))

    def do_GET(self) -> None:
        """Remember, or tell."""
        parts = urlsplit(self.path)
        if parts.path.startswith("/ssrf/"):
            _empty, _ssrf, scan, page, parameter, *_rest = parts.path.split("/")
            when = datetime.now(UTC).isoformat()
            row = {"url": self.path, "date": when, "ip": self.client_address[0], "method": self.command, "size": "0"}
            self.came[f"{scan}/{page}"][parameter].append(row)
            return self.answer("")
        scan = parse_qs(parts.query).get("session_id", [""])[0]
        told = {key.partition("/")[2]: rows for key, rows in self.came.items() if key.startswith(f"{scan}/")}
        self.answer(json.dumps(told), kind="application/json")

    def answer(self, text: str, *, kind: str = "text/html", status: int = 200, **headers: str) -> None:
        """Send one whole answer."""
        content = text.encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Planted(Endpoint):
    """One fault a page."""

    endpoint = ""  # the only address it fetches

    def do_GET(self) -> None:
        """Answer with the page's fault."""
        parts = urlsplit(self.path)
        sent = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        page = parts.path.removeprefix("/planted/")
        if page == "go" and sent.get("to", "").isprintable():
            return self.answer("", status=302, Location=sent.get("to", ""))
        self.answer(PAGE + self.fault(page, sent))

    def do_POST(self) -> None:
        """Take a form that has no token."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(PAGE)

    def fault(self, page: str, sent: dict[str, str]) -> str:
        """What stands below the links."""
        if page == "echo":
            return f"<p>{sent.get('text', '')}</p>"
        if page == "find":
            return self.find(sent.get("name", ""))
        if page == "read" and sent.get("file", "").endswith("/etc/passwd"):
            return "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
        if page == "fetch" and (address := sent.get("address", "")).startswith(self.endpoint) and address.isprintable():
            with suppress(OSError), urllib.request.urlopen(address, timeout=5):
                return "fetched"
        return ""

    def find(self, name: str) -> str:
        """A name put into SQL, and the error shown."""
        try:
            return str(sqlite3.connect(":memory:").execute("SELECT '" + name + "'").fetchall())
        except sqlite3.Error as error:
            return f"sqlite3.OperationalError: {error}"


@contextmanager
def served(kind: type[Endpoint], **attributes: str) -> Iterator[str]:
    """The address of a running server of this kind."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type(kind.__name__, (kind,), attributes))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
