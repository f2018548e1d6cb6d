"""Questions to the operating system about processes: by /proc, or by ps where there is none."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """One process: its number, its state letter (Z is a zombie) and its command line."""

    pid: int
    state: str
    command: str


def find_process(pid: int) -> Process | None:
    """The process with this number, or None."""
    if not (PROC / "self/stat").exists():
        return next((found for found in _ps() if found.pid == pid), None)
    try:
        state = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
        command = (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except (OSError, IndexError):
        return None
    return Process(pid, state, command.strip())


def processes() -> Iterator[Process]:
    """All processes of the machine."""
    if not (PROC / "self/stat").exists():
        yield from _ps()
        return
    for path in PROC.iterdir():
        if path.name.isdigit() and (found := find_process(int(path.name))):
            yield found


def _ps() -> Iterator[Process]:
    lines = subprocess.run(["ps", "-axo", "pid=,stat=,command="], capture_output=True, text=True, check=False).stdout
    for line in lines.splitlines():
        pid, state, command = (line.split(None, 2) + ["", ""])[:3]
        yield Process(int(pid), state[:1], command)


def is_running(pid: int, *, program: str, word: str) -> bool:
    """Whether `pid` is alive and still the program we mean: zombies and re-used numbers are not."""
    found = find_process(pid)
    return bool(found and found.state not in {"Z", "X"} and program in found.command and word in found.command)
