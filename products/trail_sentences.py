from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from companies.trail import sentence
from products.models import Channel, PaperKind
from products.states import VersionState


@sentence("product.drafted")
def drafted(details: Mapping[str, Any]) -> str:
    return _("Version %(number)s drafted") % details


@sentence("product.rules_changed")
def rules_changed(details: Mapping[str, Any]) -> str:
    return _("Acceptance rule %(rule)s changed in version %(number)s") % details


def paper(details: Mapping[str, Any]) -> dict[str, Any]:
    """A paper as its sentence names it."""
    return {**details, "kind": PaperKind(details["kind"]).label}


@sentence("product.paper_added")
def paper_added(details: Mapping[str, Any]) -> str:
    return _("%(kind)s (%(language)s) added to version %(number)s") % paper(details)


@sentence("product.paper_removed")
def paper_removed(details: Mapping[str, Any]) -> str:
    return _("%(kind)s (%(language)s) taken out of version %(number)s") % paper(details)


def moved(state: VersionState) -> None:
    """The sentence of one step of a version's life."""

    @sentence(f"product.{state.value}")
    def told(details: Mapping[str, Any]) -> str:
        return _("Version %(number)s: %(state)s") % {"number": details["number"], "state": state.label}


for each in VersionState:
    moved(each)


def way(details: Mapping[str, Any]) -> str:
    """The channel, or the distributor by his code."""
    channel = str(Channel(details["channel"]).label)
    return f"{channel}, {details['distributor']}" if details.get("distributor") else channel


@sentence("product.channel_on")
def channel_on(details: Mapping[str, Any]) -> str:
    return _("Switched on: %(way)s") % {"way": way(details)}


@sentence("product.channel_off")
def channel_off(details: Mapping[str, Any]) -> str:
    return _("Switched off: %(way)s") % {"way": way(details)}
