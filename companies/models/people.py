from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from companies.doors import Door
from companies.fields import CompanyModel
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
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "user", "door"], name="membership_once_a_door"),
            models.CheckConstraint(
                condition=Q(administrator=False) | Q(door=Door.OFFICE.value), name="administrator_in_office_only"
            ),
        ]
