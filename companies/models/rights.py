from django.contrib.auth.models import Group
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from companies.fields import CompanyForeignKey, CompanyModel
from companies.history import history
from companies.models.company import ModuleCode


class Right(models.TextChoices):
    """What one may do with a part; they are apart, input doesn't hold edit (S2-06 to S2-08)."""

    VIEW = "view", _("View")
    EDIT = "edit", _("Edit")
    INPUT = "input", _("Input")


class PartCode(models.TextChoices):
    """The rows of the rights matrix, as S2 names them, then those that came later."""

    CREDITORS = "creditors", _("Current accounts with creditors")
    DEBTORS = "debtors", _("Current accounts with debtors")
    LEDGER = "ledger", _("General ledger")
    RELATIONS = "relations", _("Relations and their advisers")
    POLICIES = "policies", _("Policies")
    CLAIMS = "claims", _("Claims")
    PRODUCTS = "products", _("Product development")
    ADDRESSES = "addresses", _("Addresses")
    INVOICES = "invoices", _("Premium invoices and credit notes")
    CLAIMS_HANDLING = "claims_handling", _("Claims handling")
    MATCHING = "matching", _("Matching of receipts")
    LEDGER_INPUT = "ledger_input", _("Ledger input")
    APPLICATIONS = "applications", _("Applications")
    ACCEPTANCE = "acceptance", _("Acceptance")
    QUOTATIONS = "quotations", _("Quotations")
    IMPORT = "import", _("Import")


P, M = PartCode, ModuleCode
MODULE_OF = {
    P.CREDITORS: M.LEDGER, P.DEBTORS: M.LEDGER, P.LEDGER: M.LEDGER, P.LEDGER_INPUT: M.LEDGER, P.MATCHING: M.LEDGER,
    P.RELATIONS: M.BASE, P.ADDRESSES: M.BASE, P.POLICIES: M.POLICIES, P.INVOICES: M.POLICIES,
    P.CLAIMS: M.CLAIMS, P.CLAIMS_HANDLING: M.CLAIMS, P.PRODUCTS: M.PRODUCTS, P.APPLICATIONS: M.PRODUCTS,
    P.ACCEPTANCE: M.PRODUCTS, P.QUOTATIONS: M.PRODUCTS, P.IMPORT: M.BASE,
}  # fmt: skip


class Part(CompanyModel):
    """One row of a company's rights matrix; guardian's permissions hang on it."""

    code = models.CharField(max_length=20, choices=PartCode)

    class Meta:
        default_permissions = ()
        permissions = [(right.value, f"Can {right.value}") for right in Right]
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="part_once_a_company")]


class PartGroupPermission(CompanyModel, GroupObjectPermissionBase):
    """A right on a part, held by a protocol's group."""

    content_object = CompanyForeignKey(Part, models.CASCADE, related_name="group_permissions")

    class Meta:
        default_permissions = ()
        unique_together = [["company", "group", "permission", "content_object"]]


class PartUserPermission(CompanyModel, UserObjectPermissionBase):
    """Guardian's table for grants to a single user. None is given: rights come by protocol, and a check keeps it
    empty.
    """

    content_object = CompanyForeignKey(Part, models.CASCADE, related_name="user_permissions")

    class Meta:
        default_permissions = ()
        unique_together = [["company", "user", "permission", "content_object"]]
        constraints = [models.CheckConstraint(condition=models.Q(pk__isnull=True), name="rights_come_by_protocol")]


class Act(models.TextChoices):
    """Acts that need a name and four eyes (DESIGN section 4)."""

    APPROVE_PRODUCT = "approve_product", _("Approve a product")
    RELEASE_PRODUCT = "release_product", _("Set a product live")
    RELEASE_PAYMENT = "release_payment", _("Release payment files")
    DECIDE_REFERRAL = "decide_referral", _("Decide referrals above the limit")
    OPEN_WINDOW = "open_window", _("Open an operator window")


@history
class Protocol(CompanyModel):
    """A named set of rights with its own group inside one company, copied from a template, given to memberships.

    Retired, nobody holds it and nobody can be given it; its name is free again.
    """

    group = models.OneToOneField(Group, models.PROTECT)
    name = models.CharField(max_length=80)
    template = models.SlugField(max_length=40, blank=True)
    public_id = models.UUIDField(db_default=RandomUUID(), editable=False)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["company", "name"], condition=models.Q(retired_at=None), name="protocol_name_once"
            ),
            models.UniqueConstraint(fields=["company", "public_id"], name="protocol_address_once"),
        ]

    def __str__(self) -> str:
        return self.name


@history
class ProtocolAct(CompanyModel):
    """A named act that a protocol holds."""

    protocol = CompanyForeignKey(Protocol, models.CASCADE)
    act = models.CharField(max_length=20, choices=Act)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company", "protocol", "act"], name="act_once_a_protocol")]


@history
class Grant(CompanyModel):
    """A protocol given to an employee: by whom and since when; taken back, it stays as history. Nobody gives to
    himself: the database refuses it.
    """

    membership = CompanyForeignKey("companies.Membership", models.PROTECT, related_name="grants")
    protocol = CompanyForeignKey(Protocol, models.PROTECT, related_name="grants")
    given_by = CompanyForeignKey("companies.Membership", models.PROTECT, null=True)  # none: the operator or a robot
    given_at = models.DateTimeField(db_default=models.functions.Now())
    taken_by = CompanyForeignKey("companies.Membership", models.PROTECT, null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["company", "membership", "protocol"], condition=models.Q(taken_at=None), name="grant_live_once"
            ),
            models.CheckConstraint(
                condition=models.Q(given_by=None) | ~models.Q(given_by=models.F("membership")), name="grant_not_to_self"
            ),
        ]


class RightUse(CompanyModel):
    """The last day on which an employee used a right on a part, or a named act; unused for long, it is proposed for
    removal.
    """

    membership = CompanyForeignKey("companies.Membership", models.CASCADE)
    part = models.CharField(max_length=20, choices=PartCode, blank=True)
    right = models.CharField(max_length=5, choices=Right, blank=True)
    act = models.CharField(max_length=20, choices=Act, blank=True, default="")
    last_on = models.DateField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "membership", "part", "right", "act"], name="right_use_once"),
            models.CheckConstraint(
                condition=models.Q(act="") & ~models.Q(part="") & ~models.Q(right="")
                | ~models.Q(act="") & models.Q(part="", right=""),
                name="right_or_act",
            ),
        ]


class Confirmation(CompanyModel):
    """An administrator confirmed that an employee's protocols are still right, on a day. Append-only."""

    membership = CompanyForeignKey("companies.Membership", models.PROTECT)
    protocols = models.JSONField()  # names as they were then
    by = CompanyForeignKey("companies.Membership", models.PROTECT)
    on = models.DateField()
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~models.Q(by=models.F("membership")), name="confirmed_by_another")
        ]
