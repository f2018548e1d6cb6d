from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies.trail import sentence


@sentence("policy.issued")
def issued(details: Mapping[str, Any]) -> str:
    return _("Policy %(number)s issued") % details


@sentence("invoice.booked")
def booked(details: Mapping[str, Any]) -> str:
    if not details["entry"]:
        return _("Invoice %(number)s drawn over nothing, so that nothing was booked") % details
    return ngettext(
        "Invoice %(number)s booked as %(entry)s, in one instalment",
        "Invoice %(number)s booked as %(entry)s, in %(instalments)s instalments",
        details["instalments"],
    ) % details  # fmt: skip


@sentence("policy.sent")
def sent(details: Mapping[str, Any]) -> str:
    return _("Policy %(number)s and invoice sent with their papers") % details


@sentence("policy.imported")
def imported(details: Mapping[str, Any]) -> str:
    return _("Policy %(number)s taken over from the old system") % details


@sentence("policy.withdrawn")
def withdrawn(details: Mapping[str, Any]) -> str:
    return _("The customer withdrew from policy %(number)s") % details


@sentence("invoice.credited")
def credited(details: Mapping[str, Any]) -> str:
    return _("Invoice %(invoice)s credited by %(number)s") % details


@sentence("withdrawal.receipt")
def receipted(details: Mapping[str, Any]) -> str:
    return _("Receipt of the withdrawal from policy %(number)s sent") % details
