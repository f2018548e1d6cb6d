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
    direct: bool | None = None  # whether a server answers and no pooler; unknown until it matters

    def init_connection_state(self) -> None:
        super().init_connection_state()
        self.direct = None
        self.tell()
        if not self.get_autocommit():
            self.connection.commit()  # what `tell` may have asked, on a connection that did nothing else yet

    @contextmanager
    def preparing(self, on: bool) -> Iterator[None]:
        """Inside, statements are prepared or not. Behind a pooler none is, since it may give the next statement a
        connection that knows of no plan, unless DATABASE_URL says `prepare=1`; with `prepare=0` none is anywhere.
        """
        before, self.prepares = self.prepares, on
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
        prepares = self.prepares and self.may_prepare()
        self.connection.prepare_threshold = USUAL if prepares else None
        self.connection.prepared_max = KEPT
        self.connection.cursor_factory = base.ServerBindingCursor if prepares else base.Cursor

    def may_prepare(self) -> bool:
        """As DATABASE_URL says, or where the server itself answers: a pooler tells another process number than its."""
        told: bool | None = self.settings_dict.get("PREPARES")
        if told is None and self.direct is None:
            found = self.connection.execute("SELECT pg_backend_pid()").fetchone()[0]
            self.direct = found == self.connection.info.backend_pid
        return bool(self.direct if told is None else told)
