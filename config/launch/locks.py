"""Locks between launchers on one machine; the kernel lets go of them when a process dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait for the lock and hold it: one launcher at a time starts or stops the servers of a cluster."""
    with _open(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def hold(path: Path, *, shared: bool) -> IO[str] | None:
    """Take a lock without waiting and keep it until the file is closed; None if somebody else's stands in the way."""
    file = _open(path)
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def _open(path: Path) -> IO[str]:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+")
