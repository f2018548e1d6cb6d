"""A database host that hangs: it takes connections and never says a word."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connections

from config.environment import database

WAIT = 2  # seconds; the least that libpq waits


@contextmanager
def silence(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """What this process connects to now is such a host, and it is told to wait for WAIT seconds."""
    monkeypatch.setenv("POLISDESK_DATABASE_WAIT", str(WAIT))
    here = connections["default"].settings_dict
    with socket.create_server(("127.0.0.1", 0)) as listening:
        told = database(f"postgresql://bo_app@127.0.0.1:{listening.getsockname()[1]}/polisdesk")
        was = {key: here[key] for key in ("HOST", "PORT", "OPTIONS")}
        connections["default"].close()
        here.update({key: told[key] for key in was})
        try:
            yield listening
        finally:
            connections["default"].close()
            here.update(was)


def callers(listening: socket.socket) -> int:
    """How often somebody tried to connect."""
    listening.setblocking(False)
    count = 0
    while True:
        try:
            listening.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1
