from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Orders of a period are found without reading all others."""

    dependencies: ClassVar = [("quotations", "0004_search")]
    operations: ClassVar = [migrations.AddIndex("order", models.Index(fields=["company", "on"], name="order_by_day"))]
