from typing import Any

from django.db.backends.ddl_references import Columns
from django.db.backends.postgresql import schema
from django.db.models import Field, Model


def stands_in_company(model: type[Model]) -> bool:
    """Whether the table's rows belong to one company each."""
    return any(field.name == "company" for field in model._meta.local_fields)


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    # A column added later then gets its key the same way as one of a new table.
    sql_create_column_inline_fk = None  # type: ignore[assignment]

    def create_model(self, model: type[Model]) -> None:
        """Every company table has a unique index (company_id, id), to which the composite keys refer."""
        super().create_model(model)
        if stands_in_company(model):
            self.create_wall_index(model)

    def add_field(self, model: type[Model], field: "Field[Any, Any]") -> None:
        """So has one that gets its company by a step of its own."""
        super().add_field(model, field)
        if field.name == "company":
            self.create_wall_index(model)

    def create_wall_index(self, model: type[Model]) -> None:
        table, key = model._meta.db_table, model._meta.pk.column
        # nosemgrep: sql-put-together (names of our own models, while migrating)
        self.execute(f'CREATE UNIQUE INDEX "{table}_wall" ON "{table}" (company_id, "{key}")')

    def _create_fk_sql(self, model: type[Model], field: "Field[Any, Any]", suffix: str) -> Any:
        from companies.fields import CompanyForeignKey

        statement = super()._create_fk_sql(model, field, suffix)  # type: ignore[misc]
        if isinstance(field, CompanyForeignKey):
            to = field.target_field
            statement.parts["column"] = Columns(
                model._meta.db_table, ["company_id", str(field.column)], self.quote_name
            )
            statement.parts["to_column"] = Columns(
                to.model._meta.db_table, ["company_id", str(to.column)], self.quote_name
            )
            # Under FORCE the owner would see no row and find no violation; inside this transaction it looks.
            tables = [f"ALTER TABLE %({part})s {{}} ROW LEVEL SECURITY" for part in ("table", "to_table")]
            before = [sql.format("NO FORCE") for sql in tables]
            after = [sql.format("FORCE") for sql in tables]
            statement.template = "; ".join([*before, statement.template, *after])
        return statement
