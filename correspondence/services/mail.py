"""Writing and sending mail. A message is written in the business transaction; a worker sends it (S0-17, S0-24)."""

import uuid
from collections.abc import Sequence
from datetime import date
from email.headerregistry import Address

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.db import step
from common.errors import BusinessError
from common.text import one_line
from companies.actor import Actor
from companies.jobs import Promise, enqueue, try_anew
from companies.links import case_address
from companies.models import Company, Link
from companies.models.company import Profile
from companies.trail import record
from correspondence.models import Addressee, Delivery, Enclosure, Message
from documents.models import Case, Document
from documents.store import fetch

SEND = "mail.send"
LONGEST_SUBJECT = 200  # a product may be called longer


def write(
    *,
    case: Case,
    key: str,
    addressee: Addressee,
    to: tuple[str, str],
    subject: str,
    body: str,
    documents: Sequence[Document],
    link: Link | None = None,
) -> Promise:
    """File one message to one addressee (name, e-mail) with its papers, in the language that is spoken, and promise its
    sending.

    `body` may hold {link}, the place of the secret address; it is put in only when the mail is sent, so that nobody who
    reads the file can order in the customer's name.
    """
    name, email = to
    message = Message.objects.create(
        case=case,
        key=key,
        addressee=addressee,
        to_email=email,
        to_name=one_line(name),
        subject=one_line(subject, LONGEST_SUBJECT),
        body=body,
        link=link,
        language=(get_language() or case.language)[:2],
        message_id=f"<{uuid.uuid4()}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>",
    )
    Enclosure.objects.bulk_create(
        [Enclosure(message=message, document=document, position=n) for n, document in enumerate(documents, 1)]
    )
    return enqueue(SEND, key=job_of(message), message=message.pk)


def job_of(message: Message) -> str:
    """The key of the job that sends a message."""
    return f"{SEND}:{message.pk}"


@step
def send_again(*, message: Message, actor: Actor, on: date) -> None:
    """Let a mail that the mail server didn't take be sent now, with the same words, papers and Message-ID; for 24 hours
    it is tried as if it were new. Raises BusinessError where it went out, or wasn't tried yet (S0-24).
    """
    if not try_anew(job_of(message)):
        raise BusinessError(_("This mail has gone out, or is being sent this moment."), code="not_stuck")
    record(message, "message.again", actor=actor, on=on, case_id=message.case_id)


def send(*, message: Message, company: Company) -> None:
    """Hand the message to the mail server; raises what the server says, and the job tries again later."""
    profile = Profile.objects.first()
    mail = EmailMessage(
        subject=message.subject,
        body=message.body.replace("{link}", case_address(company, message.link) if message.link else ""),
        from_email=str(Address(display_name=one_line(company.name), addr_spec=settings.DEFAULT_FROM_EMAIL)),
        to=[str(Address(display_name=message.to_name, addr_spec=message.to_email))],
        reply_to=[profile.email] if profile and profile.email else None,
        headers={
            "Message-ID": message.message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": message.language,
        },
    )
    for enclosure in message.enclosures.select_related("document__file").order_by("position"):
        mail.attach(enclosure.document.filename, fetch(enclosure.document.file), "application/pdf")
    mail.send()
    Delivery.objects.create(message=message)
