from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from acceptance.models import Outcome
from companies.trail import sentence


@sentence("application.assessed")
def assessed(details: Mapping[str, Any]) -> str:
    outcome = Outcome(details["outcome"]).label
    if details.get("rules"):
        return _("Assessed: %(outcome)s, by %(rules)s") % {"outcome": outcome, "rules": ", ".join(details["rules"])}
    return _("Assessed: %(outcome)s, no rule stands against it") % {"outcome": outcome}


@sentence("decision.signed")
def signed(details: Mapping[str, Any]) -> str:
    if details["verdict"] == "decline":
        return _("Refusal confirmed after a review") if details["stage"] == "review" else _("Declined by a person")
    if details["stage"] == "review":
        return _("Refusal overturned: accepted after a review")
    if details.get("answers"):
        return _("Accepted by a person, who set %(names)s") % {"names": ", ".join(details["answers"])}
    if not details["terms"]:
        return _("Accepted as asked by a person")
    return ngettext("Accepted with %(terms)s term", "Accepted with %(terms)s terms", details["terms"]) % details


@sentence("decision.proposed")
def proposed(details: Mapping[str, Any]) -> str:
    if details["verdict"] == "decline":
        return _("Refusal proposed; it needs “%(authority)s” and a second signature") % details
    return _("Acceptance proposed; it needs “%(authority)s” and a second signature") % details


@sentence("decision.countersigned")
def countersigned(details: Mapping[str, Any]) -> str:
    return _("Refusal countersigned") if details["verdict"] == "decline" else _("Acceptance countersigned")


@sentence("decision.returned")
def returned(details: Mapping[str, Any]) -> str:
    return _("Proposal returned by the second reader; the application waits again")


@sentence("decision.letter")
def letter(details: Mapping[str, Any]) -> str:
    return _("Letter on the refusal of %(number)s sent") % details


@sentence("review.asked")
def asked(details: Mapping[str, Any]) -> str:
    return _("The customer asks that a person looks at the refusal of %(number)s") % details


@sentence("application.taken")
def taken(details: Mapping[str, Any]) -> str:
    return _("Application %(number)s taken on") % details


@sentence("application.given_back")
def given_back(details: Mapping[str, Any]) -> str:
    return _("Application %(number)s given back for everybody") % details
