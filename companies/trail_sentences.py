from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from companies.doors import Door
from companies.trail import sentence


@sentence("company.founded")
def founded(details: Mapping[str, Any]) -> str:
    return _("Company set up")


@sentence("company.profile_changed")
def profile_changed(details: Mapping[str, Any]) -> str:
    return _("Letterhead changed")


@sentence("member.added")
def member_added(details: Mapping[str, Any]) -> str:
    return _("Login added at the door “%(door)s”") % {"door": Door(details["door"]).label}


@sentence("company.rehearsal_day")
def rehearsal_day(details: Mapping[str, Any]) -> str:
    return _("The rehearsal stands on %(day)s") % details


@sentence("website.allowed")
def website_allowed(details: Mapping[str, Any]) -> str:
    return _("Front office may stand on %(origin)s") % details


@sentence("website.forbidden")
def website_forbidden(details: Mapping[str, Any]) -> str:
    return _("Front office may not stand on %(origin)s any more") % details


@sentence("company.asked_for")
def asked_for(details: Mapping[str, Any]) -> str:
    return _("Asked for a company of its own, address %(slug)s") % details


@sentence("company.founded_below")
def founded_below(details: Mapping[str, Any]) -> str:
    return _("Company %(slug)s set up") % details


@sentence("company.founded_from_above")
def founded_from_above(details: Mapping[str, Any]) -> str:
    return _("Set up by %(slug)s") % details


@sentence("company.first_invited")
def first_invited(details: Mapping[str, Any]) -> str:
    return _("First administrator of %(slug)s invited") % details


@sentence("invitation.sent")
def invitation_sent(details: Mapping[str, Any]) -> str:
    return _("Invited by mail")
