from typing import ClassVar

from django.db import migrations

from companies import schema_operator as operator
from companies import schema_people as people
from companies.walls import Sql


class Migration(migrations.Migration):
    """The computing centre: looks in through windows only, hands companies over for good, and leaves a trail."""

    dependencies: ClassVar = [("companies", "0009_factors")]
    operations: ClassVar = [
        Sql(
            "GRANT INSERT ON companies_company, companies_trailentry, companies_user TO sec_guard",
            "GRANT UPDATE (own_administrator_at) ON companies_company TO sec_guard",
            "GRANT SELECT ON companies_user_groups TO sec_guard",
        ),
        *operator.FUNCTIONS,
        people.administers(or_else="sec.operator_administers() OR "),
        operator.NEVER_BACK,
    ]
