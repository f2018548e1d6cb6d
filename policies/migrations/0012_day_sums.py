import django.db.models.deletion
from django.db import migrations, models

import companies.fields


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0018_failed_jobs"),
        ("policies", "0011_by_day"),
        ("products", "0006_paper_lock"),
    ]

    operations = [
        migrations.CreateModel(
            name="DaySum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("policies", models.IntegerField()),
                ("net", models.DecimalField(decimal_places=2, max_digits=18)),
                ("tax", models.DecimalField(decimal_places=2, max_digits=18)),
                ("fees", models.DecimalField(decimal_places=2, max_digits=18)),
                ("total", models.DecimalField(decimal_places=2, max_digits=18)),
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
                    "product",
                    companies.fields.CompanyForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="products.product",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["company", "on", "product"], name="day_sum_by_day")],
            },
        ),
    ]
