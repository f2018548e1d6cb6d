from typing import ClassVar

from django.db import migrations

from companies.past import REMEMBER


class Migration(migrations.Migration):
    """Contracts of the past come with what their customers asked for."""

    dependencies: ClassVar = [("policies", "0006_search_and_merge"), ("companies", "0014_people_left")]
    operations: ClassVar = [REMEMBER]
