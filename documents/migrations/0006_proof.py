from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """A paper keeps which renderer and which files of its template printed it; a withdrawal has a receipt."""

    dependencies: ClassVar = [("documents", "0005_search")]
    operations: ClassVar = [
        migrations.AddField("document", "made_with", models.JSONField(default=dict)),
        migrations.AlterField(
            "document",
            "kind",
            models.CharField(
                choices=[
                    ("quotation", "Quotation"),
                    ("ipid", "Insurance product information document"),
                    ("summary", "Summary of cover"),
                    ("application", "Copy of the application"),
                    ("policy", "Policy"),
                    ("invoice", "Invoice"),
                    ("decision", "Decision on the application"),
                    ("withdrawal", "Receipt of the withdrawal"),
                ],
                max_length=12,
            ),
        ),
    ]
