"""Who is in: a session that logged in has a row in the database, made, verified, moved and ended by its functions."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from companies.entrance import SignedIn
from companies.requests import client_address
from companies.sessions import hashed
from companies.signing import ask, prove


def session_key_of(request: HttpRequest) -> str:
    """The key of the request's session, which exists from now on."""
    if not request.session.session_key:
        request.session.create()
    return str(request.session.session_key)


# Under the name of Django's own receiver, whose place it takes: sec.sign_in writes down when somebody logged in.
@receiver(user_logged_in, dispatch_uid="update_last_login")
def sign_in(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    """A login begins: its row, with the address and the browser it came from; the context becomes this login."""
    key, idle, lifetime = session_key_of(request), settings.SESSION_IDLE, settings.SESSION_COOKIE_AGE
    issued, proof = prove("entrance", "sign-in", hashed(key), user.pk, idle, lifetime)
    agent = request.META.get("HTTP_USER_AGENT", "")[:200].replace("\0", "")
    ask(
        "SELECT sec.sign_in(%s, %s, %s, %s::inet, %s, %s, %s, %s, %s)",
        [key, user.pk, settings.PROCESS, client_address(request), agent, idle, lifetime, issued, proof],
    )
    enter_login(user.pk)


def enter_login(user_id: int) -> None:
    """From here until the transaction ends, what is a login's own may be changed: its password and its factors.

    For the steps of logging in and of a new password, which prove the person before a session does.
    """
    if transaction.get_connection().in_atomic_block:
        ask("SELECT sec.enter_login(%s, %s, %s)", [user_id, *prove("entrance", "login", user_id)])


def enter_account(request: HttpRequest) -> SignedIn | None:
    """The context of a login's own pages; None where the session ended meanwhile."""
    rows = ask(
        "SELECT verified_at, factor FROM sec.enter_account(%s, %s)",
        [request.session.session_key or "", request.user.pk],
    )
    return SignedIn(*rows[0]) if rows else None


def verify_sign_in(request: HttpRequest, factor: str) -> None:
    """The session proved a second factor just now."""
    key = session_key_of(request)
    ask("SELECT sec.verify_sign_in(%s, %s, %s, %s)", [key, factor, *prove("entrance", "verified", hashed(key), factor)])


@receiver([password_changed, password_reset], dispatch_uid="companies.end_other_sign_ins")
def end_others(sender: Any, request: HttpRequest, **_: Any) -> None:
    """A new password ends every other session of the login (S3-67)."""
    ask("SELECT sec.sign_out_others(%s)", [request.session.session_key or ""])


def to_second_factor(request: HttpRequest) -> HttpResponseRedirect:
    """Where somebody proves a second factor, or sets one up, before this door opens."""
    page = "mfa_reauthenticate" if is_mfa_enabled(request.user) else "mfa_activate_totp"
    return HttpResponseRedirect(f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}")
