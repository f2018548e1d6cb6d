from django.utils.translation import gettext_lazy as _

from companies.models import ModuleCode, PartCode, Right
from companies.navigation import Entry, add
from companies.open import Counted, holds
from products.models import Product

add(Entry("setup", _("Products"), "products:list", "product", (PartCode.PRODUCTS, Right.VIEW), order=60))
holds(Counted(ModuleCode.PRODUCTS, _("Products"), lambda: Product.objects.count()))
