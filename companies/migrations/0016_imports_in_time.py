from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

from companies import schema_imports as imports
from companies.models.imports import Why
from companies.walls import Definer


class Migration(migrations.Migration):
    """The operator imports while he administers a company, too; and no block of his is committed when he may no more."""

    dependencies: ClassVar = [("companies", "0015_saved_views")]
    operations: ClassVar = [
        migrations.AlterField("import", "why", models.CharField(blank=True, choices=Why.choices, max_length=8)),
        migrations.RemoveConstraint("import", "import_by_employee_or_window"),
        migrations.AddConstraint(
            "import",
            models.CheckConstraint(
                condition=Q(window__isnull=True) | Q(membership__isnull=True), name="import_by_employee_or_operator"
            ),
        ),
        imports.IMPORT_WINDOW,
        imports.RUN_IMPORT,
        imports.ENTER_IMPORT,
        Definer(
            f"{imports.BY_WHOM.signature} RETURNS trigger LANGUAGE plpgsql", imports.BY_WHOM.body, roles=("bo_owner",)
        ),
        imports.IN_TIME,
    ]
