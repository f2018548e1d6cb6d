"""What both servers have in common: start or adopt, wait until they answer, stop, tell the log's last lines."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from config.launch.errors import LaunchError
from config.launch.kernel import is_running
from config.launch.places import Places

LOG_LIMIT = 5_000_000  # bytes; a longer log is started anew


class Server:
    """One server process of a cluster. It may have been started by another launcher, gone or still there."""

    title = "server"
    stop_signals: tuple[signal.Signals, ...] = (signal.SIGTERM, signal.SIGKILL)

    def __init__(self, places: Places) -> None:
        self.places = places
        self.child: subprocess.Popen[bytes] | None = None

    @property
    def program(self) -> Path:
        """The server's binary."""
        raise NotImplementedError

    @property
    def pid_file(self) -> Path:
        """The file in which the server writes its process number."""
        raise NotImplementedError

    @property
    def mark(self) -> str:
        """A word of the command line that only this cluster's server has."""
        raise NotImplementedError

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.places.logs / f"{self.title}.log"

    def answers(self) -> bool:
        """Whether a client gets in with the cluster's own password."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Make data and configuration ready; the server is known to be down."""

    def command(self) -> list[str]:
        """The command line of the server."""
        raise NotImplementedError

    def pid(self) -> int | None:
        """The number of the running server; None for one left behind by `kill -9` or taken by another program."""
        try:
            pid = int(self.pid_file.read_text().split()[0])
        except (FileNotFoundError, NotADirectoryError, ValueError, IndexError):
            return None
        if self.child and self.child.pid == pid and self.child.poll() is not None:
            return None
        return pid if is_running(pid, program=self.program.name, word=self.mark) else None

    def start(self) -> bool:
        """Start the server and wait until it answers; False if it was already running."""
        if self.pid():
            self.wait(self.answers, seconds=60)
            return False
        self.prepare()
        self.child = self.spawn(self.command())
        self.wait(self.answers, seconds=120)
        return True

    def spawn(self, command: list[str]) -> subprocess.Popen[bytes]:
        """A process of the servers' account in a session of its own, so that Ctrl-C reaches the launcher alone."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.unlink()
        env = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command, env=env, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, **self.places.account.popen,
            )  # fmt: skip

    def wait(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Ask until it is ready; a server that ends meanwhile is reported with its last lines."""
        until = time.monotonic() + seconds
        while not ready():
            if self.child and self.child.poll() is not None:
                raise LaunchError(f"{self.title} ended with code {self.child.returncode} at start:\n{tail(self.log)}")
            if time.monotonic() > until:
                raise LaunchError(f"{self.title} gave no answer within {seconds:.0f} seconds:\n{tail(self.log)}")
            time.sleep(0.03)

    def stop(self) -> None:
        """Stop the server, whoever started it; the next signal follows where one isn't obeyed within 20 seconds."""
        for number in self.stop_signals:
            pid = self.pid()
            if pid is None:
                break
            os.kill(pid, number)
            until = time.monotonic() + 20
            while self.pid() and time.monotonic() < until:
                time.sleep(0.02)
        if self.child:
            self.child.wait()
            self.child = None


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 16_384))
            return "\n".join("  " + line for line in file.read().decode(errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return "  (no log)"
