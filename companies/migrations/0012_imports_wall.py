from typing import ClassVar

from django.db import migrations

from companies import schema_imports as imports
from companies.models.imports import IMPORT_MOVES, ImportState
from companies.moves import moves_guard
from companies.schema_context import CONTEXT
from companies.walls import GuardTrigger, Sql, Wall

RESULT = [
    "state",
    "why",
    "run",
    "counts",
    "told",
    "made",
    "totals_before",
    "totals_after",
    "reconciled",
    "run_at",
    "done_at",
]
ROW_RESULT = ["told", "key", "marks", "outcome", "errors", "table", "row", "at"]


class Migration(migrations.Migration):
    """Imports behind the wall: an employee's own, or the operator's under a window, whose context ends with it."""

    dependencies: ClassVar = [("companies", "0012_imports")]
    operations: ClassVar = [
        CONTEXT,
        Wall("import", app="SIU", update=RESULT, guard="SI"),
        Wall("importrow", app="SIU", update=ROW_RESULT, guard="SI"),
        Sql(
            "GRANT UPDATE (window_id, run, why, ticket, state) ON companies_import TO sec_guard",
            *imports.OPERATOR_SEES_OWN,
        ),
        *imports.FUNCTIONS,
        imports.BY_WHOM,
        imports.ROW_STAYS,
        GuardTrigger(
            "import",
            "import_moves",
            "BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW",
            moves_guard("state", IMPORT_MOVES, ImportState.STAGED),
        ),
    ]
