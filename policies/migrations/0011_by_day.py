from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Invoices of a period are found without reading all others."""

    dependencies: ClassVar = [("policies", "0010_folder_withdrawal")]
    operations: ClassVar = [
        migrations.AddIndex("invoice", models.Index(fields=["company", "invoiced_on"], name="invoice_by_day"))
    ]
