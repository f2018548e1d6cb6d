"""Who is in: one row a session that logged in, the steps of codes already used, and the operator's own sessions."""

from django.contrib.postgres.functions import RandomUUID
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device


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


class SecondFactor(Device):  # type: ignore[misc]  # django-otp has no types
    """A factor that allauth holds, as django-otp's device: the rest of the code asks `user.is_verified()`."""

    user = models.ForeignKey("companies.User", models.CASCADE, related_name="+")
    authenticator = models.OneToOneField("mfa.Authenticator", models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()

    def verify_token(self, token: str) -> bool:
        """Whether this is the authenticator's code now; it is used up by the question."""
        from companies.factors.codes import CodeError, use_code

        try:
            return self.authenticator.type == Factor.TOTP and use_code(self.user, token) > 0
        except CodeError:
            return False


class FactorReset(models.Model):
    """Somebody who lost his second factor, and whom no administrator can help, asked to set up a new one.

    Global, as a login is. He waits until `due_at`, while all administrators around him are told each day; until `until`
    he may then set up a new factor once. Cancelled by a link in those mails, or by proving the old factor after all.
    Written by functions only.
    """

    user = models.ForeignKey("companies.User", models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    until = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(cancelled_at=None, used_at=None), name="factor_reset_open_once"
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(used_at__gte=F("due_at"), used_at__lte=F("until"), cancelled_at=None),
                name="factor_reset_after_waiting",
            ),
        ]


class ResetMail(models.Model):
    """Somebody forgot his password: where a mail must go, in which language, from the page of which process. Global,
    since nobody looked up yet whether the address has a login; gone once the mail has left. Functions only.
    """

    ticket = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    email = models.EmailField()
    language = models.CharField(max_length=2)
    process = models.CharField(max_length=10)
    asked_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()


class OperatorSession(AbstractBaseSession):
    """Sessions of the operator's process, which has no grant on those of companies' people."""

    class Meta:
        default_permissions = ()
