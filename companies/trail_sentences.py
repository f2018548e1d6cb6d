from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from companies.doors import Door
from companies.trail import Sentence, sentence


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


PLAIN = {
    "company.handed_over": _lazy("From now on the company administers itself"),
    "operator.founded": _lazy("Company founded by the computing centre"),
    "operator.invited": _lazy("Employee invited by the computing centre"),
    "operator.switched_on": _lazy("Login switched on by the computing centre"),
    "operator.switched_off": _lazy("Login switched off by the computing centre"),
    "operator.gave": _lazy("Protocol given by the computing centre"),
    "operator.took": _lazy("Protocol taken by the computing centre"),
    "window.asked": _lazy("Computing centre asked to look in"),
    "window.closed": _lazy("Window of the computing centre closed early"),
    "window.refused": _lazy("Window of the computing centre refused"),
}


def plain(text: "str | Promise") -> Sentence:
    """A sentence that tells no detail."""
    return lambda details: str(text)


for code, text in PLAIN.items():
    sentence(code)(plain(text))


@sentence("window.opened")
def window_opened(details: Mapping[str, Any]) -> str:
    return _("Window of the computing centre opened for %(minutes)s minutes") % details
