"""Who the servers run as: started by root they drop to an ordinary account, else they run as who started them."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """The account of the servers; `entry` is empty where nothing has to be dropped."""

    entry: pwd.struct_passwd | None

    @property
    def uid(self) -> int:
        """The user id that owns data, sockets and files."""
        return self.entry.pw_uid if self.entry else os.geteuid()

    @property
    def popen(self) -> dict[str, Any]:
        """The arguments of subprocess.Popen that make a child run as this account."""
        if not self.entry:
            return {}
        return {"user": self.entry.pw_uid, "group": self.entry.pw_gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Hand a file or folder over to the account."""
        if self.entry:
            os.chown(path, self.entry.pw_uid, self.entry.pw_gid)

    def own_tree(self, folder: Path) -> None:
        """Hand a folder over with all that lies in it, such as documents that a command of root has filed."""
        if not self.entry:
            return
        for path in [folder, *folder.rglob("*")]:
            if not path.is_symlink() and path.stat().st_uid != self.entry.pw_uid:
                self.own(path)

    def reaches(self, path: Path) -> bool:
        """Whether the account can read and enter `path`: a checkout below a 0700 home is closed to it."""
        if not self.entry:
            return True
        test = ["/bin/sh", "-c", 'test -r "$1" && test -x "$1"', "sh", str(path)]
        return subprocess.run(test, cwd="/", check=False, **self.popen).returncode == 0


def account() -> Account:
    """The account for the servers started by this process."""
    if os.geteuid() != 0:
        return Account(None)
    for name in UNPRIVILEGED:
        try:
            return Account(pwd.getpwnam(name))
        except KeyError:
            continue
    return Account(pwd.getpwuid(65534))
