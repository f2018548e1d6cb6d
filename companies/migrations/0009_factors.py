from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from companies import schema_factors as factors
from companies.walls import Ground, Sql

OPEN = models.Q(cancelled_at=None, used_at=None)
AFTER_WAITING = models.Q(used_at=None) | models.Q(
    used_at__gte=models.F("due_at"), used_at__lte=models.F("until"), cancelled_at=None
)


class Migration(migrations.Migration):
    """Second factors: a code works once, django-otp knows them, a lost one is replaced slowly or with help."""

    dependencies: ClassVar = [("companies", "0006_doors_wall"), ("mfa", "0003_authenticator_type_uniq")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="The human-readable name of this device.", max_length=64)),
                ("confirmed", models.BooleanField(default=True, help_text="Is this device ready for use?")),
                (
                    "authenticator",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="mfa.authenticator"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="FactorReset",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=["user"], condition=OPEN, name="factor_reset_open_once"),
                    models.CheckConstraint(condition=AFTER_WAITING, name="factor_reset_after_waiting"),
                ],
            },
        ),
        Ground("companies_secondfactor", bo_app="SID", bo_public="SID", bo_operator="SID", sec_guard="SD"),
        Ground("companies_factorreset", bo_app="S", bo_public="S", bo_operator="S", sec_guard="SIU"),
        factors.own_rows("companies_secondfactor"),
        factors.own_rows("companies_factorreset"),
        Sql(
            "GRANT SELECT, DELETE ON mfa_authenticator TO sec_guard",
            # Looked up with the session, before any context: which factor it proved.
            "CREATE POLICY look_up ON companies_secondfactor FOR SELECT TO bo_app, bo_public USING (true)",
            f"CREATE POLICY operators ON companies_secondfactor FOR SELECT TO bo_operator "
            f"USING (user_id IN {factors.OPERATORS})",
            # Who is at the same company is told, by a worker, that somebody's factor is about to be replaced.
            "CREATE POLICY colleagues ON companies_factorreset FOR SELECT TO bo_app USING (EXISTS "
            "(SELECT FROM companies_membership m WHERE m.company_id = (SELECT sec.company()) "
            "AND m.user_id = companies_factorreset.user_id))",
        ),
        *factors.FUNCTIONS,
    ]
