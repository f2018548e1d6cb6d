from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from companies.trail import sentence


@sentence("application.submitted")
def submitted(details: Mapping[str, Any]) -> str:
    filler, declared = details.get("filled_in_by", "visitor"), details.get("declared_by", "visitor")
    if filler == "employee":
        return _("Application %(number)s submitted, filled in by an employee on behalf of the client") % details
    if filler == "adviser" and declared == "adviser":
        return _("Application %(number)s submitted, filled in by the adviser on behalf of the client") % details
    if filler == "adviser":
        return _("Application %(number)s submitted, filled in by the adviser, declared by the client") % details
    return _("Application %(number)s submitted") % details


@sentence("application.link_mailed")
def link_mailed(details: Mapping[str, Any]) -> str:
    return _("Address to continue the application mailed")


@sentence("draft.opened")
def opened(details: Mapping[str, Any]) -> str:
    return _("Application begun by hand in the office")


@sentence("draft.read")
def read(details: Mapping[str, Any]) -> str:
    return _("Unsent application opened and read")


@sentence("draft.handed_over")
def handed_over(details: Mapping[str, Any]) -> str:
    return _("Application mailed to the client, to check and declare")


@sentence("draft.taken_over")
def taken_over(details: Mapping[str, Any]) -> str:
    return _("The office went on with the adviser's application")


@sentence("draft.discarded")
def discarded(details: Mapping[str, Any]) -> str:
    return _("Unsent application thrown away, its answers erased")


@sentence("application.draft_removed")
def draft_removed(details: Mapping[str, Any]) -> str:
    return _("Application in the making removed: its address had ended")


@sentence("draft.lapsed")
def lapsed(details: Mapping[str, Any]) -> str:
    return _("Unsent application erased: nobody changed it for %(days)s days") % details


@sentence("drafts.tidied")
def tidied(details: Mapping[str, Any]) -> str:
    return (
        _(
            "Never sent and removed: %(visitors)s applications of visitors, %(filled_in)s filled in for clients, "
            "%(files)s files"
        )
        % details
    )
