from django.db import models

from companies.fields import CompanyModel


class TrailEntry(CompanyModel):
    """One thing that happened: code, actor, subject and ids. Append-only; the sentence is put together when read."""

    code = models.CharField(max_length=60)
    on = models.DateField()
    # A plain id: the Case stands in a room above, which adds the composite key.
    case_id = models.BigIntegerField(null=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    changed = models.JSONField(default=list)
    details = models.JSONField(default=dict)
    actor_kind = models.CharField(max_length=12)
    user = models.ForeignKey("companies.User", models.PROTECT, null=True, related_name="+")
    membership_id = models.BigIntegerField(null=True)
    link_id = models.BigIntegerField(null=True)
    job_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField(
        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField())
    )

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["company", "case_id", "id"], name="trail_of_case"),
            models.Index(fields=["company", "subject_kind", "subject_id"], name="trail_of_subject"),
        ]
