"""Proofs that only our own processes can give: the database believes them, an injected statement can't make one.

Two keys, each in the environment of the processes that need it and, as its two HMAC pads, in `sec.key`, which no role
of the application reads: `entrance` (web processes: who logged in, who proved a second factor) and `service` (workers
and commands: enter any company). docs/wall.md, "The context is signed".
"""

import hmac
import time
from hashlib import sha256
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

BLOCK = 64  # bytes of a SHA-256 block
KEYS = ("entrance", "service")


def key_of(name: str) -> bytes:
    """The key `name` of this process, 32 bytes made from its secret; LookupError where the process doesn't hold it."""
    secret = settings.PROOF_KEYS[name]
    if not secret:
        raise LookupError(f"This process holds no key “{name}”.")
    return sha256(str(secret).encode()).digest()


def pads(key: bytes) -> tuple[bytes, bytes]:
    """Inner and outer pad of HMAC-SHA-256, as the database keeps a key: it has no xor of its own for bytes."""
    padded = key.ljust(BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in padded), bytes(byte ^ 0x5C for byte in padded)


def prove(name: str, *words: Any) -> tuple[int, bytes]:
    """When (microseconds) and the proof of the words under a key; a proof is believed for five minutes."""
    issued = time.time_ns() // 1000
    message = "|".join("" if word is None else str(word) for word in (*words, issued))
    return issued, hmac.new(key_of(name), message.encode(), sha256).digest()


def ask(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    """Run a statement whose values are secrets: they travel apart from its text, so that nobody who lists running
    statements reads them. All rows.
    """
    connection.ensure_connection()
    if connection.queries_logged:
        connection.queries_log.append({"sql": statement, "time": "0"})
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []
