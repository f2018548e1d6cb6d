from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from companies.trail import sentence
from relations.models import RoleCode


@sentence("party.registered")
def registered(details: Mapping[str, Any]) -> str:
    return _("Customer registered as %(number)s") % details


@sentence("party.change_proposed")
def proposed(details: Mapping[str, Any]) -> str:
    return _("The application says something else of %(number)s: waits for a decision") % details


@sentence("adviser.appointed")
def appointed(details: Mapping[str, Any]) -> str:
    return _("Appointed as adviser, code %(code)s") % details


@sentence("adviser.suspended")
def suspended(details: Mapping[str, Any]) -> str:
    return _("Appointment %(code)s suspended") % details


@sentence("folder.invited")
def folder_invited(details: Mapping[str, Any]) -> str:
    return _("Invited to the client folder")


@sentence("folder.enabled")
def folder_enabled(details: Mapping[str, Any]) -> str:
    return _("Let into the client folder again")


@sentence("folder.disabled")
def folder_disabled(details: Mapping[str, Any]) -> str:
    return _("Shut out of the client folder")


@sentence("role.given")
def role_given(details: Mapping[str, Any]) -> str:
    return _("Taken in as %(role)s") % {"role": RoleCode(details["role"]).label}


@sentence("party.merged")
def merged(details: Mapping[str, Any]) -> str:
    return _("%(number)s was the same party and is merged into this one") % details


@sentence("party.merged_into")
def merged_into(details: Mapping[str, Any]) -> str:
    return _("Merged into %(number)s, which is the same party") % details


@sentence("party.unmerged")
def unmerged(details: Mapping[str, Any]) -> str:
    return _("The merge with %(number)s was undone") % details
