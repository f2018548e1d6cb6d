import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.doors import Door
from companies.fields import CompanyForeignKey, CompanyModel
from companies.history import history


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A login of its own; it can do nothing until a company gives it a membership."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """One person's login. Global: a person may be employee, adviser and customer at once, each by a membership."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=2, blank=True)
    is_active = models.BooleanField(default=True)
    operator = models.BooleanField(default=False, editable=False)  # of the computing centre; has no membership anywhere
    date_joined = models.DateTimeField(db_default=models.functions.Now())

    objects = UserManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def initials(self) -> str:
        """First letters of the first and the last name, for the round mark in the top bar."""
        words = (self.name or self.email).split()
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


def name_of(row: Any, field: str = "user") -> str:
    """Whose login stands in a row's field; the operator, who is shown none, reads that it was an employee."""
    try:
        return str(getattr(row, field))
    except User.DoesNotExist:
        return gettext("An employee")


@history
class Membership(CompanyModel):
    """A user at one door of a company. Live while switched on; a broker's service desk works by via_company."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    door = models.CharField(
        max_length=10, choices=[(d.value, d.label) for d in (Door.OFFICE, Door.ADVISERS, Door.FOLDER)]
    )
    administrator = models.BooleanField(default=False)
    on = models.BooleanField(default=True)
    via_company = models.ForeignKey("companies.Company", models.PROTECT, null=True, related_name="+")
    post = models.CharField(max_length=80, blank=True)
    public_id = models.UUIDField(db_default=RandomUUID(), editable=False)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "user", "door"], name="membership_once_a_door"),
            models.UniqueConstraint(fields=["company", "public_id"], name="membership_public_id_once"),
            models.CheckConstraint(
                condition=Q(administrator=False) | Q(door=Door.OFFICE.value), name="administrator_in_office_only"
            ),
        ]


@history
class Invitation(CompanyModel):
    """A mailed secret by which a person gets a login at a door of the company; nothing exists before he takes it.

    `protocols` are ids of the company's protocols, `party_id` the party whose portfolio the door shows. It is taken
    once, expires, and can be called back. `founding` marks the one for a new company's first administrator.
    """

    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=2, blank=True)
    door = models.CharField(max_length=10, choices=Membership._meta.get_field("door").choices)
    administrator = models.BooleanField(default=False)
    post = models.CharField(max_length=80, blank=True)
    protocols = ArrayField(models.BigIntegerField(), default=list)
    party_id = models.BigIntegerField(null=True)
    nonce = models.UUIDField(default=uuid.uuid4)
    token_hash = models.BinaryField(max_length=32)
    invited_by = CompanyForeignKey(Membership, models.PROTECT, null=True)
    expires_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    membership = CompanyForeignKey(Membership, models.PROTECT, null=True)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "token_hash"], name="invitation_once"),
            models.UniqueConstraint(
                fields=["company", "email", "door"],
                condition=Q(taken_at=None, revoked_at=None),
                name="invitation_open_once",
            ),
            models.CheckConstraint(
                condition=Q(administrator=False) | Q(door=Door.OFFICE.value), name="invited_administrator_in_office"
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_lower"),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, membership__isnull=True)
                | Q(taken_at__isnull=False, membership__isnull=False),
                name="invitation_taken_whole",
            ),
        ]
        indexes = [models.Index(fields=["token_hash"], name="invitation_by_hash")]


@history
class DoorRule(CompanyModel):
    """Whether a door of the company asks for the second factor; for administrators it always does."""

    door = models.CharField(max_length=10, choices=Membership._meta.get_field("door").choices)
    second_factor = models.BooleanField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company", "door"], name="door_rule_once")]
