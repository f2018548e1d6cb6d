import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import companies.fields


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0010_operator"),
    ]

    operations = [
        migrations.CreateModel(
            name="Founding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("party_id", models.BigIntegerField()),
                ("slug", models.SlugField(max_length=40)),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("provider", "Insurance provider"),
                            ("agent", "Authorised agent"),
                            ("pool", "Broker pool"),
                            ("group", "Broker group"),
                            ("broker", "Broker"),
                        ],
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(max_length=2)),
                ("administrator_name", models.CharField(blank=True, max_length=120)),
                ("administrator_email", models.EmailField(blank=True, max_length=254)),
                ("invited_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "company",
                    models.ForeignKey(
                        db_default=companies.fields.CurrentCompany(),
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="companies.company",
                    ),
                ),
                (
                    "made",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="companies.company"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="FoundingEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("party_id", models.BigIntegerField()),
                ("slug", models.SlugField(db_index=False, max_length=40)),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("provider", "Insurance provider"),
                            ("agent", "Authorised agent"),
                            ("pool", "Broker pool"),
                            ("group", "Broker group"),
                            ("broker", "Broker"),
                        ],
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(max_length=2)),
                ("administrator_name", models.CharField(blank=True, max_length=120)),
                ("administrator_email", models.EmailField(blank=True, max_length=254)),
                ("invited_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_default=companies.fields.CurrentCompany(),
                        editable=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="companies.company",
                    ),
                ),
                (
                    "made",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="companies.company",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="companies.founding",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="founding",
            constraint=models.UniqueConstraint(fields=("company", "party_id"), name="founding_once_a_party"),
        ),
        migrations.AddConstraint(
            model_name="founding",
            constraint=models.UniqueConstraint(fields=("company", "slug"), name="founding_once_a_slug"),
        ),
        migrations.AddConstraint(
            model_name="founding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("administrator_email", django.db.models.functions.text.Lower("administrator_email"))
                ),
                name="founding_email_lower",
            ),
        ),
        migrations.AddConstraint(
            model_name="founding",
            constraint=models.CheckConstraint(
                condition=models.Q(("invited_at", None), ("made__isnull", False), _connector="OR"),
                name="founding_in_order",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="founding",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "companies_foundingevent" ("administrator_email", "administrator_name", "company_id", "id", "invited_at", "kind", "language", "made_id", "name", "party_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "slug") VALUES (NEW."administrator_email", NEW."administrator_name", NEW."company_id", NEW."id", NEW."invited_at", NEW."kind", NEW."language", NEW."made_id", NEW."name", NEW."party_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."slug"); RETURN NULL;',
                    hash="91879f5f840fd96b74511c76dd2b73b42dd6ea86",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f7970",
                    table="companies_founding",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="founding",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "companies_foundingevent" ("administrator_email", "administrator_name", "company_id", "id", "invited_at", "kind", "language", "made_id", "name", "party_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "slug") VALUES (NEW."administrator_email", NEW."administrator_name", NEW."company_id", NEW."id", NEW."invited_at", NEW."kind", NEW."language", NEW."made_id", NEW."name", NEW."party_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."slug"); RETURN NULL;',
                    hash="5e5521bb3030e1eedd064129bd3a3651c9260b8b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ee6ba",
                    table="companies_founding",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="foundingevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="52db472810ce2e76fc9e1d722893be46ffacfe6b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_55dd5",
                    table="companies_foundingevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
