from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """What hangs on many parties at once is read from the index alone."""

    dependencies: ClassVar = [("relations", "0007_search_lists")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(
                fields=["company", "party_id", "kind"], include=["subject_id"], name="search_entry_by_party"
            ),
        ),
        migrations.RemoveIndex(model_name="searchentry", name="search_entry_of_party"),
    ]
