from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from companies.doors import Door
from companies.models import Act, ModuleCode, PartCode, Right, Why
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


@sentence("protocol.created")
def protocol_created(details: Mapping[str, Any]) -> str:
    return _("Protocol “%(name)s” made") % details


@sentence("protocol.renamed")
def protocol_renamed(details: Mapping[str, Any]) -> str:
    return _("Protocol “%(before)s” renamed to “%(name)s”") % details


@sentence("protocol.changed")
def protocol_changed(details: Mapping[str, Any]) -> str:
    added, removed = (", ".join(label_of(code) for code in details[key]) for key in ("added", "removed"))
    if added and removed:
        return _("Added: %(added)s. Taken out: %(removed)s.") % {"added": added, "removed": removed}
    if added:
        return _("Added: %(added)s.") % {"added": added}
    return _("Taken out: %(removed)s.") % {"removed": removed}


@sentence("protocol.retired")
def protocol_retired(details: Mapping[str, Any]) -> str:
    return _("Protocol “%(name)s” retired") % details


@sentence("protocol.given")
def protocol_given(details: Mapping[str, Any]) -> str:
    return _("Protocol “%(protocol)s” given") % details


@sentence("protocol.taken")
def protocol_taken(details: Mapping[str, Any]) -> str:
    return _("Protocol “%(protocol)s” taken back") % details


@sentence("rights.confirmed")
def rights_confirmed(details: Mapping[str, Any]) -> str:
    return _("Rights confirmed as still right")


def label_of(code: str) -> str:
    """`policies:view` or an act as a reader calls it; a code that no longer exists shows itself."""
    part, _colon, right = code.partition(":")
    if part in PartCode.values and right in Right.values:
        return f"{PartCode(part).label}: {Right(right).label}"
    return str(Act(code).label) if code in Act.values else code


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


@sentence("invitation.written")
def invitation_written(details: Mapping[str, Any]) -> str:
    if details["administrator"]:
        return _("Invited as administrator")
    return _("Invited to the door “%(door)s”") % {"door": Door(details["door"]).label}


@sentence("invitation.called_back")
def invitation_called_back(details: Mapping[str, Any]) -> str:
    return _("Invitation called back")


@sentence("invitation.taken")
def invitation_taken(details: Mapping[str, Any]) -> str:
    return _("Invitation to the door “%(door)s” accepted") % {"door": Door(details["door"]).label}


@sentence("member.on")
def member_on(details: Mapping[str, Any]) -> str:
    return _("Login switched on")


@sentence("member.off")
def member_off(details: Mapping[str, Any]) -> str:
    return _("Login switched off")


@sentence("member.post_changed")
def member_post_changed(details: Mapping[str, Any]) -> str:
    return _("Post changed")


@sentence("member.administrator")
def member_administrator(details: Mapping[str, Any]) -> str:
    return _("Made administrator")


@sentence("member.no_administrator")
def member_no_administrator(details: Mapping[str, Any]) -> str:
    return _("Administrator no more")


@sentence("member.sessions_ended")
def member_sessions_ended(details: Mapping[str, Any]) -> str:
    return ngettext("%(sessions)s session ended", "%(sessions)s sessions ended", details["sessions"]) % details


@sentence("module.on")
def module_on(details: Mapping[str, Any]) -> str:
    return _("Module switched on: %(module)s") % {"module": ModuleCode(details["module"]).label}


@sentence("module.off")
def module_off(details: Mapping[str, Any]) -> str:
    return _("Module switched off: %(module)s") % {"module": ModuleCode(details["module"]).label}


PLAIN = {
    "company.handed_over": _lazy("From now on the company administers itself"),
    "import.started": _lazy("Import asked for"),
    "operator.founded": _lazy("Company founded by the computing centre"),
    "operator.invited": _lazy("Employee invited by the computing centre"),
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


@sentence("window.extended")
def window_extended(details: Mapping[str, Any]) -> str:
    return _("Window of the computing centre kept open for %(minutes)s minutes more") % details


@sentence("import.staged")
def import_staged(details: Mapping[str, Any]) -> str:
    return _("File with %(rows)s lines brought to be imported") % details


@sentence("import.done")
def import_done(details: Mapping[str, Any]) -> str:
    if details["reconciled"]:
        return _("%(rows)s lines imported, reconciled") % details
    return _("%(rows)s lines imported, not reconciled") % details


@sentence("import.stopped")
def import_stopped(details: Mapping[str, Any]) -> str:
    return str(Why(details["why"]).label)


@sentence("view.shared")
def view_shared(details: Mapping[str, Any]) -> str:
    return _("A view of a list shared")


@sentence("view.unshared")
def view_unshared(details: Mapping[str, Any]) -> str:
    return _("A view of a list taken back from the others")


@sentence("view.renamed")
def view_renamed(details: Mapping[str, Any]) -> str:
    return _("A shared view of a list renamed")


@sentence("view.removed")
def view_removed(details: Mapping[str, Any]) -> str:
    return _("A shared view of a list deleted")


@sentence("view.put_back")
def view_put_back(details: Mapping[str, Any]) -> str:
    return _("A shared view of a list put back")
