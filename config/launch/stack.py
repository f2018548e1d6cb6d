"""The whole application on one machine: servers, database, demo data, web, worker and mail, in order."""

import compileall
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import IO, Any

from config.launch import migrations
from config.launch.child import django
from config.launch.cluster import Cluster
from config.launch.environment import environment, with_addresses
from config.launch.errors import LaunchError
from config.launch.locks import hold
from config.launch.passwords import write_private
from config.launch.places import ROOT
from config.launch.ports import free_port
from config.launch.processes import DEMO, Child, Process, wait_ready
from config.launch.server import tail

PORT = 8000
RESTARTS, WITHIN = 3, 60.0  # a process may end so often within so many seconds


def _to_terminal(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


class Stack:
    """One running application, kept under `var` (for example var/demo).

    `demo` loads the demo companies and opens the mailbox's page; `test` makes a test cluster. `port` is the office's
    wish, the front office takes the next; 0 takes any free ports.
    """

    def __init__(
        self, var: Path, *, demo: bool, test: bool = False, port: int = PORT, table: Sequence[Process] = DEMO,
        say: Callable[[str], None] = _to_terminal, policies: int = 0,
    ) -> None:  # fmt: skip
        self.cluster = Cluster(var, test=test)
        self.places = self.cluster.places
        self.demo, self.table, self.say, self.policies = demo, table, say, policies
        self.first_port = port
        self.addresses: dict[str, str] = {}
        self.children: list[Child] = []
        self._lock: IO[str] | None = None
        self._stopping = False

    def start(self) -> None:
        """Everything up: returns when each door answers and the demo data is there."""
        self._lock = hold(self.places.root / "stack.lock", shared=False)
        if self._lock is None:
            raise LaunchError(f"An application already runs from {self.places.root}{self._where()}.")
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        self.cluster.start()
        self._choose_addresses()
        self.places.account.own_tree(self.places.files)
        if self._drops:
            compileall.compile_dir(ROOT / "config", quiet=2, legacy=False)
        self.migrate()
        self.children = [self._child(process) for process in self.table]
        for child in self.children:
            child.start()
        if self.demo:
            self.load_demo_data()
        wait_ready(self.children)
        if self.demo:
            from config.launch.walk.first_sale import sell  # a walk needs the stack, and reads papers

            sell(self)

    def migrate(self) -> bool:
        """Bring the database to the code's migrations, as bo_owner; False where it was there already."""
        if migrations.is_current(self.places):
            return False
        self.manage("migrate", "--noinput", "-v0", role="bo_owner")
        migrations.record_state(self.places)
        return True

    def load_demo_data(self) -> None:
        """The demo companies; the command itself sees what is there already and tells what to log in with."""
        output = self.manage("demo_data")
        if output.strip():
            self.say(output.rstrip())
        if self.policies:
            self.load_portfolio()

    def load_portfolio(self) -> None:
        """Policies of several years; the command tells how far it is, and goes on where an earlier one ended."""
        self.say(f"\nA portfolio of {self.policies:,} policies is taken over.")
        arguments = ["demo_policies", str(self.policies)]
        done = subprocess.run(
            django(*arguments), env=self.environment("manage"), cwd="/", stdin=subprocess.DEVNULL, check=False,
            **self._account,
        )  # fmt: skip
        if done.returncode:
            raise LaunchError(f"manage.py {' '.join(arguments)} ended with code {done.returncode}.")

    def environment(self, process: str, *, role: str | None = None) -> dict[str, str]:
        """The environment of one process of this application, with its role's password alone."""
        env = with_addresses(environment(self.cluster, process, role=role), self.addresses)
        if self.demo:
            env |= {"POLISDESK_DEMO": "1", "POLISDESK_MAILBOX": str(self.places.mailbox)}
        if self._drops:
            env |= {"HOME": str(self.places.home)}
        return env

    def manage(self, *arguments: str, role: str | None = None) -> str:
        """Run a management command as a child and give what it printed; a failure is raised with its last lines."""
        log = self.places.logs / "manage.log"
        done = subprocess.run(
            django(*arguments), env=self.environment("manage", role=role), cwd="/", stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False, **self._account,
        )  # fmt: skip
        with log.open("a") as file:
            file.write(f"manage.py {' '.join(arguments)}\n{done.stdout}{done.stderr}")
        if done.returncode:
            raise LaunchError(f"manage.py {' '.join(arguments)} ended with code {done.returncode}:\n{tail(log, 25)}")
        return str(done.stdout)

    def watch(self) -> int:
        """Stay until Ctrl-C or SIGTERM (0), or until a process ends again and again (1)."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._end)
        while not self._stopping:
            for child in self.children:
                if child.ended() is not None and not self._restart(child):
                    return 1
            time.sleep(0.3)
        return 0

    def stop(self) -> None:
        """Stop everything in order: doors, worker, mail, then the servers."""
        for child in sorted(self.children, key=lambda child: ["http", "", "tcp"].index(child.process.probe)):
            child.stop()
        self.children = []
        self.cluster.stop()
        if self._lock:
            self._lock.close()
            self._lock = None

    @property
    def _drops(self) -> bool:
        """Whether the processes drop from root: only to an account that can read interpreter, packages and code."""
        account = self.places.account
        needed = [Path(sys.executable).resolve(), Path(sys.prefix), Path(sys.base_prefix), ROOT / "config"]
        return account.entry is not None and all(account.reaches(path) for path in needed)

    @property
    def _account(self) -> dict[str, Any]:
        return self.places.account.popen if self._drops else {}

    def _choose_addresses(self) -> None:
        taken: set[int] = set()
        for process in self.table:
            if process.probe:
                wish = self.first_port + process.port if self.first_port else 0
                port = free_port(wish, taken=taken)
                taken.add(port)
                self.addresses[process.name] = (
                    f"smtp://127.0.0.1:{port}" if process.probe == "tcp" else f"http://localhost:{port}"
                )
        write_private(self.places.root / "addresses.json", json.dumps(self.addresses) + "\n")

    def _child(self, process: Process) -> Child:
        address = self.addresses.get(process.name, ":0")
        port = int(address.rpartition(":")[2])
        return Child(
            process=process,
            arguments=process.command(port, self.places),
            env=self.environment(process.process),
            log=self.places.logs / f"{process.name}.log",
            options=self._account,
            port=port,
        )

    def _restart(self, child: Child) -> bool:
        now = time.monotonic()
        child.ends = [*(end for end in child.ends if now - end < WITHIN), now]
        self.say(f"{child.process.title} ended with code {child.ended()}. Its last lines:\n{tail(child.log)}")
        if len(child.ends) > RESTARTS:
            self.say(f"It ended {len(child.ends)} times within {WITHIN:.0f} seconds; everything stops.")
            return False
        child.end_rest()
        child.start()
        self.say(f"{child.process.title} was started again.")
        return True

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _where(self) -> str:
        try:
            found = json.loads((self.places.root / "addresses.json").read_text())
        except (OSError, ValueError):
            return ""
        return ": " + ", ".join(address for address in found.values() if address.startswith("http"))


def configured_addresses(root: Path) -> dict[str, str]:
    """The addresses of the application that last ran from this folder, for commands that write links."""
    try:
        return dict(json.loads((root / "addresses.json").read_text()))
    except (OSError, ValueError):
        return {}
