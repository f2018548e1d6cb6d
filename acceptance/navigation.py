from django.utils.translation import gettext_lazy as _

from acceptance.models import Stage
from acceptance.selectors import waiting
from companies.models import PartCode, Right
from companies.navigation import Entry, add


def referred() -> int:
    """Applications that wait for an acceptor."""
    return waiting(Stage.REFERRAL).count()


add(
    Entry(
        "business",
        _("Acceptance"),
        "acceptance:list",
        "shield",
        (PartCode.ACCEPTANCE, Right.VIEW),
        order=20,
        count=referred,
    )
)
