from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.formats import amount
from companies.trail import sentence


@sentence("ledger.reversed")
def reversed_(details: Mapping[str, Any]) -> str:
    return _("Entry reversed by %(number)s") % details


@sentence("ledger.allocated")
def allocated(details: Mapping[str, Any]) -> str:
    told = {"count": details["count"], "amount": amount(Decimal(details["amount"]))}
    if told["amount"].startswith("\u2212"):
        return (
            ngettext(
                "%(amount)s taken back from %(count)s match",
                "%(amount)s taken back from %(count)s matches",
                details["count"],
            )
            % told
        )
    return (
        ngettext(
            "%(amount)s matched with %(count)s open item",
            "%(amount)s matched with %(count)s open items",
            details["count"],
        )
        % told
    )
