from django.utils.translation import gettext_lazy as _

from companies.models import Founding, ModuleCode, PartCode, Right
from companies.navigation import Entry, add
from companies.open import Counted, holds

add(
    Entry("setup", _("Relations"), "relations:list", "people", (PartCode.RELATIONS, Right.VIEW), order=70),
    Entry(
        "administration",
        _("Companies"),
        "below:list",
        "shop",
        order=60,
        administrator=True,
        module=ModuleCode.COMPANIES,
    ),
)
holds(Counted(ModuleCode.COMPANIES, _("Companies"), lambda: Founding.objects.count()))
