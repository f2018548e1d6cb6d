from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.fields import CompanyModel
from companies.history import history

RESERVED_SLUGS = ["operator", "accounts", "invitation", "static", "media", "health", "demo", "language", "files"]


class CompanyKind(models.TextChoices):
    PROVIDER = "provider", _("Insurance provider")
    AGENT = "agent", _("Authorised agent")
    POOL = "pool", _("Broker pool")
    GROUP = "group", _("Broker group")
    BROKER = "broker", _("Broker")


class Company(models.Model):
    """One tenant: a provider, an authorised agent, a pool or a broker, or the rehearsal twin of one. Global: what
    every door may know.
    """

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=CompanyKind)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=2)
    time_zone = models.CharField(max_length=40)
    rehearsal_of = models.OneToOneField("self", models.PROTECT, null=True, editable=False, related_name="rehearsal")
    # The business day of a rehearsal twin, which may stand anywhere; a real company lives today.
    rehearsal_day = models.DateField(null=True)
    # The company that set this one up below itself; none: the operator did.
    founded_by = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="founded")
    # Since when the company administers itself and the operator sees nothing; it never goes back (S2-10).
    own_administrator_at = models.DateTimeField(null=True, editable=False)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(rehearsal_day__isnull=True) | Q(rehearsal_of__isnull=False),
                name="day_moves_in_rehearsal_only",
            ),
            models.CheckConstraint(condition=~Q(slug__in=RESERVED_SLUGS), name="slug_not_reserved"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_rehearsal(self) -> bool:
        """Whether this is a twin in which products are tried and nothing counts."""
        return self.rehearsal_of_id is not None

    @property
    def administered_by_operator(self) -> bool:
        """Whether the computing centre administers it still; a rehearsal goes as the company that it rehearses."""
        return all(
            each.own_administrator_at is None and each.founded_by_id is None
            for each in (self, self.rehearsal_of)
            if each is not None
        )


@history
class Profile(CompanyModel):
    """What stands in a company's letterhead and books: address, authorisation, tax number, bank account. One row a
    company.
    """

    street = models.CharField(max_length=120)
    postcode = models.CharField(max_length=12)
    city = models.CharField(max_length=80)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    website = models.CharField(max_length=120, blank=True)
    authorisation = models.CharField(max_length=200, blank=True)
    insurance_tax_number = models.CharField(max_length=40, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    creditor_id = models.CharField(max_length=35, blank=True)
    complaints = models.CharField(max_length=300, blank=True)
    help_email = models.EmailField(blank=True)
    help_phone = models.CharField(max_length=40, blank=True)
    help_hours = models.CharField(max_length=120, blank=True)
    brand = models.SlugField(max_length=40, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company"], name="profile_one_a_company")]


class ModuleCode(models.TextChoices):
    """What a company may have switched on; off means no menu, no address, no job."""

    BASE = "base", _("Administration and relations")
    PRODUCTS = "products", _("Products and applications")
    POLICIES = "policies", _("Policies and invoices")
    LEDGER = "ledger", _("Ledger")
    CLAIMS = "claims", _("Claims")
    POOL = "pool", _("Broker pool")
    TENDERS = "tenders", _("Tenders")
    ADVISERS = "advisers", _("Extranet for advisers")
    FOLDER = "folder", _("Digital client folder")
    COMPANIES = "companies", _("Companies below this one")


@history
class Module(CompanyModel):
    """One module that a company has, switched on or off."""

    code = models.CharField(max_length=12, choices=ModuleCode)
    on = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="module_once_a_company")]


@history
class Website(CompanyModel):
    """A website on whose pages the company's front office may stand in a frame; switched off, it may no more
    (traps 13).
    """

    origin = models.CharField(max_length=200)  # https://www.example.nl
    on = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company", "origin"], name="website_once")]

    def __str__(self) -> str:
        return self.origin
