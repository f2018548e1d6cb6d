"""A company lets the operator look in for a while, and what he saw then (S2-12)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from companies.fields import CompanyForeignKey, CompanyModel


class Window(CompanyModel):
    """Access that the operator asks for with a reason and an administrator opens with a code from his authenticator.

    It shows the modules chosen, to view or also to import, from `opened_at` until `expires_at`, at most eight hours,
    and closes when an administrator says so. Asked, opened, closed and refused by functions only.
    """

    MOST_MINUTES = 480

    asked_by = models.ForeignKey("companies.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=models.functions.Now())
    reason = models.CharField(max_length=300)
    modules = ArrayField(models.CharField(max_length=12), default=list)
    imports = models.BooleanField(default=False)
    minutes = models.SmallIntegerField(default=60)
    opened_by = CompanyForeignKey("companies.Membership", models.PROTECT, null=True)
    opened_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    step = models.BigIntegerField(null=True)  # of the code that opened it
    closed_by = CompanyForeignKey("companies.Membership", models.PROTECT, null=True)
    closed_at = models.DateTimeField(null=True)
    refused_by = CompanyForeignKey("companies.Membership", models.PROTECT, null=True)
    refused_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "opened_by", "step"], name="window_code_once"),
            models.CheckConstraint(condition=Q(minutes__range=(1, 480)), name="window_at_most_eight_hours"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, expires_at__isnull=True, opened_by__isnull=True, step__isnull=True)
                | Q(
                    opened_at__isnull=False,
                    opened_by__isnull=False,
                    step__isnull=False,
                    refused_at__isnull=True,
                    expires_at__lte=F("opened_at") + models.Value("480 minutes", models.DurationField()),
                ),
                name="window_opened_whole",
            ),
        ]
        indexes = [models.Index(fields=["company", "-asked_at"], name="window_by_day")]


class WindowAct(models.TextChoices):
    PAGE = "page", _("Page opened")
    IMPORT = "import", _("Import")


class Look(CompanyModel):
    """One page the operator opened, or one import he ran, in a window. Append-only."""

    window = CompanyForeignKey(Window, models.PROTECT, null=True)  # none: before the company administered itself
    user = models.ForeignKey("companies.User", models.PROTECT, related_name="+")
    act = models.CharField(max_length=8, choices=WindowAct, default=WindowAct.PAGE)
    path = models.CharField(max_length=300)
    at = models.DateTimeField(db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()))

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["company", "window", "id"], name="look_of_window")]


class LookedRow(CompanyModel):
    """One row that the database showed the operator in a window. Written by the row policy itself; append-only."""

    window = CompanyForeignKey(Window, models.PROTECT)
    table = models.CharField(max_length=63)
    row = models.BigIntegerField()
    at = models.DateTimeField(db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()))

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company", "window", "table", "row"], name="looked_row_once")]


class WindowExtension(CompanyModel):
    """A window was kept open for longer, with a code of its own. Written by a function only; append-only."""

    MINUTES = 30

    window = CompanyForeignKey(Window, models.PROTECT)
    by = CompanyForeignKey("companies.Membership", models.PROTECT)
    step = models.BigIntegerField()
    until = models.DateTimeField()
    at = models.DateTimeField(db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()))

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "by", "step"], name="extension_code_once"),
            models.UniqueConstraint(fields=["company", "window", "until"], name="extension_once_an_end"),
        ]


class CodeFor(models.TextChoices):
    OPEN = "open", _("Open")
    EXTEND = "extend", _("30 minutes more")


class CodeFault(models.TextChoices):
    WRONG = "wrong", _("Wrong code")
    OLD = "old", _("Code was over")
    USED = "used", _("Code was used already")


class WrongCode(CompanyModel):
    """A code that wasn't taken, typed to open a window or to keep it open. Written by a function only; append-only.

    At most five in five minutes a person: who goes on is locked, and his codes aren't looked at.
    """

    window = CompanyForeignKey(Window, models.PROTECT)
    by = CompanyForeignKey("companies.Membership", models.PROTECT)
    act = models.CharField(max_length=6, choices=CodeFor)
    fault = models.CharField(max_length=5, choices=CodeFault)
    at = models.DateTimeField(db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()))

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["company", "by", "-at"], name="wrong_code_by")]
        constraints = [
            models.CheckConstraint(condition=Q(act__in=["open", "extend"]), name="wrong_code_for"),
            models.CheckConstraint(condition=Q(fault__in=["wrong", "old", "used"]), name="wrong_code_fault"),
        ]
