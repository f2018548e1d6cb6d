"""Statements that the database plans once a connection and not each time (docs/decisions/0022)."""

from contextlib import AbstractContextManager
from typing import Any

from django.db import connection

BY_KEYS = "SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)"


def preparing(on: bool = True) -> AbstractContextManager[None]:
    """Inside, statements are prepared the second time they run, with values apart from their text; or, `on` being
    False, none is.
    """
    django: Any = connection
    return django.preparing(on)  # type: ignore[no-any-return]


def plan_once() -> None:
    """Until the transaction ends one plan serves all values, in triggers and functions too, and goes by an index: for
    point reads and inserts, whose plan is the same for each value, and is kept while a table grows from nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(BY_KEYS)
