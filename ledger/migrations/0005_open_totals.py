from typing import ClassVar

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """Debtors whose account stands open are found without reading those that are settled."""

    dependencies: ClassVar = [("ledger", "0004_imports")]
    operations: ClassVar = [
        migrations.AddIndex(
            "total",
            models.Index(
                fields=["company", "account", "party_id"],
                name="total_that_stands_open",
                condition=Q(party_id__isnull=False) & ~Q(debit=F("credit")),
            ),
        ),
    ]
