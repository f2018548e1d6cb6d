from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from common.formats import street_line, town_line
from common.text import fold
from companies.fields import CompanyForeignKey, CompanyModel
from companies.history import history


class DateRange(Func):
    """daterange(valid_from, valid_until): half open, open where null."""

    function = "daterange"
    output_field = models.DateField()


def never_twice(name: str, *fields: str) -> ExclusionConstraint:
    """At most one row a day for the given columns: periods of the same thing don't overlap."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((F(field), RangeOperators.EQUAL) for field in ("company", *fields)),
            (DateRange("valid_from", "valid_until"), RangeOperators.OVERLAPS),
        ],
    )


class PartyKind(models.TextChoices):
    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")


LONGEST_KEY = 160  # signs; some signs are written out as many: one of Arabic script as eighteen


def name_key(name: str) -> str:
    """By what a name is sorted and found."""
    return fold(name)[:LONGEST_KEY]


@history
class Party(CompanyModel):
    """One person or organisation, once a company. It points to its login, never the other way round."""

    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=PartyKind)
    given_name = models.CharField(_("given name"), max_length=60, blank=True)
    family_name = models.CharField(_("name"), max_length=80)
    sort_key = models.CharField(max_length=LONGEST_KEY, editable=False)
    birth_date = models.DateField(null=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=2)
    membership = CompanyForeignKey("companies.Membership", models.PROTECT, null=True)  # as adviser
    folder = CompanyForeignKey("companies.Membership", models.PROTECT, null=True)  # as customer, in the client folder
    merged_into = CompanyForeignKey("self", models.PROTECT, null=True, related_name="merged")  # the same one, kept
    retention_date = models.DateField(null=True)
    legal_hold = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="party_number"),
            models.UniqueConstraint(fields=["company", "membership"], name="party_of_membership"),
            models.UniqueConstraint(fields=["company", "folder"], name="party_of_folder"),
            models.CheckConstraint(condition=Q(email=models.functions.Lower("email")), name="party_email_lower"),
            models.CheckConstraint(condition=~Q(merged_into=F("pk")), name="party_not_merged_into_itself"),
        ]
        indexes = [
            models.Index(fields=["company", "sort_key"], name="party_by_name"),
            models.Index(fields=["company", "email"], name="party_by_email"),
            models.Index(fields=["company", "birth_date"], name="party_by_birth"),
            models.Index(
                fields=["company", "merged_into"], name="party_merged", condition=Q(merged_into__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_key = name_key(self.sort_name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def name(self) -> str:
        """As one addresses it: Sanne Verbruggen."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def sort_name(self) -> str:
        """As lists show it: Verbruggen, Sanne."""
        return f"{self.family_name}, {self.given_name}" if self.given_name else self.family_name


@history
class Address(CompanyModel):
    """Where a party lives or gets its post, from a day until a day (half open)."""

    party = CompanyForeignKey(Party, models.PROTECT, related_name="addresses")
    street = models.CharField(max_length=120)
    house_number = models.CharField(max_length=12)
    postcode = models.CharField(max_length=12)
    city = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [never_twice("address_once_a_day", "party")]
        indexes = [models.Index(fields=["company", "postcode", "house_number"], name="address_by_postcode")]

    @property
    def lines(self) -> list[str]:
        """Street and city as two lines of an envelope, in the order of the country's post."""
        return [
            street_line(self.street, self.house_number, self.country),
            town_line(self.postcode, self.city, self.country),
        ]


class RoleCode(models.TextChoices):
    """What a customer of a pool can be to it (S1-16, S1-17)."""

    INSURER = "insurer", _("Insurer")
    GROUP = "group", _("Broker group")
    COMPANY = "company", _("Broker company")
    INTERMEDIARY = "intermediary", _("Intermediary")


R = RoleCode
BENEATH = {R.INSURER: None, R.GROUP: None, R.COMPANY: R.GROUP, R.INTERMEDIARY: R.COMPANY}


