from django.utils.translation import gettext_lazy as _

from companies.models import ModuleCode, PartCode, Right
from companies.navigation import Entry, add
from companies.open import Counted, holds, waits
from quotations.models import Quotation, QuotationState

add(Entry("business", _("Quotations"), "quotations:list", "quote", (PartCode.QUOTATIONS, Right.VIEW), order=30))


def unordered() -> int:
    """Offers that can still be ordered."""
    return Quotation.objects.filter(state=QuotationState.OPEN).count()


waits(Counted(ModuleCode.PRODUCTS, _("Open quotations"), unordered))
holds(Counted(ModuleCode.PRODUCTS, _("Quotations"), lambda: Quotation.objects.count()))
