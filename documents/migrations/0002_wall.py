from typing import ClassVar

from django.db import migrations

from companies.walls import Sql, UpwardKey, Wall, in_sight

# A public door sees a case only through its link, its adviser or its customer.
MINE = (
    "(sec.door() IN ('front', 'link') AND {table}.id = sec.\"case\"()) "
    "OR (sec.door() = 'advisers' AND {table}.adviser_id = sec.party()) "
    "OR (sec.door() = 'folder' AND {table}.customer_id = sec.party())"
)
PARTY_OF_MY_CASE = (
    "id = sec.party() OR EXISTS (SELECT 1 FROM documents_case c WHERE c.company_id = relations_party.company_id "
    "AND (c.customer_id = relations_party.id OR c.adviser_id = relations_party.id))"
)
FILE_OF_MY_CASE = (
    "EXISTS (SELECT 1 FROM documents_document d WHERE d.company_id = {table}.company_id AND d.file_id = {table}.id)"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("documents", "0001_initial"), ("relations", "0002_wall")]
    operations: ClassVar = [
        Wall(
            "case",
            app="SIU",
            update=["customer_id", "adviser_id", "retention_date", "legal_hold", "product_version_id"],
            public="S",
            sees=MINE,
            guard="SI",
        ),
        Wall("caseevent", app="SI", guard="SI"),
        Wall("document", app="SI", public="S", sees=in_sight()),
        Wall("file", app="SI", public="S", sees=FILE_OF_MY_CASE),
        Sql(
            f"CREATE POLICY door ON relations_party TO bo_public USING ({PARTY_OF_MY_CASE})",
            "GRANT SELECT ON relations_party TO bo_public",
        ),
        UpwardKey("companies_link", "case_id", "documents_case"),
        UpwardKey("companies_command", "case_id", "documents_case"),
        UpwardKey("companies_trailentry", "case_id", "documents_case"),
        UpwardKey("relations_proposal", "case_id", "documents_case"),
    ]
