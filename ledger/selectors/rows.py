from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import connection

Row = TypeVar("Row")


def rows_of(kind: type[Row], sql: str, params: Mapping[str, Any]) -> list[Row]:
    """The rows of a statement, each as the dataclass whose fields are its columns in order."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [kind(*row) for row in cursor.fetchall()]
