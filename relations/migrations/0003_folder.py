import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.functions.datetime
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import companies.fields
import relations.models


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0011_downwards_wall"),
        ("relations", "0003_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="PartyRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("insurer", "Insurer"),
                            ("group", "Broker group"),
                            ("company", "Broker company"),
                            ("intermediary", "Intermediary"),
                        ],
                        max_length=12,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PartyRoleEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("insurer", "Insurer"),
                            ("group", "Broker group"),
                            ("company", "Broker company"),
                            ("intermediary", "Intermediary"),
                        ],
                        max_length=12,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="party",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="party",
            name="update_update",
        ),
        migrations.AddField(
            model_name="party",
            name="folder",
            field=companies.fields.CompanyForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="companies.membership"
            ),
        ),
        migrations.AddField(
            model_name="partyevent",
            name="folder",
            field=companies.fields.CompanyForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="companies.membership",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="party",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "relations_partyevent" ("birth_date", "company_id", "email", "family_name", "folder_id", "given_name", "id", "kind", "language", "legal_hold", "membership_id", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "recorded_at", "retention_date", "sort_key") VALUES (NEW."birth_date", NEW."company_id", NEW."email", NEW."family_name", NEW."folder_id", NEW."given_name", NEW."id", NEW."kind", NEW."language", NEW."legal_hold", NEW."membership_id", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."phone", NEW."recorded_at", NEW."retention_date", NEW."sort_key"); RETURN NULL;',
                    hash="afa0c4185d44ce96d50231856b10394fa109904a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_9d83d",
                    table="relations_party",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="party",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "relations_partyevent" ("birth_date", "company_id", "email", "family_name", "folder_id", "given_name", "id", "kind", "language", "legal_hold", "membership_id", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "recorded_at", "retention_date", "sort_key") VALUES (NEW."birth_date", NEW."company_id", NEW."email", NEW."family_name", NEW."folder_id", NEW."given_name", NEW."id", NEW."kind", NEW."language", NEW."legal_hold", NEW."membership_id", NEW."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."phone", NEW."recorded_at", NEW."retention_date", NEW."sort_key"); RETURN NULL;',
                    hash="028bf1bbc052c3632d0b51cf53bc079066f6b81a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_df106",
                    table="relations_party",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.UniqueConstraint(fields=("company", "folder"), name="party_of_folder"),
        ),
        migrations.AddField(
            model_name="partyrole",
            name="beneath",
            field=companies.fields.CompanyForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="below", to="relations.party"
            ),
        ),
        migrations.AddField(
            model_name="partyrole",
            name="company",
            field=models.ForeignKey(
                db_default=companies.fields.CurrentCompany(),
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="companies.company",
            ),
        ),
        migrations.AddField(
            model_name="partyrole",
            name="party",
            field=companies.fields.CompanyForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="roles", to="relations.party"
            ),
        ),
        migrations.AddField(
            model_name="partyroleevent",
            name="beneath",
            field=companies.fields.CompanyForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="relations.party",
            ),
        ),
        migrations.AddField(
            model_name="partyroleevent",
            name="company",
            field=models.ForeignKey(
                db_constraint=False,
                db_default=companies.fields.CurrentCompany(),
                editable=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="companies.company",
            ),
        ),
        migrations.AddField(
            model_name="partyroleevent",
            name="party",
            field=companies.fields.CompanyForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="relations.party",
            ),
        ),
        migrations.AddField(
            model_name="partyroleevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="relations.partyrole",
            ),
        ),
        migrations.AddIndex(
            model_name="partyrole",
            index=models.Index(fields=["company", "code"], name="role_by_code"),
        ),
        migrations.AddConstraint(
            model_name="partyrole",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (models.F("company"), "="),
                    (models.F("party"), "="),
                    (models.F("code"), "="),
                    (relations.models.DateRange("valid_from", "valid_until"), "&&"),
                ],
                name="role_once_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="partyrole",
            constraint=models.CheckConstraint(
                condition=models.Q(("beneath", models.F("party")), _negated=True), name="role_not_beneath_itself"
            ),
        ),
        migrations.AddConstraint(
            model_name="partyrole",
            constraint=models.CheckConstraint(
                condition=models.Q(("beneath", None), ("code__in", ["company", "intermediary"]), _connector="OR"),
                name="role_on_top",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partyrole",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "relations_partyroleevent" ("beneath_id", "code", "company_id", "id", "party_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "valid_from", "valid_until") VALUES (NEW."beneath_id", NEW."code", NEW."company_id", NEW."id", NEW."party_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."valid_from", NEW."valid_until"); RETURN NULL;',
                    hash="9bb9e2ea70c59b1c41bc79ff74a4cc89aa40c014",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_37550",
                    table="relations_partyrole",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partyrole",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "relations_partyroleevent" ("beneath_id", "code", "company_id", "id", "party_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "valid_from", "valid_until") VALUES (NEW."beneath_id", NEW."code", NEW."company_id", NEW."id", NEW."party_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."valid_from", NEW."valid_until"); RETURN NULL;',
                    hash="74bc05325cf233b0ee289cab78db8341e1240b55",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8b2fb",
                    table="relations_partyrole",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partyroleevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="0e6231e815a6395687c623bcfac76cfcd86429c5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_0cf9e",
                    table="relations_partyroleevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
