from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from companies.fields import CompanyForeignKey, CompanyModel


class Outcome(models.TextChoices):
    ACCEPT = "accept", _("Accept")
    SPECIAL = "special", _("Quotation officer")
    REFER = "refer", _("Acceptor")
    DECLINE = "decline", _("Decline")


STOOD = ~models.Q(outcome=Outcome.ACCEPT)  # a rule stood against the application


class Assessment(CompanyModel):
    """The robot's decision on an application, with the whole trace of why. Append-only."""

    application = CompanyForeignKey(Application, models.PROTECT, related_name="assessments")
    outcome = models.CharField(max_length=8, choices=Outcome)
    reasons = models.JSONField()  # the rules that fired, each as products.language.result.Reason
    terms = models.JSONField()  # ["T01_...", ...]
    trace = models.JSONField()  # the evaluation as products.language gives it
    definition_sha256 = models.CharField(max_length=64)
    on = models.DateField()
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company", "application"], name="assessment_once")]
        indexes = [models.Index(fields=["company", "on"], name="assessment_that_stood", condition=STOOD)]


class Stage(models.TextChoices):
    """For what a person decides."""

    REFERRAL = "referral", _("Referral")
    SPECIAL = "special", _("Quotation by hand")
    REVIEW = "review", _("Review of a refusal")


class Verdict(models.TextChoices):
    ACCEPT = "accept", _("Accepted")
    DECLINE = "decline", _("Declined")


class Decision(CompanyModel):
    """A person's decision on an application, signed with name and time; above the authority of every acceptor it is a
    proposal until somebody else has countersigned it. Append-only (S0-12).
    """

    application = CompanyForeignKey(Application, models.PROTECT, related_name="decisions")
    assessment = CompanyForeignKey(Assessment, models.PROTECT, related_name="decisions")
    stage = models.CharField(max_length=8, choices=Stage)
    verdict = models.CharField(max_length=8, choices=Verdict)
    terms = models.JSONField(
        default=list
    )  # [{"key", "reason"} of the product, {"title", "text", "reason"} of the case]
    answers = models.JSONField(default=dict)  # what the product leaves to an acceptor, as answers are stored
    reasons = models.JSONField(default=list)  # what holds by these answers alone, as in an assessment
    reason = models.TextField()  # for the file
    told = models.TextField(blank=True)  # what the customer is told of a refusal
    authority = models.CharField(max_length=60, blank=True)  # what the rules ask beyond every acceptor's own
    valid_days = models.PositiveSmallIntegerField(null=True)  # a quotation officer's own validity
    signed_by = models.ForeignKey("companies.User", models.PROTECT, related_name="+")
    on = models.DateField()
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="decision_has_a_reason"),
            models.CheckConstraint(
                condition=Q(verdict="accept") | Q(told__regex=r"\S", terms=[]), name="decision_refusal_is_told"
            ),
            models.CheckConstraint(
                condition=Q(verdict="accept") | Q(answers={}, reasons=[]), name="decision_refusal_sets_nothing"
            ),
            models.CheckConstraint(
                condition=Q(valid_days__isnull=True) | Q(valid_days__gte=1, valid_days__lte=365, stage="special"),
                name="decision_validity",
            ),
        ]
        indexes = [models.Index(fields=["company", "application", "id"], name="decision_of_application")]


class Countersignature(CompanyModel):
    """The second pair of eyes on a proposed decision: agreed, or returned with a reason. Append-only."""

    decision = CompanyForeignKey(Decision, models.PROTECT, related_name="countersignatures")
    agreed = models.BooleanField()
    reason = models.TextField()
    signed_by = models.ForeignKey("companies.User", models.PROTECT, related_name="+")
    on = models.DateField()
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "decision"], name="countersigned_once"),
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="countersignature_has_a_reason"),
        ]


class ReviewRequest(CompanyModel):
    """A customer asks that a person looks at a refusal, once a refusal, with his own view (GDPR 22). Append-only."""

    application = CompanyForeignKey(Application, models.PROTECT, related_name="review_requests")
    decision = CompanyForeignKey(Decision, models.PROTECT, null=True)  # the refusal he contests; null: the robot's
    view = models.TextField(blank=True)
    command = CompanyForeignKey("companies.Command", models.PROTECT)
    on = models.DateField()
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["company", "application", "decision"], name="review_once_a_refusal", nulls_distinct=False
            )
        ]


class Assignment(CompanyModel):
    """Who works on an application from now on; null: given back. The newest row holds. Append-only."""

    application = CompanyForeignKey(Application, models.PROTECT, related_name="assignments")
    user = models.ForeignKey("companies.User", models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["company", "application", "id"], name="assignment_of_application")]
