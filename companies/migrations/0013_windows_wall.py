from typing import ClassVar

from django.db import migrations

from companies import schema_windows as windows
from companies.walls import Wall


class Migration(migrations.Migration):
    """A window may be kept open for longer, with a code of its own; codes that weren't taken are written down."""

    dependencies: ClassVar = [("companies", "0013_windows")]
    operations: ClassVar = [
        Wall("windowextension", app="S", guard="SI"),
        Wall("wrongcode", app="S", guard="SI"),
        *windows.FUNCTIONS,
    ]
