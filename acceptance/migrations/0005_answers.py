from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("acceptance", "0004_wall")]
    operations: ClassVar = [
        migrations.AddField("decision", "answers", models.JSONField(default=dict)),
        migrations.AddField("decision", "reasons", models.JSONField(default=list)),
        migrations.AddConstraint(
            "decision",
            models.CheckConstraint(
                condition=models.Q(("verdict", "accept"), models.Q(("answers", {}), ("reasons", [])), _connector="OR"),
                name="decision_refusal_sets_nothing",
            ),
        ),
    ]
