from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from common.formats import day
from companies.trail import sentence


@sentence("quotation.made")
def made(details: Mapping[str, Any]) -> str:
    until = day(date.fromisoformat(details["until"]))
    return _("Quotation %(number)s made, valid until %(until)s") % {**details, "until": until}


@sentence("quotation.sent")
def sent(details: Mapping[str, Any]) -> str:
    return _("Quotation %(number)s sent with its papers") % details


@sentence("quotation.ordered")
def ordered(details: Mapping[str, Any]) -> str:
    return _("Quotation %(number)s ordered by the customer") % details


@sentence("quotation.expired")
def expired(details: Mapping[str, Any]) -> str:
    until = day(date.fromisoformat(details["until"]))
    return _("Quotation %(number)s has expired; its last day was %(until)s") % {**details, "until": until}
