from typing import Any

from django.db.models import Field, Func


class XactField(Field):  # type: ignore[type-arg]
    """A transaction's number (xid8): which transaction wrote the row. It tells nothing after a restore elsewhere."""

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def get_internal_type(self) -> str:
        return "XactField"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)


class CurrentXact(Func):
    """pg_current_xact_id(): the running transaction."""

    function = "pg_current_xact_id"
    arity = 0
    allowed_default = True
    output_field = XactField()
