from typing import ClassVar

from django.db import migrations

from companies.walls import Wall


class Migration(migrations.Migration):
    dependencies: ClassVar = [("correspondence", "0001_initial"), ("documents", "0002_wall")]
    operations: ClassVar = [Wall(model, app="SI") for model in ("message", "enclosure", "delivery")]
