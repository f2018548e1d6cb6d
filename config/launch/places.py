"""Where one cluster keeps its things: data, sockets, passwords, logs, documents, mails."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from config.launch.account import Account, account
from config.launch.errors import LaunchError

ROOT = Path(__file__).resolve().parents[2]
LONGEST_SOCKET = 100  # bytes; the kernel refuses longer names of unix sockets at 104 or 108


def short_hash(path: Path) -> str:
    """Eight characters that stand for a path where the path itself is too long."""
    return hashlib.sha256(str(path).encode()).hexdigest()[:8]


def machine_folder(name: str) -> Path:
    """A folder of root's outside of every home, for what an unprivileged account must reach."""
    for base in (Path("/var/lib"), Path(tempfile.gettempdir())):
        if os.access(base, os.W_OK):
            folder = base / "polisdesk" / name
            for path in (folder.parent, folder):
                own_folder(path, mode=0o755, owner=os.geteuid())
            return folder
    raise LaunchError("Expected a writable /var/lib or temp folder for the servers' data; found neither.")


def own_folder(path: Path, *, mode: int, owner: int) -> Path:
    """Make a folder, or take it if it is a folder of `owner`; a link or somebody else's folder is refused."""
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner, os.geteuid()}:
        raise LaunchError(f"Expected a folder of user {owner} at {path}; found one of user {found.st_uid}.")
    path.chmod(mode)
    return path


@dataclass(frozen=True)
class Places:
    """The folders of the cluster kept under `var`, for example var/demo."""

    var: Path
    account: Account

    @cached_property
    def root(self) -> Path:
        """`var` itself; a folder under /var/lib where the servers' account can't enter `var`."""
        self.var.mkdir(parents=True, exist_ok=True)
        if self.account.reaches(self.var):
            return self.var
        return machine_folder(short_hash(self.var))

    def _mine(self, name: str) -> Path:
        return own_folder(self.root / name, mode=0o700, owner=os.geteuid())

    def _servers(self, name: str) -> Path:
        path = own_folder(self.root / name, mode=0o700, owner=self.account.uid)
        self.account.own(path)
        return path

    @property
    def secrets(self) -> Path:
        """Passwords of the roles, readable by the person who started the launcher alone."""
        return self._mine("secrets")

    @property
    def logs(self) -> Path:
        """One log file a process."""
        return self._mine("logs")

    @property
    def valkey(self) -> Path:
        """Data of the message broker."""
        return self._servers("valkey")

    @property
    def files(self) -> Path:
        """The document store."""
        return self._servers("files")

    @property
    def mailbox(self) -> Path:
        """Mails that the demo has sent, one .eml file each."""
        return self._servers("mailbox")

    @property
    def home(self) -> Path:
        """The home of our processes: font cache, schedule of the worker."""
        return self._servers("home")

    @cached_property
    def sockets(self) -> Path:
        """The folder of both sockets, 0700; in the temp folder where the path would be too long for a socket."""
        path = self.root / "sockets"
        if len(str(path / ".s.PGSQL.5432.lock").encode()) >= LONGEST_SOCKET:
            path = Path(tempfile.gettempdir()) / f"polisdesk-{self.account.uid}-{short_hash(self.root)}"
        own_folder(path, mode=0o700, owner=self.account.uid)
        self.account.own(path)
        return path


def places(var: Path) -> Places:
    """The places of a cluster for the user who runs this process."""
    return Places(var.resolve(), account())
