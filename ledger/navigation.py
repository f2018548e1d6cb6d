from django.utils.translation import gettext_lazy as _

from companies.models import ModuleCode, PartCode, Right
from companies.navigation import Entry as Line
from companies.navigation import add
from companies.open import Counted, holds
from ledger.models import Entry

add(
    Line("money", _("Debtors"), "ledger:debtors", "inbox", (PartCode.DEBTORS, Right.VIEW), order=20),
    Line("money", _("General ledger"), "ledger:trial_balance", "ledger", (PartCode.LEDGER, Right.VIEW), order=30),
)
holds(Counted(ModuleCode.LEDGER, _("Entries"), lambda: Entry.objects.count()))
