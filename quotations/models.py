from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from acceptance.models import Assessment
from companies.fields import CompanyForeignKey, CompanyModel
from companies.history import history
from documents.models import Case


class QuotationState(models.TextChoices):
    OPEN = "open", _("Open")
    ORDERED = "ordered", _("Ordered")
    EXPIRED = "expired", _("Expired")


S = QuotationState
QUOTATION_MOVES: dict[QuotationState, set[QuotationState]] = {
    S.OPEN: {S.ORDERED, S.EXPIRED},
    S.ORDERED: set(),
    S.EXPIRED: set(),
}


@history
class Quotation(CompanyModel):
    """An offer that binds the company until its last day. It stands on an accepting assessment; only its state moves
    (S0-10).
    """

    number = models.CharField(max_length=20)
    case = CompanyForeignKey(Case, models.PROTECT, related_name="quotations")
    assessment = CompanyForeignKey(Assessment, models.PROTECT)
    evaluation = models.JSONField()  # steps, components, tax, fees, terms and every payment plan, as text
    plan = models.CharField(max_length=20)  # the plan the applicant asked for; the order may pick another
    net = models.DecimalField(max_digits=14, decimal_places=2)
    tax = models.DecimalField(max_digits=14, decimal_places=2)
    fees = models.DecimalField(max_digits=14, decimal_places=2)
    total = models.DecimalField(max_digits=14, decimal_places=2)
    valid_from = models.DateField()
    valid_until = models.DateField()  # half open: no order on this day any more
    state = models.CharField(max_length=8, choices=QuotationState, default=QuotationState.OPEN)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="quotation_number"),
            models.UniqueConstraint(fields=["company", "assessment"], name="quotation_of_assessment"),
            models.CheckConstraint(condition=Q(total=F("net") + F("tax") + F("fees")), name="quotation_adds_up"),
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="quotation_period"),
        ]
        indexes = [models.Index(fields=["company", "state", "valid_until"], name="quotation_by_state")]


class Order(CompanyModel):
    """The customer's will: this quotation, this plan, by this link, from this address, with these papers before his
    eyes (S0-22). Append-only.
    """

    quotation = CompanyForeignKey(Quotation, models.PROTECT, related_name="orders")
    plan = models.CharField(max_length=20)
    link = CompanyForeignKey("companies.Link", models.PROTECT)
    command = CompanyForeignKey("companies.Command", models.PROTECT)
    address = models.GenericIPAddressField(null=True)
    ordered_at = models.DateTimeField()
    on = models.DateField()
    fact = models.CharField(max_length=20)  # which fact that stands in no mail was given
    documents = models.JSONField()  # [{"kind", "reference", "sha256"}]
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "quotation"], name="order_once"),
            models.UniqueConstraint(fields=["company", "command"], name="order_of_command"),
        ]
        indexes = [models.Index(fields=["company", "on"], name="order_by_day")]
