from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from companies.fields import CompanyForeignKey, CompanyModel
from companies.history import history
from documents.models import Case
from quotations.models import Order
from relations.models import never_twice


class PolicyState(models.TextChoices):
    ACTIVE = "active", _("In force")
    ENDED = "ended", _("Ended")
    WITHDRAWN = "withdrawn", _("Withdrawn by customer")  # by the customer, within the days of the law; final


S = PolicyState
POLICY_MOVES: dict[PolicyState, set[PolicyState]] = {
    S.ACTIVE: {S.ENDED, S.WITHDRAWN},
    S.ENDED: set(),
    S.WITHDRAWN: set(),
}


@history
class Policy(CompanyModel):
    """One insurance contract. What it covers stands in its versions."""

    number = models.CharField(max_length=20)
    case = CompanyForeignKey(Case, models.PROTECT, related_name="policies")
    # Two roads lead to a policy: a customer's order, or a line of an import.
    order = CompanyForeignKey(Order, models.PROTECT, null=True)
    import_row = CompanyForeignKey("companies.ImportRow", models.PROTECT, null=True)
    product = CompanyForeignKey("products.Product", models.PROTECT)
    holder = CompanyForeignKey("relations.Party", models.PROTECT)
    adviser = CompanyForeignKey("relations.Party", models.PROTECT, null=True)
    starts_on = models.DateField()
    renews_on = models.DateField()
    state = models.CharField(max_length=9, choices=PolicyState, default=PolicyState.ACTIVE)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="policy_number"),
            models.UniqueConstraint(fields=["company", "order"], name="policy_of_order"),
            models.UniqueConstraint(fields=["company", "import_row"], name="policy_of_import_row"),
            models.CheckConstraint(
                condition=Q(order__isnull=False, import_row__isnull=True)
                | Q(order__isnull=True, import_row__isnull=False),
                name="policy_by_order_or_import",
            ),
            models.CheckConstraint(condition=Q(renews_on__gt=F("starts_on")), name="policy_term"),
        ]
        indexes = [
            models.Index(fields=["company", "holder"], name="policy_of_holder"),
            models.Index(fields=["company", "adviser", "id"], name="policy_of_adviser"),
        ]


class Transaction(models.TextChoices):
    ISSUE = "issue", _("Issued from quotation")
    IMPORT = "import", _("Taken over")
    WITHDRAWN = "withdrawn", _("Withdrawn by customer")


class PolicyVersion(CompanyModel):
    """What a policy covers over a period, as issued. Append-only: a later version takes over from its first day."""

    policy = CompanyForeignKey(Policy, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    transaction = models.CharField(max_length=10, choices=Transaction)
    product_version = CompanyForeignKey("products.ProductVersion", models.PROTECT)
    answers = models.JSONField()
    terms = models.JSONField()
    evaluation = models.JSONField()
    plan = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    net = models.DecimalField(max_digits=14, decimal_places=2)
    tax = models.DecimalField(max_digits=14, decimal_places=2)
    fees = models.DecimalField(max_digits=14, decimal_places=2)
    total = models.DecimalField(max_digits=14, decimal_places=2)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "policy", "number"], name="policy_version_number"),
            models.CheckConstraint(condition=Q(total=F("net") + F("tax") + F("fees")), name="policy_version_adds_up"),
            never_twice("policy_version_once_a_day", "policy"),
        ]


class Section(CompanyModel):
    """One unit of cover of a version: its own term, country of tax and insured objects. Append-only."""

    version = CompanyForeignKey(PolicyVersion, models.PROTECT, related_name="sections")
    key = models.CharField(max_length=40)
    names = models.JSONField()
    valid_from = models.DateField()
    valid_until = models.DateField()
    tax_country = models.CharField(max_length=2)
    objects_insured = models.JSONField(default=list)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company", "version", "key"], name="section_once")]


class PremiumComponent(CompanyModel):
    """One part of a section's premium: what it is, on what base, at what rate. Append-only."""

    section = CompanyForeignKey(Section, models.PROTECT, related_name="components")
    kind = models.CharField(max_length=40)
    base = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    rate = models.DecimalField(max_digits=12, decimal_places=6, null=True)  # percent
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company", "section", "kind"], name="component_once")]


class InsurerShare(CompanyModel):
    """Which insurer carries how much of a section. Append-only; the shares of a day sum to 100 percent, guarded at
    commit.
    """

    section = CompanyForeignKey(Section, models.PROTECT, related_name="shares")
    insurer = CompanyForeignKey("relations.Party", models.PROTECT, null=True)  # null: the company itself carries it
    percent = models.DecimalField(max_digits=9, decimal_places=6)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(percent__gt=0, percent__lte=100), name="share_percent"),
            models.UniqueConstraint(
                fields=["company", "section", "insurer", "valid_from"], name="share_once", nulls_distinct=False
            ),
        ]


