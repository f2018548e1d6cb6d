import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.fields import CompanyModel
from companies.history import history


class Series(CompanyModel):
    """The last number given in a gap-free series of a year (entry, invoice, credit note, statement); locked until
    commit.
    """

    kind = models.CharField(max_length=20)
    year = models.SmallIntegerField()
    last = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company", "kind", "year"], name="series_once")]


class LinkKind(models.TextChoices):
    APPLICATION = "application", _("Continue an application")
    CASE = "case", _("Read and order a quotation")


@history
class Link(CompanyModel):
    """A secret in an address that opens one Case for one addressee; only its hash is kept (threats A5)."""

    kind = models.CharField(max_length=12, choices=LinkKind)
    nonce = models.UUIDField(default=uuid.uuid4)
    token_hash = models.BinaryField(max_length=32)
    case_id = models.BigIntegerField()
    addressee = models.CharField(max_length=20)  # customer or adviser
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company", "token_hash"], name="link_once")]
        indexes = [
            models.Index(fields=["company", "case_id"], name="link_of_case"),
            models.Index(fields=["token_hash"], name="link_by_hash"),
        ]


class CommandState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")


class Command(CompanyModel):
    """What somebody at a public door asked for, once: the request stores it with its job, a worker carries it out."""

    kind = models.CharField(max_length=20)
    command_id = models.UUIDField()
    case_id = models.BigIntegerField()
    link_id = models.BigIntegerField(null=True)
    membership_id = models.BigIntegerField(null=True)
    address = models.GenericIPAddressField(null=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=CommandState, default=CommandState.WAITING)
    outcome = models.JSONField(default=dict)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())
    done_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company", "command_id"], name="command_once")]
        indexes = [models.Index(fields=["company", "case_id"], name="command_of_case")]


class JobState(models.TextChoices):
    OPEN = "open", _("Waiting")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Lane(models.TextChoices):
    SINGLE = "single", _("At once")
    BULK = "bulk", _("In bulk")


class Job(CompanyModel):
    """The outbox: work that the business transaction promised. It is the queue of record; Celery merely wakes."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    ids = models.JSONField(default=dict)
    lane = models.CharField(max_length=6, choices=Lane, default=Lane.SINGLE)
    state = models.CharField(max_length=6, choices=JobState, default=JobState.OPEN)
    ticket = models.UUIDField(default=uuid.uuid4)
    due_at = models.DateTimeField(
        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField())
    )
    attempts = models.SmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    after = ArrayField(models.BigIntegerField(), default=list)  # jobs that must be done first
    recorded_at = models.DateTimeField(db_default=models.functions.Now())
    done_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "key"], name="job_key_once"),
            models.UniqueConstraint(fields=["company", "ticket"], name="job_ticket_once"),
        ]
        indexes = [
            models.Index(fields=["ticket"], name="job_by_ticket"),
            models.Index(fields=["company", "due_at"], condition=Q(state="open"), name="job_open_by_due"),
            models.Index(fields=["due_at"], condition=Q(state="open"), name="job_open_anywhere"),
            models.Index(fields=["company", "kind"], condition=Q(state="failed"), name="job_failed_by_kind"),
        ]
