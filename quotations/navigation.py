from django.utils.translation import gettext_lazy as _

from companies.models import ModuleCode, PartCode, Right
from companies.navigation import Entry, add
from companies.open import Open, counts
from quotations.models import Quotation, QuotationState

add(Entry("business", _("Quotations"), "quotations:list", "quote", (PartCode.QUOTATIONS, Right.VIEW), order=30))


def unordered() -> int:
    """Offers that can still be ordered."""
    return Quotation.objects.filter(state=QuotationState.OPEN).count()


counts(Open(ModuleCode.PRODUCTS, _("Open quotations"), unordered))
