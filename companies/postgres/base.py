from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.postgresql import base, operations

from companies.postgres.schema import DatabaseSchemaEditor

USUAL = 1  # times that a statement runs before it is prepared: what runs once costs no way more
KEPT = 300  # prepared statements of one connection; a chain has some seventy


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> str:
        """A statement with its values, for the log of whoever counts statements: a prepared one goes out without."""
        if self.connection.prepares:  # type: ignore[attr-defined]
            return str(self.compose_sql(sql, params))
        return super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
    ops_class = DatabaseOperations
    prepares = False

    def init_connection_state(self) -> None:
        super().init_connection_state()
        self.tell()

    @contextmanager
    def preparing(self, on: bool) -> Iterator[None]:
        """Inside, statements are prepared or not; none ever is where DATABASE_URL says `prepare=0`."""
        before = self.prepares
        self.prepares = on and self.settings_dict.get("PREPARES", True)
        self.tell()
        try:
            yield
        finally:
            self.prepares = before
            self.tell()

    def tell(self) -> None:
        """Tell the driver, which may have connected anew in between."""
        if self.connection is None:
            return
        self.connection.prepare_threshold = USUAL if self.prepares else None
        self.connection.prepared_max = KEPT
        self.connection.cursor_factory = base.ServerBindingCursor if self.prepares else base.Cursor
