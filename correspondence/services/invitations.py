"""The mail of an invitation. The invitation itself is its record: no Case knows it, and its secret is in no table."""

from email.headerregistry import Address

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from common.formats import moment
from common.text import one_line
from companies.doors import Door
from companies.models import Company, Invitation
from companies.models.company import Profile
from companies.services.invitations import address_of

# What opens, as the invited person calls it.
WELCOME = {
    Door.OFFICE: lambda: _("You are invited to work in the office of %(company)s."),
    Door.ADVISERS: lambda: _("You are invited to the advisers’ extranet of %(company)s."),
    Door.FOLDER: lambda: _("You are invited to your own client folder at %(company)s."),
}


def send_invitation(*, invitation: Invitation, company: Company) -> None:
    """Mail the secret address to the invited person, in his language; a second time it is the same message."""
    profile = Profile.objects.first()
    language = invitation.language or company.language
    with translation.override(language):
        subject = _("Invitation of %(company)s") % {"company": company.name}
        body = words_of(invitation, company, profile)
    EmailMessage(
        subject=one_line(subject),
        body=body,
        from_email=str(Address(display_name=one_line(company.name), addr_spec=settings.DEFAULT_FROM_EMAIL)),
        to=[str(Address(display_name=one_line(invitation.name), addr_spec=invitation.email))],
        reply_to=[address] if profile and (address := profile.help_email or profile.email) else None,
        headers={
            "Message-ID": f"<invitation-{invitation.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": language,
        },
    ).send()


def words_of(invitation: Invitation, company: Company, profile: Profile | None) -> str:
    """The text of the mail in the active language."""
    host = str(invitation.invited_by.user) if invitation.invited_by else ""
    paragraphs = [
        _("Dear %(name)s,") % {"name": invitation.name} if invitation.name else _("Good day,"),
        WELCOME[Door(invitation.door)]() % {"company": company.name}
        + (" " + _("%(host)s invited you.") % {"host": host} if host else ""),
        _("Open this link and choose a password, or log in if you have a login with this e-mail address already:"),
        address_of(invitation),
        _("It works once, until %(moment)s.") % {"moment": moment(invitation.expires_at, company.time_zone)},
        _("If you don’t know %(company)s, do nothing: without you nothing comes into being.")
        % {"company": company.name},
    ]
    if profile and (ways := [way for way in (profile.help_phone, profile.help_email, profile.help_hours) if way]):
        paragraphs.append(_("Help: %(ways)s") % {"ways": ", ".join(ways)})
    return "\n\n".join([*paragraphs, company.name]) + "\n"
