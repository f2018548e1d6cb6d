import re
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.formats import language_name
from companies.fields import CompanyForeignKey, CompanyModel
from companies.history import history
from documents.intake.take import clean_name


@history
class Case(CompanyModel):
    """One file from the first question to the last claim: application, quotation, policy, papers and mails hang on it
    (S0-29).
    """

    number = models.CharField(max_length=20)
    public_id = models.UUIDField(default=uuid.uuid4)
    product_id = models.BigIntegerField()
    product_version_id = models.BigIntegerField()
    customer = CompanyForeignKey("relations.Party", models.PROTECT, null=True)
    adviser = CompanyForeignKey("relations.Party", models.PROTECT, null=True)
    language = models.CharField(max_length=2)
    opened_on = models.DateField()
    retention_date = models.DateField(null=True)
    legal_hold = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="case_number"),
            models.UniqueConstraint(fields=["company", "public_id"], name="case_public_id"),
        ]
        indexes = [
            models.Index(fields=["company", "adviser", "id"], name="case_of_adviser"),
            models.Index(fields=["company", "customer", "id"], name="case_of_customer"),
        ]

    def __str__(self) -> str:
        return self.number


class File(CompanyModel):
    """Bytes in the store, named by their SHA-256; written once."""

    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=60)
    size = models.BigIntegerField()
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company", "sha256"], name="file_once")]

    @property
    def path(self) -> str:
        """Where the bytes lie in the store."""
        return f"{self.company_id}/{self.sha256[:2]}/{self.sha256}"


class DocumentKind(models.TextChoices):
    QUOTATION = "quotation", _("Quotation")
    IPID = "ipid", _("Insurance product information document")
    SUMMARY = "summary", _("Summary of cover")
    APPLICATION = "application", _("Copy of the application")
    POLICY = "policy", pgettext_lazy("document", "Policy")
    INVOICE = "invoice", _("Invoice")
    DECISION = "decision", _("Decision on the application")
    WITHDRAWAL = "withdrawal", _("Receipt of the withdrawal")
    TERMS = "terms", _("Terms and conditions")
    SERVICE = "service", _("Service document")


ENCLOSED = (DocumentKind.TERMS, DocumentKind.SERVICE)  # made elsewhere and travelling as they are: nothing is printed


class Document(CompanyModel):
    """A paper of a Case as it was sent, byte for byte, with what it was made from. Append-only (S0-21)."""

    case = CompanyForeignKey(Case, models.PROTECT, related_name="documents")
    public_id = models.UUIDField(default=uuid.uuid4)
    translates = CompanyForeignKey("self", models.PROTECT, null=True, related_name="translations")
    kind = models.CharField(max_length=12, choices=DocumentKind)
    key = models.CharField(max_length=80)  # what it is the paper of; a second rendering of the same is the first
    reference = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    file = CompanyForeignKey(File, models.PROTECT)
    source = CompanyForeignKey(File, models.PROTECT)  # what was rendered, compressed: printed again it proves the bytes
    pages = models.SmallIntegerField()
    source_sha256 = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    content = models.JSONField()  # what was printed, so that it can be proved later
    made_with = models.JSONField(default=dict)  # {"renderer", "template", "look"}: versions, hashes, hash of the look
    on = models.DateField()
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "case", "key"], name="document_once"),
            models.UniqueConstraint(fields=["company", "public_id"], name="document_public_id"),
        ]

    @property
    def title(self) -> str:
        """What it is called in a list: its kind, and of a translation its language."""
        kind = DocumentKind(self.kind).label
        return f"{kind} ({language_name(self.language)})" if self.translates_id else str(kind)

    @property
    def filename(self) -> str:
        """A name for saving: the kind and the number, of a translation with its language."""
        language = f"-{self.language}" if self.translates_id else ""
        return clean_name(re.sub(r"[/\\]", "-", f"{self.kind}-{self.reference}{language}.pdf"))
