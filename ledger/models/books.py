from django.db import models
from django.db.models import Q

from common.languages import base_language
from companies.fields import CompanyModel
from ledger.querysets import BookManager
from ledger.roles import AccountKind, Control, JournalKind, Role


class Named(CompanyModel):
    """Something with a code and a name per language."""

    code = models.CharField(max_length=12)
    names = models.JSONField(default=dict)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        """The name in the reader's language, else in English, else the code."""
        return str(self.names.get(base_language()) or self.names.get("en") or self.code)


class Account(Named):
    """One account of the company's chart, in the company's currency. Code, role, kind and control never change;
    names may."""

    role = models.CharField(max_length=24, choices=Role, null=True)
    kind = models.CharField(max_length=10, choices=AccountKind)
    control = models.CharField(max_length=10, choices=Control, default=Control.NONE)

    objects = BookManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="account_code_once"),
            models.UniqueConstraint(fields=["company", "role"], name="account_role_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9A-Za-z.-]{1,12}$"), name="account_code_in_address"),
            models.CheckConstraint(condition=Q(kind__in=AccountKind.values), name="account_kind_known"),
            models.CheckConstraint(condition=Q(control__in=Control.values), name="account_control_known"),
        ]


class Journal(Named):
    """One book in which entries are numbered without a gap, year by year."""

    kind = models.CharField(max_length=10, choices=JournalKind)

    objects = BookManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="journal_code_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9A-Za-z.-]{1,12}$"), name="journal_code_in_number"),
        ]
