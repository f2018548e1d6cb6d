from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from companies.trail import sentence


@sentence("application.submitted")
def submitted(details: Mapping[str, Any]) -> str:
    return _("Application %(number)s submitted") % details


@sentence("application.link_mailed")
def link_mailed(details: Mapping[str, Any]) -> str:
    return _("Address to continue the application mailed")


@sentence("application.draft_removed")
def draft_removed(details: Mapping[str, Any]) -> str:
    return _("Application in the making removed: its address had ended")