class Invoice(CompanyModel):
    """The premium of one policy transaction and term. Append-only; numbered without gaps (S0-26).

    A credit note takes one back: it names it in `credits`, has a series of its own and all amounts below zero.
    """

    number = models.CharField(max_length=20)
    policy = CompanyForeignKey(Policy, models.PROTECT, related_name="invoices")
    case = CompanyForeignKey(Case, models.PROTECT)
    version = CompanyForeignKey(PolicyVersion, models.PROTECT)
    debtor = CompanyForeignKey("relations.Party", models.PROTECT)
    invoiced_on = models.DateField()
    term_from = models.DateField()
    term_until = models.DateField()
    plan = models.CharField(max_length=20)
    net = models.DecimalField(max_digits=14, decimal_places=2)
    tax = models.DecimalField(max_digits=14, decimal_places=2)
    fees = models.DecimalField(max_digits=14, decimal_places=2)
    total = models.DecimalField(max_digits=14, decimal_places=2)
    payment_reference = models.CharField(max_length=40)
    credits = CompanyForeignKey("self", models.PROTECT, null=True, db_index=False)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="invoice_number"),
            models.UniqueConstraint(
                fields=["company", "version", "term_from"], condition=Q(credits=None), name="invoice_once_a_term"
            ),
            models.UniqueConstraint(
                fields=["company", "credits"], condition=Q(credits__isnull=False), name="invoice_credited_once"
            ),
            models.CheckConstraint(condition=Q(total=F("net") + F("tax") + F("fees")), name="invoice_adds_up"),
        ]
        indexes = [models.Index(fields=["company", "invoiced_on"], name="invoice_by_day")]


class DaySum(CompanyModel):
    """What was ordered and invoiced on a day, of one product. Written by the guards of policies and invoices only.

    A day and product may have several rows: who finds them held by another transaction begins one of his own, so that
    nobody waits. Their sum counts.
    """

    on = models.DateField()
    product = CompanyForeignKey("products.Product", models.PROTECT, db_index=False)
    policies = models.IntegerField()
    net = models.DecimalField(max_digits=18, decimal_places=2)
    tax = models.DecimalField(max_digits=18, decimal_places=2)
    fees = models.DecimalField(max_digits=18, decimal_places=2)
    total = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["company", "on", "product"], name="day_sum_by_day")]


class InvoiceLine(CompanyModel):
    """One component or fee on an invoice with its taxable base, tax class, country, rate and why it is exempt.
    Append-only.
    """

    invoice = CompanyForeignKey(Invoice, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    section = CompanyForeignKey(Section, models.PROTECT, null=True)
    kind = models.CharField(max_length=40)
    names = models.JSONField()
    net = models.DecimalField(max_digits=14, decimal_places=2)
    tax_class = models.CharField(max_length=20)
    tax_country = models.CharField(max_length=2)
    tax_percent = models.DecimalField(max_digits=7, decimal_places=4)
    tax = models.DecimalField(max_digits=14, decimal_places=2)
    exemption = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company", "invoice", "position"], name="invoice_line_place")]


class Instalment(CompanyModel):
    """One payment of an invoice: due when, how much; it stands as an open item in the debtor's account. Append-only."""

    invoice = CompanyForeignKey(Invoice, models.PROTECT, related_name="instalments")
    position = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company", "invoice", "position"], name="instalment_place")]


class Withdrawal(CompanyModel):
    """A customer withdrew from a policy within the days of the law: who, by which link, when. Append-only.

    `received_at` is when the declaration came in; `to_pay_back` what had been paid beyond what is kept, `still_to_pay`
    what of that is owed.
    """

    case = CompanyForeignKey(Case, models.PROTECT)
    policy = CompanyForeignKey(Policy, models.PROTECT, related_name="withdrawals")
    command = CompanyForeignKey("companies.Command", models.PROTECT)
    link = CompanyForeignKey("companies.Link", models.PROTECT)
    address = models.GenericIPAddressField(null=True)
    declared_by = models.CharField(max_length=120)
    receipt_to = models.EmailField()
    received_at = models.DateTimeField()
    on = models.DateField()
    last_day = models.DateField(null=True)  # none: the papers hadn't been received yet
    ended_on = models.DateField(null=True)  # cover until this day is paid for; none: never made
    credit_note = CompanyForeignKey(Invoice, models.PROTECT, null=True)
    kept_invoice = CompanyForeignKey(Invoice, models.PROTECT, null=True)
    to_pay_back = models.DecimalField(max_digits=14, decimal_places=2)
    still_to_pay = models.DecimalField(max_digits=14, decimal_places=2)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "policy"], name="withdrawal_once"),
            models.CheckConstraint(condition=Q(to_pay_back__gte=0), name="withdrawal_pays_back"),
        ]
