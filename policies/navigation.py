from django.utils.translation import gettext_lazy as _

from companies.models import PartCode, Right
from companies.navigation import Entry, add

add(
    Entry("business", _("Policies"), "policies:list", "policy", (PartCode.POLICIES, Right.VIEW), order=40),
    Entry("money", _("Invoices"), "policies:invoices", "invoice", (PartCode.INVOICES, Right.VIEW), order=10),
)
