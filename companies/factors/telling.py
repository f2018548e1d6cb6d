"""Who is told of a changed second factor: its owner by mail, and the trail of each company he works for.

The change is made where no company is entered, so the database promises one job in each of them (`sec.tell_factor`).
"""

import logging
from collections.abc import Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from common.text import one_line
from companies.actor import KIND_AT, Actor
from companies.clock import today
from companies.doors import Door
from companies.jobs import company_of_scope, handles
from companies.models import Job, Membership, User
from companies.signing import ask
from companies.trail import record, sentence
from companies.tries import PATIENT

log = logging.getLogger("polisdesk.factors")
T = Authenticator.Type
MAILS = {  # templates/mfa/email, by what happened
    f"{T.TOTP}.added": "totp_activated",
    f"{T.TOTP}.removed": "totp_deactivated",
    f"{T.WEBAUTHN}.added": "webauthn_added",
    f"{T.WEBAUTHN}.removed": "webauthn_removed",
    f"{T.RECOVERY_CODES}.added": "recovery_codes_generated",
}


def tell(user: User, what: str) -> None:
    """Promise mail and trail of what happened to the factors of the login in the context; one without a company is
    mailed at once.
    """
    if what in MAILS and not ask("SELECT sec.tell_factor(%s)", [what])[0][0]:
        try:
            mail_change(user, what, key="once")
        except OSError as error:
            log.warning("The mail about %s to login %s didn't leave: %s", what, user.pk, type(error).__name__)


@handles("factor.changed", tries=PATIENT)
def told(job: Job) -> None:
    """Write the change into this company's trail; the mail goes by one of the companies."""
    membership = Membership.objects.select_related("user").get(pk=job.ids["membership"])
    door = Door(membership.door)
    actor = Actor(kind=KIND_AT[door], door=door, user_id=membership.user_id, membership_id=membership.pk)
    record(membership, "factor.changed", actor=actor, on=today(company_of_scope()), what=job.ids["what"])
    if job.ids["mail"]:
        mail_change(membership.user, job.ids["what"], key=str(job.ticket))


def mail_change(user: User, what: str, *, key: str) -> None:
    """Tell the owner in his language that his factors changed, so that he notices if it wasn't he."""
    with translation.override(user.language or settings.LANGUAGE_CODE):
        place = f"mfa/email/{MAILS[what]}"
        send(user, render_to_string(f"{place}_subject.txt"), render_to_string(f"{place}_message.txt"), key=key)


def send(user: User, subject: str, body: str, *, key: str) -> None:
    """One mail about a login to its owner; the same job gives the same Message-ID."""
    EmailMessage(
        subject=one_line(subject),
        body=body.strip() + "\n",
        to=[user.email],
        headers={
            "Message-ID": f"<factor.{key}.{user.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>",
            "Auto-Submitted": "auto-generated",
        },
    ).send()


@sentence("factor.changed")
def change_in_words(details: Mapping[str, Any]) -> str:
    what: str = details["what"]
    return {
        f"{T.TOTP}.added": _("Authenticator set up"),
        f"{T.TOTP}.removed": _("Authenticator taken off"),
        f"{T.WEBAUTHN}.added": _("Security key added"),
        f"{T.WEBAUTHN}.removed": _("Security key removed"),
        f"{T.RECOVERY_CODES}.added": _("Recovery codes made"),
    }.get(what, what)
