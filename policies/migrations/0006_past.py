from typing import ClassVar

from django.db import migrations

from companies.past import REMEMBER


class Migration(migrations.Migration):
    """Contracts of the past come with what their customers asked for."""

    dependencies: ClassVar = [("policies", "0004_folder"), ("companies", "0011_downwards_wall")]
    operations: ClassVar = [REMEMBER]
