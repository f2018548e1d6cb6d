from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from companies.fields import CompanyForeignKey, CompanyModel
from companies.history import history
from products.states import VersionState


@history
class Product(CompanyModel):
    """One product of a company; what it is stands in its versions."""

    number = models.CharField(max_length=20)
    slug = models.SlugField(max_length=60)  # stands in the address of its front office
    names = models.JSONField()  # {"nl": "...", "en": "..."}
    line_of_business = models.CharField(max_length=40)
    # An authorised agent sells on an insurer's paper and keeps part of its commission; null: the company's own risk.
    insurer = CompanyForeignKey("relations.Party", models.PROTECT, null=True)
    insurer_commission_percent = models.DecimalField(max_digits=7, decimal_places=4, default=0)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "slug"], name="product_slug"),
            models.UniqueConstraint(fields=["company", "number"], name="product_number"),
            models.CheckConstraint(
                condition=Q(insurer_commission_percent=0)
                | Q(insurer__isnull=False, insurer_commission_percent__gt=0, insurer_commission_percent__lt=100),
                name="product_insurer_commission",
            ),
        ]

    def name(self, language: str) -> str:
        """The product's name in a language, else in English, else in whichever it has."""
        return str(self.names.get(language) or self.names.get("en") or next(iter(self.names.values())))


@history
class ProductVersion(CompanyModel):
    """One document that says all of a product; frozen and hashed at approval (DESIGN section 5)."""

    product = CompanyForeignKey(Product, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    definition = models.JSONField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.DRAFT)
    author = models.ForeignKey("companies.User", models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey("companies.User", models.PROTECT, null=True, related_name="+")
    released_by = models.ForeignKey("companies.User", models.PROTECT, null=True, related_name="+")
    evidence = models.JSONField(default=dict)  # the worked cases at approval, and what was tried in the twin
    live_from = models.DateField(null=True)
    withdrawn_from = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "product", "number"], name="version_number"),
            models.UniqueConstraint(fields=["company", "product"], condition=Q(state="live"), name="version_live_once"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("author")), name="version_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted"]) | Q(approved_by__isnull=False),
                name="version_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="live") | Q(released_by__isnull=False, live_from__isnull=False),
                name="version_released_by_somebody",
            ),
        ]


class PaperKind(models.TextChoices):
    """A paper of a product that isn't printed from data but uploaded (traps 22 asks for its hash all the same)."""

    TERMS = "terms", _("Terms and conditions")
    SERVICE = "service", _("Service document")


class VersionPaper(CompanyModel):
    """A PDF that travels with each quotation of a version, in one language; added and taken out in a draft alone, so
    that it is approved with the version.
    """

    version = CompanyForeignKey(ProductVersion, models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=12, choices=PaperKind)
    language = models.CharField(max_length=2)
    file = CompanyForeignKey("documents.File", models.PROTECT)
    pages = models.SmallIntegerField()
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "version", "kind", "language"], name="version_paper_once"),
            models.CheckConstraint(condition=Q(kind__in=["terms", "service"]), name="version_paper_kind"),
        ]


class Channel(models.TextChoices):
    """By which way business comes in; each can be switched per product (S2-36)."""

    DIRECT = "direct", _("Direct")
    ADVISER = "adviser", _("Adviser")
    OFFICE = "office", _("Office")


@history
class ProductChannel(CompanyModel):
    """A product switched on or off for a way of selling, or for one appointed distributor (null: all of that way)."""

    product = CompanyForeignKey(Product, models.PROTECT, related_name="channels")
    channel = models.CharField(max_length=8, choices=Channel)
    appointment = CompanyForeignKey("relations.Appointment", models.PROTECT, null=True)
    on = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["company", "product", "channel", "appointment"], name="channel_once", nulls_distinct=False
            )
        ]
