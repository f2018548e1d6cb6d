"""The context of a transaction: which company, through which door, who. Nothing set: no rows (docs/wall.md)."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from django.conf import settings
from django.db import connection, transaction

from companies.actor import Actor
from companies.doors import Door
from companies.signing import ask, prove

SETTINGS = ("app.context", "pghistory.context_id", "pghistory.context_metadata")
READ = "SELECT " + ", ".join(f"coalesce(current_setting('{name}', true), '')" for name in SETTINGS)
WRITE = "SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name in SETTINGS)
ENTER = (
    "SELECT sec.enter(%s, %s, %s, %s, %s, %s, %s, %s, %s), "
    "set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)"
)


def enter(company_id: int, actor: Actor) -> None:
    """Set the signed context of the running transaction, in one statement; it ends with the transaction.

    A worker or a command proves that it may enter any company. A web process holds no such proof: it enters by its own
    doors (companies.entrance) and from there the same company again, or its rehearsal twin, as the same person.
    """
    who = {key: value for key, value in asdict(actor).items() if value not in (None, False)}
    place = [
        company_id, str(actor.door.value), actor.party_id, actor.case_id, actor.link_id, actor.membership_id,
        actor.user_id,
    ]  # fmt: skip
    proof = prove("service", "enter", *place) if settings.PROOF_KEYS["service"] else (None, None)
    ask(ENTER, [*place, *proof, str(uuid.uuid4()), json.dumps(who)])


def read() -> list[str]:
    """The settings as they are, for `write`."""
    with connection.cursor() as cursor:
        # nosemgrep: sql-put-together (made of SETTINGS, a constant)
        cursor.execute(READ)
        return list(cursor.fetchone())


def write(values: list[str]) -> None:
    """Give back settings as they were read; the signature of a context holds in its own transaction only."""
    ask(WRITE, list(values))


@contextmanager
def company_scope(company_id: int, *, door: Door, actor: Actor) -> Iterator[None]:
    """A transaction inside one company. On leaving, everything deferred is checked while the context still stands.

    Scopes nest: the inner one's deferred checks run before the outer company comes back, so no guard looks through the
    wrong company's eyes (traps 1).
    """
    if actor.door != door:
        raise ValueError(f"An actor of door {actor.door} can't enter by door {door}.")
    nested = connection.in_atomic_block
    with transaction.atomic(savepoint=not nested):
        before = read() if nested else []
        enter(company_id, actor)
        yield
        leave(before)


def leave(before: list[str]) -> None:
    """Check what was deferred under this context; within another one defer again and give its settings back. The
    outermost context ends with its transaction, which follows at once.
    """
    if connection.needs_rollback or connection.connection is None or connection.connection.info.transaction_status != 2:
        return  # the transaction has failed; nothing of it will stay
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        if before:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            write(before)
