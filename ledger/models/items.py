from django.db import models
from django.db.models import Q

from companies.fields import CompanyForeignKey, CompanyModel
from ledger.models.books import Account
from ledger.models.entries import FIRST_DAY, LAST_DAY, MOST, Acted, Entry, Line
from ledger.querysets import BookManager


class OpenItem(CompanyModel):
    """One instalment of a line on a control account: what a party owes (positive) or is owed (negative) from a day on.

    Its amount never changes; what is still open is the amount less its allocations. The items of a line sum to the
    line.
    """

    entry = CompanyForeignKey(Entry, models.PROTECT, db_index=False)
    line = CompanyForeignKey(Line, models.PROTECT, db_index=False, related_name="open_items")
    position = models.IntegerField()
    number = models.BigIntegerField()  # the company's own number of it, for people; may have gaps
    account = CompanyForeignKey(Account, models.PROTECT, db_index=False)
    party_id = models.BigIntegerField()
    due_date = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    reference = models.CharField(max_length=60)

    objects = BookManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "line", "position"], name="open_item_position_once"),
            models.UniqueConstraint(fields=["company", "number"], name="open_item_number_once"),
            models.CheckConstraint(
                condition=Q(amount__gte=-MOST, amount__lte=MOST) & ~Q(amount=0), name="open_item_amount_sane"
            ),
            models.CheckConstraint(condition=Q(due_date__range=(FIRST_DAY, LAST_DAY)), name="open_item_day_sane"),
        ]
        indexes = [models.Index(fields=["company", "party_id", "account", "due_date"], name="open_item_of_party")]


class Allocation(Acted):
    """A debit item matched with a credit item of the same party and account, for an amount; a negative row takes one
    back."""

    debit_item = CompanyForeignKey(OpenItem, models.PROTECT, db_index=False)
    credit_item = CompanyForeignKey(OpenItem, models.PROTECT, db_index=False)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    allocated_on = models.DateField()
    key = models.CharField(max_length=120)

    objects = BookManager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["company", "key"], name="allocation_key_once"),
            models.CheckConstraint(
                condition=Q(amount__gte=-MOST, amount__lte=MOST) & ~Q(amount=0), name="allocation_amount_sane"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "debit_item"], name="allocation_of_debit"),
            models.Index(fields=["company", "credit_item"], name="allocation_of_credit"),
        ]
