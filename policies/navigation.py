from django.utils.translation import gettext_lazy as _

from companies.models import ModuleCode, PartCode, Right
from companies.navigation import Entry, add
from companies.open import Counted, holds, waits
from policies.models import Invoice, Policy, PolicyState

add(
    Entry("business", _("Policies"), "policies:list", "policy", (PartCode.POLICIES, Right.VIEW), order=40),
    Entry("business", _("Withdrawals"), "policies:withdrawals", "history", (PartCode.POLICIES, Right.VIEW), order=45),
    Entry("money", _("Invoices"), "policies:invoices", "invoice", (PartCode.INVOICES, Right.VIEW), order=10),
)


def in_force() -> int:
    """Policies that insure somebody."""
    return Policy.objects.filter(state=PolicyState.ACTIVE).count()


waits(Counted(ModuleCode.POLICIES, _("Policies in force"), in_force))
holds(
    Counted(ModuleCode.POLICIES, _("Policies"), lambda: Policy.objects.count()),
    Counted(ModuleCode.POLICIES, _("Invoices"), lambda: Invoice.objects.count()),
)
