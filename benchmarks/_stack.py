"""The whole application with a portfolio of a size, as `bin/demo --policies N` serves it; its data is made once and
kept under var/portfolio-N.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from config.launch.places import ROOT
from config.launch.stack import Stack

COMPANY = "duinbaken"  # the one that holds most of a portfolio
ENTRY = re.compile(r"^@(\w*) (\d+)@ LOG:  (?:statement|execute \S+): ", re.MULTILINE)
NO_QUERY = re.compile(r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET |DISCARD|RESET )", re.IGNORECASE)


@contextmanager
def served(policies: int) -> Iterator[Stack]:
    """It answers, its data is there and analysed."""
    stack = Stack(ROOT / "var" / f"portfolio-{policies}", demo=True, port=0, policies=policies)
    try:
        stack.start()
        analysed = stack.places.root / "analysed"
        if not analysed.exists():
            with stack.cluster.postgres.connect("polisdesk") as connection:
                connection.execute("VACUUM ANALYZE")
            analysed.touch()
        yield stack
    finally:
        stack.stop()


def stop_worker(stack: Stack) -> None:
    """What is counted from now on, web processes did."""
    for child in stack.children:
        if child.process.name == "worker":
            child.stop()


@contextmanager
def statements(stack: Stack) -> Iterator[list[str]]:
    """What the doors ask of the database while the block runs; the list is whole once it has ended."""
    told: list[str] = []
    log = stack.cluster.postgres.log
    with stack.cluster.postgres.connect("polisdesk") as connection:
        settle(connection, "log_line_prefix = '@%u %p@ '", "log_statement = 'all'")
        start = log.stat().st_size
        try:
            yield told
        finally:
            time.sleep(0.2)
            with log.open("rb") as file:
                file.seek(start)
                told += asked(file.read().decode(errors="replace"))
            settle(connection, "log_statement = 'none'", "log_line_prefix = '%m [%p] '")


def settle(connection: Any, *settings: str) -> None:
    """Settings of the whole server, taken up by sessions that are there."""
    for setting in settings:
        connection.execute(f"ALTER SYSTEM SET {setting}")
    connection.execute("SELECT pg_reload_conf()")
    time.sleep(0.3)


def asked(log: str) -> list[str]:
    """The queries of the web processes in a piece of the log, without what begins and ends a transaction."""
    parts = ENTRY.split(log)
    found = zip(parts[1::3], parts[3::3], strict=True)
    texts = [text.split("\n@")[0].strip() for user, text in found if user in {"bo_app", "bo_public"}]
    return [text for text in texts if not NO_QUERY.match(text)]
