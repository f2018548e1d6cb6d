"""What the machine's work is called in the office, by the kind under which its room registered it."""

from django.utils.translation import gettext_lazy as _

JOB_NAMES = {
    "command.apply": _("Assess an application"),
    "command.ask_person": _("Take in that a person shall look at a refusal"),
    "command.hand_over": _("Hand an application over to the client"),
    "command.order": _("Carry out an order"),
    "command.save": _("Mail the address of an application"),
    "command.throw_away": _("Throw an application away"),
    "command.withdraw": _("Carry out a withdrawal"),
    "company.found": _("Found a company below"),
    "company.invite_first": _("Invite the first administrator of a company"),
    "decision.letter": _("Print and mail a refusal"),
    "factor.changed": _("Tell of a changed second factor"),
    "factor.lost": _("Tell that a second factor was lost"),
    "factor.reset": _("Tell that a second factor was reset"),
    "files.discard": _("Remove a file that nobody submitted"),
    "import.check": _("Check lines of an import"),
    "import.run": _("Carry out lines of an import"),
    "invitation.mail": _("Mail an invitation"),
    "mail.send": _("Send a mail"),
    "operator.furnish": _("Furnish a new company"),
    "operator.give": _("Give a protocol for the computing centre"),
    "operator.open_books": _("Open the books of a new company"),
    "operator.switch": _("Switch an employee on or off for the computing centre"),
    "operator.take": _("Take a protocol for the computing centre"),
    "policy.papers": _("Print and mail a policy"),
    "policy.withdrawn": _("Print and mail the receipt of a withdrawal"),
    "quotation.papers": _("Print and mail a quotation"),
    "quotation.release": _("Make a quotation by a person’s decision"),
    "window.asked": _("Tell that the computing centre asks for access"),
    "window.ended": _("Tell that an access of the computing centre ended"),
    "window.extended": _("Tell that an access of the computing centre was extended"),
    "window.opened": _("Tell that the computing centre has access"),
}


def job_name(kind: str) -> str:
    """The name of a kind of work in the reader's language; one that no room registers any more stands as it is."""
    return str(JOB_NAMES.get(kind, kind))


def kinds_called(words: str) -> list[str]:
    """The kinds in whose name the words stand, in the reader's language."""
    return [kind for kind in JOB_NAMES if words.lower() in job_name(kind).lower()]
