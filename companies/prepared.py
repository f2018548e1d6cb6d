"""Statements that the database plans once a connection and not each time (docs/decisions/0022)."""

from contextlib import AbstractContextManager
from typing import Any

from django.db import connection


def preparing(on: bool = True) -> AbstractContextManager[None]:
    """Inside, statements are prepared the second time they run, with values apart from their text; or, `on` being
    False, none is.
    """
    django: Any = connection
    return django.preparing(on)  # type: ignore[no-any-return]


def plan_once() -> None:
    """Until the transaction ends one plan serves all values, in triggers and functions too: for point reads and
    inserts, whose plan is the same for each value.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
