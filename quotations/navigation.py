from django.utils.translation import gettext_lazy as _

from companies.models import PartCode, Right
from companies.navigation import Entry, add

add(Entry("business", _("Quotations"), "quotations:list", "quote", (PartCode.QUOTATIONS, Right.VIEW), order=30))
