from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast

from companies.fields import CompanyForeignKey, CompanyModel
from ledger.fields import CurrentXact, XactField
from ledger.models.books import Account, Journal
from ledger.querysets import BookManager

# NaN is greater than every number in PostgreSQL, so an upper bound is what keeps it out.
MOST = Decimal("999999999999.99")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)  # keeps -infinity and infinity out


class Acted(CompanyModel):
    """Who wrote an append-only row, and when; ids and codes only."""

    actor_kind = models.CharField(max_length=12)
    user = models.ForeignKey("companies.User", models.PROTECT, null=True, related_name="+", db_index=False)
    membership_id = models.BigIntegerField(null=True)
    link_id = models.BigIntegerField(null=True)
    job_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        abstract = True


class Entry(Acted):
    """One posting: balanced, complete and never changed. `line_count` and `total` are the lock on its lines."""

    journal = CompanyForeignKey(Journal, models.PROTECT, db_index=False)
    booked_on = models.DateField()
    source = models.CharField(max_length=40)  # the room and what it booked, such as policies.invoice
    reference = models.CharField(max_length=60)  # number of the document
    key = models.CharField(max_length=120)  # who knocks twice with a key gets the first entry
    fingerprint = models.BinaryField(max_length=32)  # of the content, so that a key is never used for another one
    line_count = models.IntegerField()
    total = models.DecimalField(max_digits=14, decimal_places=2)
    xact = XactField(db_default=CurrentXact())
    reversal_of = CompanyForeignKey("self", models.PROTECT, null=True, db_index=False)
    case_id = models.BigIntegerField(null=True)

    objects = BookManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "key"], name="entry_key_once"),
            models.UniqueConstraint(
                fields=["company", "reversal_of"], condition=Q(reversal_of__isnull=False), name="entry_reversed_once"
            ),
            models.CheckConstraint(condition=Q(line_count__gte=2), name="entry_of_two_lines"),
            models.CheckConstraint(condition=Q(total__gt=0, total__lte=MOST), name="entry_total_positive"),
            models.CheckConstraint(condition=Q(booked_on__range=(FIRST_DAY, LAST_DAY)), name="entry_day_sane"),
        ]
        indexes = [
            models.Index(fields=["company", "reference"], name="entry_by_reference"),
            models.Index(fields=["company", "case_id"], condition=Q(case_id__isnull=False), name="entry_of_case"),
        ]


class Line(CompanyModel):
    """One side of an entry on one account, with its dimensions, frozen. `booked_on` repeats the entry's day for the
    account card."""

    entry = CompanyForeignKey(Entry, models.PROTECT, db_index=False, related_name="lines")
    position = models.IntegerField()
    account = CompanyForeignKey(Account, models.PROTECT, db_index=False)
    booked_on = models.DateField()
    debit = models.DecimalField(max_digits=14, decimal_places=2)
    credit = models.DecimalField(max_digits=14, decimal_places=2)
    amount_cents = models.GeneratedField(
        expression=Cast((F("debit") + F("credit")) * 100, models.BigIntegerField()),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    party_id = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField(null=True)
    invoice_id = models.BigIntegerField(null=True)
    product_id = models.BigIntegerField(null=True)
    line_of_business = models.CharField(max_length=40, null=True)
    section_id = models.BigIntegerField(null=True)
    insurer_id = models.BigIntegerField(null=True)
    appointment_id = models.BigIntegerField(null=True)
    tax_code = models.CharField(max_length=20, null=True)
    tax_country = models.CharField(max_length=2, null=True)
    due_date = models.DateField(null=True)
    value_date = models.DateField(null=True)
    cost_centre = models.CharField(max_length=20, null=True)

    objects = BookManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "entry", "position"], name="line_position_once"),
            models.CheckConstraint(
                condition=Q(debit__gt=0, debit__lte=MOST, credit=0) | Q(credit__gt=0, credit__lte=MOST, debit=0),
                name="line_one_sided",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "account", "booked_on", "id"], name="line_of_account"),
            models.Index(
                fields=["company", "party_id", "account"], condition=Q(party_id__isnull=False), name="line_of_party"
            ),
            models.Index(fields=["company", "amount_cents"], name="line_by_amount"),
        ]


class Seal(CompanyModel):
    """Number of an entry in its journal and year, and its link in the chain: sha256(previous seal || digest of the
    entry)."""

    entry = CompanyForeignKey(Entry, models.PROTECT, db_index=False, related_name="seals")
    journal = CompanyForeignKey(Journal, models.PROTECT, db_index=False)
    year = models.SmallIntegerField()
    number = models.BigIntegerField()
    previous = models.BinaryField(max_length=32)  # empty for the first of a year
    seal = models.BinaryField(max_length=32)

    objects = BookManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "entry"], name="seal_once"),
            models.UniqueConstraint(fields=["company", "journal", "year", "number"], name="seal_number_once"),
        ]


class JournalHead(CompanyModel):
    """Last number and last seal of a journal in a year: the row that is locked, last, while an entry is numbered."""

    journal = CompanyForeignKey(Journal, models.PROTECT, db_index=False)
    year = models.SmallIntegerField()
    last = models.BigIntegerField()
    head = models.BinaryField(max_length=32)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["company", "journal", "year"], name="journal_head_once")]
