from companies.jobs import handles
from companies.models import Invitation, Job
from companies.services.invitations import MAIL
from companies.tries import PATIENT
from correspondence import windows
from correspondence.models import Message
from correspondence.services.invitations import send_invitation
from correspondence.services.mail import SEND, send


@handles(SEND, tries=PATIENT, prepared=True)
def send_message(job: Job) -> None:
    """Send one message. If the worker dies after the server's yes and before the commit, it goes out again under the
    same Message-ID.
    """
    send(message=Message.objects.select_related("link").get(pk=job.ids["message"]), company=job.company)


@handles(MAIL, tries=PATIENT)
def mail_invitation(job: Job) -> None:
    """Mail an invitation's secret, unless it was called back or taken meanwhile."""
    rows = Invitation.objects.filter(taken_at=None, revoked_at=None).select_related("invited_by__user")
    if invitation := rows.filter(pk=job.ids["invitation"]).first():
        send_invitation(invitation=invitation, company=job.company)


__all__ = ["send_message", "windows"]  # windows registers the mails about the computing centre
