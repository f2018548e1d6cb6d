from django.utils.translation import gettext_lazy as _

from applications.models import Application, ApplicationState
from applications.office_drafts import open_drafts
from companies.models import ModuleCode, PartCode, Right
from companies.navigation import Entry, add
from companies.open import Counted, holds, waits


def waiting() -> int:
    """Applications that wait for an acceptor or a quotation officer."""
    return Application.objects.filter(state__in=[ApplicationState.REFERRED, ApplicationState.SPECIAL]).count()


add(
    Entry(
        "business",
        _("Applications"),
        "applications:list",
        "file",
        (PartCode.APPLICATIONS, Right.VIEW),
        order=10,
        count=waiting,
    )
)
waits(
    Counted(ModuleCode.PRODUCTS, _("Applications that wait for a person"), waiting),
    Counted(ModuleCode.PRODUCTS, _("Applications in the making"), lambda: sum(row.number for row in open_drafts())),
)
holds(Counted(ModuleCode.PRODUCTS, _("Applications"), lambda: Application.objects.count()))
