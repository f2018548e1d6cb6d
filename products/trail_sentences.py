from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from companies.trail import sentence
from products.states import VersionState


@sentence("product.drafted")
def drafted(details: Mapping[str, Any]) -> str:
    return _("Version %(number)s drafted") % details


@sentence("product.rules_changed")
def rules_changed(details: Mapping[str, Any]) -> str:
    return _("Acceptance rule %(rule)s changed in version %(number)s") % details


def moved(state: VersionState) -> None:
    """The sentence of one step of a version's life."""

    @sentence(f"product.{state.value}")
    def told(details: Mapping[str, Any]) -> str:
        return _("Version %(number)s: %(state)s") % {"number": details["number"], "state": state.label}


for each in VersionState:
    moved(each)
