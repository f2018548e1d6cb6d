from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Failed jobs are found among all that were ever done: everybody's first page asks for them."""

    dependencies: ClassVar = [("companies", "0017_checked_once")]
    operations: ClassVar = [
        migrations.AddIndex(
            "job", models.Index(fields=["company", "kind"], condition=Q(state="failed"), name="job_failed_by_kind")
        )
    ]
