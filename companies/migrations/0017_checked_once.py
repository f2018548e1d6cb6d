from typing import ClassVar

from django.db import migrations

from companies.walls import CheckedOnce


class Migration(migrations.Migration):
    """The company of a row is asked for once: by `floor`, to which `tenant` adds nothing any more."""

    dependencies: ClassVar = [("companies", "0016_imports_in_time")]
    operations: ClassVar = [CheckedOnce()]
