from django.utils.translation import gettext_lazy as _

from applications.models import Application, ApplicationState
from companies.models import PartCode, Right
from companies.navigation import Entry, add


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
