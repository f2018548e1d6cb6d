from typing import ClassVar

from django.db import migrations

from companies.walls import AskedOnce


class Migration(migrations.Migration):
    """Doors prove who stands before them once a statement, in every room."""

    dependencies: ClassVar = [
        ("portal", "0002_operator"),
        ("policies", "0011_by_day"),
        ("quotations", "0005_by_day"),
        ("applications", "0013_by_day"),
        ("products", "0005_papers"),
        ("documents", "0007_enclosed"),
        ("relations", "0007_search_lists"),
        ("companies", "0017_checked_once"),
    ]
    operations: ClassVar = [AskedOnce()]
