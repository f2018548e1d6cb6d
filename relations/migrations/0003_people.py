from typing import ClassVar

from django.db import migrations

from companies.walls import Definer, Sql


class Migration(migrations.Migration):
    """Whoever takes an invitation for a party's portfolio or folder stands for that party from then on."""

    dependencies: ClassVar = [("relations", "0002_wall"), ("companies", "0007_people")]
    operations: ClassVar = [
        Sql(
            "GRANT UPDATE (membership_id) ON relations_party TO sec_guard",
            "GRANT INSERT ON relations_partyevent TO sec_guard",
        ),
        Definer(
            "bind_party(company bigint, party bigint, membership bigint) RETURNS void LANGUAGE sql",
            "UPDATE public.relations_party p SET membership_id = $3 WHERE p.company_id = $1 AND p.id = $2",
            roles=(),
            path="pg_catalog, public, pg_temp",
        ),
    ]
