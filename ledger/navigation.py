from django.utils.translation import gettext_lazy as _

from companies.models import PartCode, Right
from companies.navigation import Entry, add

add(
    Entry("money", _("Debtors"), "ledger:debtors", "people", (PartCode.DEBTORS, Right.VIEW), order=20),
    Entry("money", _("General ledger"), "ledger:trial_balance", "ledger", (PartCode.LEDGER, Right.VIEW), order=30),
)
