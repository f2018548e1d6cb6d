"""Data taken over from an old system: a file, its rows, and what became of each (S2-13)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.fields import CompanyForeignKey, CompanyModel


class ImportState(models.TextChoices):
    STAGED = "staged", _("Being checked")
    CHECKED = "checked", _("Checked")
    RUNNING = "running", _("Running")
    STOPPED = "stopped", _("Stopped")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Nothing to import")


S = ImportState
IMPORT_MOVES: dict[ImportState, set[ImportState]] = {
    S.STAGED: {S.CHECKED, S.STOPPED, S.REFUSED},
    S.CHECKED: {S.RUNNING},
    S.RUNNING: {S.STOPPED, S.DONE},
    S.STOPPED: {S.STAGED, S.RUNNING},
    S.DONE: set(),
    S.REFUSED: set(),
}


class Why(models.TextChoices):
    """Why an import stopped."""

    PERSON = "person", _("Stopped by an employee")
    WINDOW = "window", _("Stopped: the window closed")
    MODULE = "module", _("Stopped: the module is switched off")
    TAKEOVER = "takeover", _("Stopped: the company administers itself now")


class Import(CompanyModel):
    """One file on its way into the company: what it holds, how far it is, what was there before and after.

    By an employee, or by the operator: under a window, which is the one it was last asked in, or without one while he
    administers the company. A worker enters what the operator brought by `ticket`. `told` is what the rows to import
    add by the file, `made` what they added by the database. The sums of the company before and after are the company's
    own: no window shows them.
    """

    MOST_ROWS = 50_000
    LARGEST = 20_000_000  # bytes

    public_id = models.UUIDField(default=uuid.uuid4)
    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()
    rows = models.IntegerField()
    window = CompanyForeignKey("companies.Window", models.PROTECT, null=True)
    user = models.ForeignKey("companies.User", models.PROTECT, related_name="+")
    membership = CompanyForeignKey("companies.Membership", models.PROTECT, null=True)
    state = models.CharField(max_length=8, choices=ImportState, default=ImportState.STAGED)
    why = models.CharField(max_length=8, choices=Why, blank=True)
    run = models.IntegerField(
        default=0
    )  # how often it was asked to go on; an older job finds it moved and does nothing
    ticket = models.UUIDField(default=uuid.uuid4)
    counts = models.JSONField(default=dict)  # rows by outcome
    told = models.JSONField(default=dict)
    made = models.JSONField(default=dict)
    totals_before = models.JSONField(default=dict)
    totals_after = models.JSONField(default=dict)
    reconciled = models.BooleanField(null=True)
    staged_at = models.DateTimeField(db_default=models.functions.Now())
    run_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "public_id"], name="import_address_once"),
            models.UniqueConstraint(fields=["company", "ticket"], name="import_ticket_once"),
            models.CheckConstraint(
                condition=Q(window__isnull=True) | Q(membership__isnull=True), name="import_by_employee_or_operator"
            ),
        ]
        indexes = [models.Index(fields=["ticket"], name="import_by_ticket")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def by_operator(self) -> bool:
        """Whether the operator brought it, under a window or while he administered the company."""
        return self.membership_id is None


class Outcome(models.TextChoices):
    WAITING = "waiting", _("To be checked")
    WOULD = "would", _("To be imported")
    IMPORTED = "imported", _("Imported")
    UNCHANGED = "unchanged", _("There already")
    REJECTED = "rejected", _("Rejected")


class ImportRow(CompanyModel):
    """One line of a file as it was read, and what became of it. Once imported it stays as it is: what the same line
    of a later file is compared with.
    """

    source = CompanyForeignKey(Import, models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=20)
    line = models.IntegerField()
    cells = models.JSONField()  # as they stand in the file, by column
    told = models.JSONField(default=dict)  # as they were understood
    key = models.CharField(max_length=200, blank=True)  # by which the thing is known in the old system
    marks = ArrayField(models.CharField(max_length=40), default=list)  # what two lines of one thing have in common
    outcome = models.CharField(max_length=9, choices=Outcome, default=Outcome.WAITING)
    errors = models.JSONField(default=list)
    table = models.CharField(max_length=63, blank=True)
    row = models.BigIntegerField(null=True)
    at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "source", "line"], name="import_line_once"),
            models.UniqueConstraint(
                fields=["company", "kind", "key"], condition=Q(outcome="imported"), name="import_key_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome="imported", row__isnull=False, at__isnull=False)
                | (~Q(outcome="imported") & Q(row__isnull=True, at__isnull=True)),
                name="import_row_became",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "source", "outcome", "line"], name="import_row_by_outcome"),
            models.Index(fields=["company", "source", "key"], name="import_row_by_key"),
        ]
