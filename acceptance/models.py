from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from companies.fields import CompanyForeignKey, CompanyModel


class Outcome(models.TextChoices):
    ACCEPT = "accept", _("Accept")
    SPECIAL = "special", _("Quotation officer")
    REFER = "refer", _("Acceptor")
    DECLINE = "decline", _("Decline")


class Assessment(CompanyModel):
    """The robot's decision on an application, with the whole trace of why. Append-only."""

    application = CompanyForeignKey(Application, models.PROTECT, related_name="assessments")
    outcome = models.CharField(max_length=8, choices=Outcome)
    reasons = models.JSONField()  # [{"key", "outcome", "detail"?}]
    terms = models.JSONField()  # ["T01_...", ...]
    trace = models.JSONField()  # the evaluation as products.language gives it
    definition_sha256 = models.CharField(max_length=64)
    on = models.DateField()
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company", "application"], name="assessment_once")]
