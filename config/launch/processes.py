"""The table of processes of a running application, and the child that each becomes."""

import contextlib
import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.launch.errors import LaunchError
from config.launch.places import Places
from config.launch.ports import LOOPBACK
from config.launch.server import tail

Command = Callable[[int, Places], list[str]]


@dataclass(frozen=True)
class Process:
    """One row: its name (also the kind its settings read), its port and how its command line comes about."""

    name: str
    title: str
    command: Command
    port: int = 0  # the port it would like, counted from the launcher's first port; processes without `probe` take none
    probe: str = ""  # http: answers its health page, tcp: takes connections
    kind: str = ""  # POLISDESK_PROCESS, where it isn't the name

    @property
    def process(self) -> str:
        """What the settings are told: POLISDESK_PROCESS."""
        return self.kind or self.name


def web(port: int, places: Places) -> list[str]:
    """A web server for one group of doors."""
    return [
        sys.executable, "-m", "granian", "--interface", "rsgi", "--host", LOOPBACK, "--port", str(port),
        "--workers", "1", "--http", "1", "--no-ws", "--http1-buffer-size", "65536",
        "--http1-header-read-timeout", "10000", "--log-level", "warning", "--workers-kill-timeout", "10",
        "config.rsgi:application",
    ]  # fmt: skip


def worker(port: int, places: Places) -> list[str]:
    """The workers with the clock that wakes the sweeper."""
    return [
        sys.executable, "-m", "celery", "-A", "config.celery", "worker", "-B", "-s", str(places.home / "beat"),
        "-Q", "sweep,single,bulk", "-c", "2", "-l", "INFO", "--without-gossip", "--without-mingle", "--pidfile", "",
    ]  # fmt: skip


def mailbox(port: int, places: Places) -> list[str]:
    """The demo's mail server."""
    return [sys.executable, "-m", "config.launch.mailbox", "--port", str(port), "--folder", str(places.mailbox)]


DEMO = (
    Process("smtp", "Mail server", mailbox, port=25, probe="tcp", kind="manage"),
    Process("office", "Office", web, port=0, probe="http"),
    Process("public", "Front office", web, port=1, probe="http"),
    Process("operator", "Operator", web, port=2, probe="http"),
    Process("worker", "Worker", worker),
)


@dataclass
class Child:
    """A running process of the table, started by this launcher and ended with it."""

    process: Process
    arguments: Sequence[str]
    env: Mapping[str, str]
    log: Path
    options: Mapping[str, Any]
    port: int = 0
    popen: subprocess.Popen[bytes] | None = None
    ends: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it in a session of its own; the kernel ends it should the launcher be killed."""
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                self.arguments, env=dict(self.env), cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=_end_with_parent, **self.options,
            )  # fmt: skip

    def ended(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self.popen.poll() if self.popen else None

    def is_ready(self) -> bool:
        """Whether it does its work: the health page answers 200, the port takes connections."""
        if self.process.probe == "http":
            if (status := health(self.port)) >= 500:
                raise LaunchError(f"{self.process.title} answers with status {status}:\n{tail(self.log, 25)}")
            return status == 200
        if self.process.probe == "tcp":
            try:
                # nosemgrep: outgoing-request (to LOOPBACK)
                socket.create_connection((LOOPBACK, self.port), timeout=2).close()
            except OSError:
                return False
        return True

    def check(self) -> None:
        """Refuse to go on with a process that has ended."""
        if (code := self.ended()) is not None:
            raise LaunchError(f"{self.process.title} ended with code {code}:\n{tail(self.log, 25)}")

    def stop(self, *, seconds: float = 15) -> None:
        """Ask it to end, wait, end it by force."""
        if not self.popen:
            return
        if self.popen.poll() is None:
            self.popen.terminate()
        try:
            self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
        self.end_rest()
        self.popen = None

    def end_rest(self) -> None:
        """End what an ended process has left of its group, such as the clock of a killed worker."""
        if self.popen:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.popen.pid, signal.SIGKILL)


def health(port: int, path: str = "/health/") -> int:
    """The status of a page asked by the loopback address; 0 if nobody answers."""
    # nosemgrep: outgoing-request (to LOOPBACK)
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=10)
    try:
        connection.request("GET", path, headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def wait_ready(children: Sequence[Child], *, seconds: float = 60) -> None:
    """Wait until all are ready; one that ends, or stays silent, is reported with its last lines."""
    until = time.monotonic() + seconds
    for child in children:
        while not child.is_ready():
            child.check()
            if time.monotonic() > until:
                raise LaunchError(
                    f"{child.process.title} isn't ready after {seconds:.0f} seconds:\n{tail(child.log, 25)}"
                )
            time.sleep(0.05)
        child.check()


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _end_with_parent() -> None:
    if _libc:
        _libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