@history
class PartyRole(CompanyModel):
    """What a party is to this company from a day until a day (half open), and beneath whom: an intermediary beneath his
    broker company, that beneath its group.
    """

    party = CompanyForeignKey(Party, models.PROTECT, related_name="roles")
    code = models.CharField(max_length=12, choices=RoleCode)
    beneath = CompanyForeignKey(Party, models.PROTECT, null=True, related_name="below")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            never_twice("role_once_a_day", "party", "code"),
            models.CheckConstraint(condition=~Q(beneath=F("party")), name="role_not_beneath_itself"),
            models.CheckConstraint(
                condition=Q(beneath=None) | Q(code__in=[code.value for code, above in BENEATH.items() if above]),
                name="role_on_top",
            ),
        ]
        indexes = [models.Index(fields=["company", "code"], name="role_by_code")]


@history
class BankAccount(CompanyModel):
    """An account of a party, from a day until a day."""

    party = CompanyForeignKey(Party, models.PROTECT, related_name="bank_accounts")
    iban = models.CharField(max_length=34)
    holder = models.CharField(max_length=70)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [never_twice("bank_account_once_a_day", "party")]


@history
class Appointment(CompanyModel):
    """The only link across companies: this company lets an adviser sell its lines of business, from a day until a
    day.
    """

    party = CompanyForeignKey(Party, models.PROTECT, related_name="appointments")
    broker_company = models.ForeignKey("companies.Company", models.PROTECT, null=True, related_name="+")
    code = models.SlugField(max_length=40)
    lines_of_business = ArrayField(models.CharField(max_length=40), default=list)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    suspended_from = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="appointment_code")]


class ProposalState(models.TextChoices):
    OPEN = "open", _("Waiting")
    TAKEN = "taken", _("Taken over")
    REFUSED = "refused", _("Refused")


@history
class Proposal(CompanyModel):
    """Changes that an application without a login proposes to a known party; a person decides (traps 12)."""

    party = CompanyForeignKey(Party, models.PROTECT, related_name="proposals")
    case_id = models.BigIntegerField()
    changes = models.JSONField()
    state = models.CharField(max_length=8, choices=ProposalState, default=ProposalState.OPEN)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["company", "case_id"], name="proposal_of_case")]


class Merge(CompanyModel):
    """Two parties were one: which stays, which is marked as merged into it, and what moved, so that it can be undone.
    Ids and names of fields only; earlier values stand in the history.
    """

    kept = CompanyForeignKey(Party, models.PROTECT, related_name="merges")
    gone = CompanyForeignKey(Party, models.PROTECT)
    on = models.DateField()
    moved = models.JSONField()  # {reference: {"ids": [...], "last": highest id of its table by then}}
    taken = models.JSONField()  # names of the fields that came from the party that went
    event_id = models.BigIntegerField(null=True)  # the kept party in the history, as it was before
    undone_on = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "gone"], condition=Q(undone_on=None), name="merge_once"),
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="merge_of_two"),
        ]


class SearchEntry(CompanyModel):
    """What one row of any room is found by, written by that room's triggers alone (docs/search.md). No door reads it:
    sec.search() tells which rows were found. Personal data: emptied with its row.
    """

    kind = models.CharField(max_length=12)
    subject_id = models.BigIntegerField()
    case_id = models.BigIntegerField(null=True)
    party_id = models.BigIntegerField(null=True)
    adviser_id = models.BigIntegerField(null=True)
    words = models.TextField()
    private_words = models.TextField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company", "kind", "subject_id"], name="search_entry_once")]
        indexes = [
            models.Index(fields=["company", "party_id", "kind"], include=["subject_id"], name="search_entry_by_party"),
            models.Index(fields=["company", "case_id", "kind"], name="search_entry_of_case"),
            models.Index(fields=["company", "adviser_id"], name="search_entry_of_adviser"),
        ]
