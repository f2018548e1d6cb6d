import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from companies.actor import ActorKind
from companies.fields import CompanyForeignKey, CompanyModel
from companies.history import history
from documents.models import Case
from products.models import Channel, ProductVersion

FILLERS = [
    (ActorKind.VISITOR.value, _("The client")),
    (ActorKind.ADVISER.value, _("An adviser")),
    (ActorKind.EMPLOYEE.value, _("An employee")),
]
# Who fills in for somebody else is named: an adviser by party and login, an employee by login (S0-05).
NAMED = (
    Q(filled_in_by=ActorKind.VISITOR.value, membership__isnull=True, channel__in=[Channel.DIRECT, Channel.ADVISER])
    | Q(
        filled_in_by=ActorKind.ADVISER.value,
        membership__isnull=False,
        adviser__isnull=False,
        channel=Channel.ADVISER,
    )
    | Q(filled_in_by=ActorKind.EMPLOYEE.value, membership__isnull=False, channel=Channel.OFFICE)
)


class Draft(CompanyModel):
    """An application in the making. A visitor's belongs to its Case's link, an adviser's to him until he hands it to
    the client, the office's to the office; nothing in it has been decided.
    """

    case = CompanyForeignKey(Case, models.PROTECT)
    version = CompanyForeignKey(ProductVersion, models.PROTECT)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    adviser = CompanyForeignKey("relations.Party", models.PROTECT, null=True)
    answers = models.JSONField(default=dict)  # as typed and found good, by question
    parties = models.JSONField(default=dict)  # by role, fields as typed and found good
    unfinished = models.JSONField(default=dict)  # by page, entries as typed that aren't good yet
    declared = models.BooleanField(default=False)
    filled_in_by = models.CharField(max_length=12, choices=FILLERS, default=ActorKind.VISITOR.value)
    membership = CompanyForeignKey("companies.Membership", models.PROTECT, null=True)  # who fills in for the client
    known = CompanyForeignKey("relations.Party", models.PROTECT, null=True)  # the client, found in relations
    handed_over_at = models.DateTimeField(null=True)  # since when the client has it, to check and declare
    discarded_at = models.DateTimeField(null=True)  # thrown away: emptied, and kept as the mark of it
    updated_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "case"], name="draft_once_a_case"),
            models.CheckConstraint(condition=NAMED, name="draft_filler_named"),
            models.CheckConstraint(
                condition=Q(handed_over_at__isnull=True) | Q(filled_in_by=ActorKind.ADVISER.value),
                name="draft_handed_over_by_adviser",
            ),
            models.CheckConstraint(
                condition=Q(discarded_at__isnull=True)
                | Q(answers={}, parties={}, unfinished={}, handed_over_at__isnull=True),
                name="draft_discarded_is_empty",
            ),
        ]


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
    filled_in_by = models.CharField(max_length=12, choices=FILLERS)  # the actor's kind
    membership = CompanyForeignKey("companies.Membership", models.PROTECT, null=True)  # who filled in for the client
    declared_by = models.CharField(max_length=12, choices=FILLERS, default=ActorKind.VISITOR.value)
    known = CompanyForeignKey("relations.Party", models.PROTECT, null=True)  # the client, found in relations
    contracts = models.JSONField(default=list)  # what a known client held, as it counted
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
            models.CheckConstraint(condition=NAMED, name="application_filler_named"),
            models.CheckConstraint(
                condition=Q(declared_by=ActorKind.VISITOR.value) | Q(declared_by=F("filled_in_by")),
                name="application_declared_by_client_or_filler",
            ),
            models.CheckConstraint(
                condition=Q(contracts=[]) | Q(known__isnull=False, filled_in_by=ActorKind.EMPLOYEE.value),
                name="application_contracts_of_known",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "state", "id"], name="application_by_state"),
            models.Index(fields=["company", "submitted_at", "id"], name="application_by_day"),
        ]
