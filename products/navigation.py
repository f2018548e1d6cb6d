from django.utils.translation import gettext_lazy as _

from companies.models import PartCode, Right
from companies.navigation import Entry, add

add(Entry("setup", _("Products"), "products:list", "product", (PartCode.PRODUCTS, Right.VIEW), order=60))
