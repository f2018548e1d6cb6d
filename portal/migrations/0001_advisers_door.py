from typing import ClassVar

from django.db import migrations

from companies.walls import Sql


class Migration(migrations.Migration):
    """An adviser reads his own appointment, whose code stands in his links, and nobody else's."""

    initial = True
    dependencies: ClassVar = [("relations", "0002_wall"), ("documents", "0002_wall")]
    operations: ClassVar = [
        Sql(
            "CREATE POLICY door ON relations_appointment TO bo_public "
            "USING (sec.door() = 'advisers' AND party_id = sec.party())",
            "GRANT SELECT ON relations_appointment TO bo_public",
        ),
    ]
