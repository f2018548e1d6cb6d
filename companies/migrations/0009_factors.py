from typing import ClassVar

from django.db import migrations

from companies import schema_factors as factors


class Migration(migrations.Migration):
    """Second factors: a code works once."""

    dependencies: ClassVar = [("companies", "0006_doors_wall")]
    operations: ClassVar = [factors.USE_STEP]
