from typing import ClassVar

from django.db import migrations

from companies.walls import Wall


class Migration(migrations.Migration):
    dependencies: ClassVar = [("acceptance", "0001_initial"), ("applications", "0002_wall")]
    operations: ClassVar = [Wall("assessment", app="SI")]
