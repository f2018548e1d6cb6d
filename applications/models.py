import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.fields import CompanyForeignKey, CompanyModel
from companies.history import history
from documents.models import Case
from products.models import Channel, ProductVersion


class Draft(CompanyModel):
    """An application in the making at the front office. It belongs to its Case's link; nothing in it has been
    decided.
    """

    case = CompanyForeignKey(Case, models.PROTECT)
    version = CompanyForeignKey(ProductVersion, models.PROTECT)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    adviser = CompanyForeignKey("relations.Party", models.PROTECT, null=True)
    answers = models.JSONField(default=dict)  # as typed and found good, by question
    parties = models.JSONField(default=dict)  # by role, fields as typed and found good
    unfinished = models.JSONField(default=dict)  # by page, entries as typed that aren't good yet
    declared = models.BooleanField(default=False)
    updated_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company", "case"], name="draft_once_a_case")]


class Upload(CompanyModel):
    """A file that an applicant added to his application. What was submitted stays; what wasn't goes with the draft."""

    case = CompanyForeignKey(Case, models.PROTECT)
    public_id = models.UUIDField(default=uuid.uuid4)
    question = models.CharField(max_length=80)
    file = CompanyForeignKey("documents.File", models.PROTECT)
    name = models.CharField(max_length=200)  # as the applicant called it, made harmless
    removed_at = models.DateTimeField(null=True)  # taken out before submitting; the worker removes it
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "case", "question", "file"], name="upload_once"),
            models.UniqueConstraint(fields=["company", "public_id"], name="upload_public_id"),
        ]
        indexes = [models.Index(fields=["company", "id"], condition=Q(removed_at__isnull=False), name="upload_removed")]


class ApplicationState(models.TextChoices):
    SUBMITTED = "submitted", _("Submitted")
    ACCEPTED = "accepted", _("Accepted")
    REFERRED = "referred", _("With an acceptor")
    SPECIAL = "special", _("With a quotation officer")
    DECLINED = "declined", _("Declined")


S = ApplicationState
APPLICATION_MOVES: dict[ApplicationState, set[ApplicationState]] = {
    S.SUBMITTED: {S.ACCEPTED, S.REFERRED, S.SPECIAL, S.DECLINED},
    S.REFERRED: {S.ACCEPTED, S.DECLINED},
    S.SPECIAL: {S.ACCEPTED, S.DECLINED},
    S.ACCEPTED: set(),
    S.DECLINED: {S.ACCEPTED},  # a person's review overturns a refusal
}


@history
class Application(CompanyModel):
    """What was submitted: answers in the order they were asked, who fills in for whom, and when. Only its state
    moves.
    """

    number = models.CharField(max_length=20)
    case = CompanyForeignKey(Case, models.PROTECT, related_name="applications")
    version = CompanyForeignKey(ProductVersion, models.PROTECT)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    adviser = CompanyForeignKey("relations.Party", models.PROTECT, null=True)
    filled_in_by = models.CharField(max_length=12)  # the actor's kind
    answers = models.JSONField()  # {"question": value as text, ...}: exactly the asked set
    parties = models.JSONField()  # {"policyholder": {"family_name": ...}}
    language = models.CharField(max_length=2)
    submitted_on = models.DateField()
    submitted_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ApplicationState, default=ApplicationState.SUBMITTED)
    command = CompanyForeignKey("companies.Command", models.PROTECT, null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="application_number"),
            models.UniqueConstraint(fields=["company", "command"], name="application_of_command"),
        ]
        indexes = [models.Index(fields=["company", "state", "id"], name="application_by_state")]
