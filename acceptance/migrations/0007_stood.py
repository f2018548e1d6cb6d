from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Assessments by which a rule stood against an application are found by their day."""

    dependencies: ClassVar = [("acceptance", "0006_answers_guard")]
    operations: ClassVar = [
        migrations.AddIndex(
            "assessment",
            models.Index(fields=["company", "on"], name="assessment_that_stood", condition=~Q(outcome="accept")),
        )
    ]
