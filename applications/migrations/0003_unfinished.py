from typing import ClassVar

from django.db import migrations, models

from companies.walls import Sql


class Migration(migrations.Migration):
    dependencies: ClassVar = [("applications", "0002_wall")]
    operations: ClassVar = [
        migrations.AddField("draft", "unfinished", models.JSONField(default=dict)),
        Sql("GRANT UPDATE (unfinished) ON applications_draft TO bo_public"),
    ]
