import django.contrib.postgres.functions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from companies import schema_rights as rights
from companies.walls import Sql


class Migration(migrations.Migration):
    """Protocols have an address and can be retired; nobody raises himself; who holds one follows from grants."""

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("companies", "0007_people"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="protocol",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="protocol",
            name="update_update",
        ),
        migrations.RemoveConstraint(
            model_name="protocol",
            name="protocol_name_once",
        ),
        migrations.AddField(
            model_name="protocol",
            name="public_id",
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False),
        ),
        migrations.AddField(
            model_name="protocol",
            name="retired_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="protocolevent",
            name="public_id",
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False),
        ),
        migrations.AddField(
            model_name="protocolevent",
            name="retired_at",
            field=models.DateTimeField(null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="protocol",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "companies_protocolevent" ("company_id", "group_id", "id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "retired_at", "template") VALUES (NEW."company_id", NEW."group_id", NEW."id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."public_id", NEW."retired_at", NEW."template"); RETURN NULL;',
                    hash="8680eec128c84a790b9b1442793d1c41263ef027",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_33606",
                    table="companies_protocol",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="protocol",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "companies_protocolevent" ("company_id", "group_id", "id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "retired_at", "template") VALUES (NEW."company_id", NEW."group_id", NEW."id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."public_id", NEW."retired_at", NEW."template"); RETURN NULL;',
                    hash="658322b22d83f40c93de6646a87c26c8e1339c85",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b74b7",
                    table="companies_protocol",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="protocol",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at", None)), fields=("company", "name"), name="protocol_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="protocol",
            constraint=models.UniqueConstraint(fields=("company", "public_id"), name="protocol_address_once"),
        ),
        Sql(
            "GRANT UPDATE (retired_at) ON companies_protocol TO bo_app",
            "REVOKE INSERT, DELETE ON companies_user_groups FROM bo_app",
            "GRANT SELECT, INSERT, DELETE ON companies_user_groups TO sec_guard",
        ),
        *rights.GUARDS,
        Sql(*rights.GRANTS_OF_BEFORE),
    ]
