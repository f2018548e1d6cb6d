"""Who is in: one row a session that logged in, the steps of codes already used, and the operator's own sessions."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _


class Factor(models.TextChoices):
    """By what a login proved itself beside the password."""

    TOTP = "totp", _("Authenticator code")
    WEBAUTHN = "webauthn", _("Security key")
    RECOVERY = "recovery_codes", _("Recovery code")


class SignIn(models.Model):
    """One session that logged in, under the hash of its key. Global: a person is in once for all his doors.

    Written by functions only: `sec.sign_in` asks for a proof that no SQL can make, so a row can't be forged. Ended by
    its owner, an administrator or time: `idle` seconds after `seen_at`, or at `expires_at`.
    """

    key = models.CharField(max_length=40, primary_key=True)
    user = models.ForeignKey("companies.User", models.CASCADE, related_name="sign_ins")
    process = models.CharField(max_length=10)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    idle = models.IntegerField()
    expires_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    factor = models.CharField(max_length=16, choices=Factor, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()


class UsedStep(models.Model):
    """A 30-second step of an authenticator whose code was taken once; a second time it is refused, for whatever
    (threats A16).
    """

    user = models.ForeignKey("companies.User", models.CASCADE, related_name="+")
    step = models.BigIntegerField()
    used_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "step"], name="step_used_once")]


class OperatorSession(AbstractBaseSession):
    """Sessions of the operator's process, which has no grant on those of companies' people."""

    class Meta:
        default_permissions = ()
