from django.db import models

from companies.fields import CompanyForeignKey, CompanyModel
from ledger.models.books import Account


class Delta(CompanyModel):
    """What one posting added to an account (and party) in a month. Written by the guard of lines, removed by folding
    only."""

    account = CompanyForeignKey(Account, models.PROTECT, db_index=False)
    party_id = models.BigIntegerField(null=True)
    month = models.DateField()
    debit = models.DecimalField(max_digits=18, decimal_places=2)
    credit = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        default_permissions = ()


class Total(CompanyModel):
    """Folded deltas. Without a party: an account in a month. With a party (and no month): its balance on a control
    account."""

    account = CompanyForeignKey(Account, models.PROTECT, db_index=False)
    party_id = models.BigIntegerField(null=True)
    month = models.DateField(null=True)
    debit = models.DecimalField(max_digits=18, decimal_places=2)
    credit = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["company", "account", "party_id", "month"], nulls_distinct=False, name="total_once"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "party_id", "account"], name="total_of_party"),
            models.Index(
                fields=["company", "account", "party_id"],
                name="total_that_stands_open",
                condition=models.Q(party_id__isnull=False) & ~models.Q(debit=models.F("credit")),
            ),
        ]
