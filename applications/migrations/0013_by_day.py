from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """The newest applications are found without reading all."""

    dependencies: ClassVar = [("applications", "0012_search")]
    operations: ClassVar = [
        migrations.AddIndex(
            "application", models.Index(fields=["company", "submitted_at", "id"], name="application_by_day")
        ),
    ]
