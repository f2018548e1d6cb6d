from typing import ClassVar

from django.db import migrations

from companies.walls import Sql

PUBLIC = "id, company_id, number, slug, names, line_of_business, insurer_id, recorded_at"


class Migration(migrations.Migration):
    """What the company earns on an insurer's paper is no business of the public doors."""

    dependencies: ClassVar = [("products", "0003_office_channel")]
    operations: ClassVar = [
        Sql(
            "REVOKE SELECT ON products_product FROM bo_public",
            f"GRANT SELECT ({PUBLIC}) ON products_product TO bo_public",
        ),
    ]
