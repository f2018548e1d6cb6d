"""A forgotten password: the page keeps the address and asks nothing about it; a worker mails a link to a known one,
and to an unknown one that it has no login. So both are answered by the same work (threats A18).
"""

import logging
from functools import partial
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm, default_token_generator
from allauth.account.utils import filter_users_by_email, user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from common.text import one_line
from companies.models import User
from companies.signing import ask, prove

log = logging.getLogger("polisdesk.resets")
MOST = 100  # that one sweep wakes


class ResetForm(ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    def clean_email(self) -> str:
        """The address as it was typed; whether it has a login isn't looked up here."""
        return str(get_adapter().clean_email(self.cleaned_data["email"].lower()))

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Promise the mail."""
        email: str = self.cleaned_data["email"]
        ask_reset(email=email, language=translation.get_language() or settings.LANGUAGE_CODE)
        return email


def ask_reset(*, email: str, language: str) -> UUID:
    """Promise a mail to the address; the link in it leads to the process that was asked."""
    words = (email, language[:2], settings.PROCESS)
    ((ticket,),) = ask("SELECT sec.ask_reset(%s, %s, %s, %s, %s)", [*words, *prove("entrance", "forgotten", *words)])
    transaction.on_commit(partial(wake, [ticket]), robust=True)
    return UUID(str(ticket))


def wake(tickets: list[UUID]) -> None:
    """Tell a worker; a broker that doesn't answer loses nothing: the sweeper finds the rows."""
    from companies.tasks import mail_reset

    for ticket in tickets:
        try:
            mail_reset.apply_async(args=(str(ticket),), queue="single")
        except Exception:
            log.warning("The broker can't be reached; the sweeper will find the mail.")
            return


def sweep_resets() -> int:
    """Wake what waits; what was asked an hour ago is dropped. How many mails were woken."""
    rows = ask("SELECT ticket FROM sec.open_resets(%s, %s, %s)", [MOST, *prove("service", "forgotten")])
    wake([ticket for (ticket,) in rows])
    return len(rows)


def send_reset(ticket: UUID) -> bool:
    """Mail what was promised, once; False where another worker has it. A mail that doesn't leave waits for the
    sweeper.
    """
    with transaction.atomic():
        rows = ask("SELECT * FROM sec.take_reset(%s, %s, %s)", [ticket, *prove("service", "forgotten", ticket)])
        for email, language, process in rows:
            mail_of(email=email, language=language, process=process, ticket=ticket).send()
    return bool(rows)


def mail_of(*, email: str, language: str, process: str, ticket: UUID) -> EmailMessage:
    """A link to a new password for a known address, else a word that there is no login; a second time the same."""
    user = login_of(email, process)
    name = "unknown_account" if user is None else "password_reset_key"
    context = {"email": email} if user is None else {"user": user, "password_reset_url": link_of(user, process)}
    with translation.override((user and user.language) or language):
        subject, body = (
            render_to_string(f"account/email/{name}_{part}.txt", context) for part in ("subject", "message")
        )
        spoken = translation.get_language()
    return EmailMessage(
        subject=one_line(subject),
        body=body.strip() + "\n",
        to=[email],
        headers={
            "Message-ID": f"<forgotten.{ticket}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": spoken,
        },
    )


def login_of(email: str, process: str) -> User | None:
    """The active login of an address; the operator's process knows its own people alone."""
    for user in filter_users_by_email(email, is_active=True, prefer_verified=True):
        if user.operator or process != "operator":
            return user  # type: ignore[no-any-return]
    return None


def link_of(user: User, process: str) -> str:
    """Where the new password is chosen: at the process that was asked."""
    base = {"public": settings.PUBLIC_URL, "operator": settings.OPERATOR_URL}.get(process, settings.OFFICE_URL)
    key = default_token_generator.make_token(user)
    place = {"uidb36": user_pk_to_url_str(user), "key": key}
    return base + reverse("account_reset_password_from_key", kwargs=place)
