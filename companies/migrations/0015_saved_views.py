import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import companies.fields
from companies.walls import Sql, Wall

OWN = "membership_id = (SELECT sec.membership())"
SHOWN_TO_OPERATOR = "company_id, id, list_name, membership_id, public_id, recorded_at, removed_at, shared"


class Migration(migrations.Migration):
    """Saved views and choices of columns: read inside the company, written by their own person alone."""

    dependencies = [
        ("companies", "0014_people_left"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("list_name", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=60)),
                ("conditions", models.TextField()),
                ("shared", models.BooleanField(default=False)),
                (
                    "public_id",
                    models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False),
                ),
                ("removed_at", models.DateTimeField(null=True)),
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
                    "membership",
                    companies.fields.CompanyForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.membership"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ListChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("list_name", models.CharField(max_length=60)),
                ("hidden", models.JSONField(default=list)),
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
                    "membership",
                    companies.fields.CompanyForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="companies.membership"
                    ),
                ),
                (
                    "default",
                    companies.fields.CompanyForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="companies.savedview",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="savedview",
            index=models.Index(fields=["company", "list_name"], name="view_of_list"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed_at", None)),
                fields=("company", "membership", "list_name", "name"),
                name="view_name_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("company", "public_id"), name="view_address_once"),
        ),
        migrations.AddConstraint(
            model_name="listchoice",
            constraint=models.UniqueConstraint(
                fields=("company", "membership", "list_name"), name="choice_once_a_list"
            ),
        ),
        Wall(
            "savedview",
            update=["name", "shared", "removed_at"],
            public="SIU",
            sees=OWN,
            public_update=["name", "removed_at"],
        ),
        Wall(
            "listchoice",
            update=["hidden", "default_id"],
            public="SIU",
            sees=OWN,
            public_update=["hidden", "default_id"],
        ),
        # Names and conditions hold names of customers and numbers of every module; no window needs them.
        Sql(
            "REVOKE SELECT ON companies_savedview FROM bo_operator",
            f"GRANT SELECT ({SHOWN_TO_OPERATOR}) ON companies_savedview TO bo_operator",
        ),
        *[
            Sql(
                f"CREATE POLICY own_new ON {table} AS RESTRICTIVE FOR INSERT TO bo_app WITH CHECK ({OWN})",
                f"CREATE POLICY own_change ON {table} AS RESTRICTIVE FOR UPDATE TO bo_app "
                f"USING ({OWN}) WITH CHECK ({OWN})",
            )
            for table in ("companies_savedview", "companies_listchoice")
        ],
    ]
