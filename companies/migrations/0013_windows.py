import django.db.models.deletion
from django.db import migrations, models

import companies.fields


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0012_imports_wall"),
    ]

    operations = [
        migrations.CreateModel(
            name="WindowExtension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.BigIntegerField()),
                ("until", models.DateTimeField()),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField())
                    ),
                ),
                (
                    "by",
                    companies.fields.CompanyForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="companies.membership"
                    ),
                ),
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
                    "window",
                    companies.fields.CompanyForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="companies.window"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("company", "by", "step"), name="extension_code_once"),
                    models.UniqueConstraint(fields=("company", "window", "until"), name="extension_once_an_end"),
                ],
            },
        ),
        migrations.CreateModel(
            name="WrongCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.CharField(choices=[("open", "Open"), ("extend", "30 minutes more")], max_length=6)),
                (
                    "fault",
                    models.CharField(
                        choices=[("wrong", "Wrong code"), ("old", "Code was over"), ("used", "Code was used already")],
                        max_length=5,
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField())
                    ),
                ),
                (
                    "by",
                    companies.fields.CompanyForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="companies.membership"
                    ),
                ),
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
                    "window",
                    companies.fields.CompanyForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="companies.window"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["company", "by", "-at"], name="wrong_code_by")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("act__in", ["open", "extend"])), name="wrong_code_for"),
                    models.CheckConstraint(
                        condition=models.Q(("fault__in", ["wrong", "old", "used"])), name="wrong_code_fault"
                    ),
                ],
            },
        ),
    ]
