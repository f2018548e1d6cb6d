from typing import ClassVar

import django.contrib.postgres.functions
import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.models import Q

from companies import schema_people as people
from companies import schema_places as places
from companies import schema_resets as resets
from companies.models.rights import Act, PartCode, Right
from companies.walls import Definer, Ground, Sql

A_RIGHT = Q(act="") & ~Q(part="") & ~Q(right="")
AN_ACT = ~Q(act="") & Q(part="", right="")


class Migration(migrations.Migration):
    """Named acts that were used, mails of forgotten passwords by a worker, places in the rehearsal, and nobody employed
    anywhere above a company among its people.
    """

    dependencies: ClassVar = [("companies", "0013_windows_wall")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="ResetMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ticket",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("language", models.CharField(max_length=2)),
                ("process", models.CharField(max_length=10)),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RemoveConstraint("rightuse", "right_use_once"),
        migrations.AddField(
            "rightuse", "act", models.CharField(blank=True, choices=Act.choices, max_length=20, default="")
        ),
        migrations.AlterField(
            "rightuse", "part", models.CharField(blank=True, choices=PartCode.choices, max_length=20)
        ),
        migrations.AlterField("rightuse", "right", models.CharField(blank=True, choices=Right.choices, max_length=5)),
        migrations.AddConstraint(
            "rightuse",
            models.UniqueConstraint(fields=["company", "membership", "part", "right", "act"], name="right_use_once"),
        ),
        migrations.AddConstraint(
            "rightuse", models.CheckConstraint(condition=A_RIGHT | AN_ACT, name="right_or_act")
        ),
        Ground("companies_resetmail", sec_guard="SID"),
        Sql("GRANT UPDATE (id) ON companies_resetmail TO sec_guard"),  # to lock a row, no more
        *places.FUNCTIONS,
        *resets.FUNCTIONS,
        people.TAKE_INVITATION,
        Definer(f"{people.MEMBERSHIP_GUARD.signature} RETURNS trigger LANGUAGE plpgsql", people.MEMBERSHIP_GUARD.body,
                roles=("bo_owner",)),
    ]  # fmt: skip
