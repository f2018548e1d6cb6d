"""Security events, one line of JSON each: when (UTC), what, who, where from and where (docs/security-log.md).

Nothing secret and nobody's name: a login is its number, an address typed at a failed login a short hash, a path stands
without the secret of its link, a session as half of its hash.
"""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from companies.actor import Actor
from companies.logs import cut
from companies.middleware import ADDRESS
from companies.requests import client_address
from companies.sessions import hashed

log = logging.getLogger("polisdesk.security")
EVENTS = {  # what is logged, by its name
    "login.succeeded": "somebody logged in; `factor` tells by what: password, totp, webauthn, recovery_codes",
    "login.failed": "a password was wrong, or the login is switched off",
    "login.held_up": "too many tries: none was looked at",
    "logout": "somebody logged out, or his session was found ended",
    "factor.proved": "a second factor was proved; `factor` tells which",
    "factor.refused": "a code was wrong, old, used before, or locked; `reason` tells which",
    "factor.changed": "a second factor was added, removed or made anew; `factor`, `change`",
    "password.changed": "a password was changed, or set anew by a mailed link (`change`)",
    "access.refused": "a page or step was refused: no right (403), not there for him (404), not by this method (405)",
    "input.refused": "a request that none of our pages sends: another alphabet, too large, malformed (400, 413)",
    "limit.reached": "something was done more often than it may be (429)",
    "rule.refused": "a step on rights that the rules forbid this person; `reason` is the rule",
}
STATUS = {400: "input.refused", 413: "input.refused", 403: "access.refused", 404: "access.refused",
          405: "access.refused", 429: "limit.reached"}  # fmt: skip


def tell(event: str, request: HttpRequest | None = None, *, user_id: int | None = None, **details: str | int) -> None:
    """Write one event down; what a request doesn't tell stays away."""
    line: dict[str, Any] = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event}
    line |= {"process": settings.PROCESS} | (where(request) if request is not None else {})
    if user_id is not None:
        line["login"] = user_id
    log.info(json.dumps(line | details))


def where(request: HttpRequest) -> dict[str, Any]:
    """Who asked, from where, for what."""
    actor, user = getattr(request, "actor", None), getattr(request, "_cached_user", None)
    company = getattr(request, "company", None)
    session = getattr(request, "session", None)
    key = session.session_key if session is not None else None
    found = {
        "login": actor.user_id if actor is not None else getattr(user, "pk", None),
        "membership": getattr(actor, "membership_id", None),
        "link": getattr(actor, "link_id", None),
        "company": getattr(company, "pk", None),
        "session": hashed(key)[:20] if key else None,
        "address": client_address(request),
        "method": request.method,
        "path": cut(request.path)[:200],
    }
    return {name: value for name, value in found.items() if value is not None}


class SecurityLog:
    """Refusals, whoever refused: by the status of the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        event = STATUS.get(response.status_code)
        if event and (response.status_code != 404 or is_door(request)):
            tell(event, request, status=response.status_code)
        return response


def is_door(request: HttpRequest) -> bool:
    """Whether an address lies behind a door; elsewhere an unknown page is only a slip."""
    return bool(ADDRESS.match(request.path)) or request.path.startswith("/operator/")


def refused(actor: Actor, reason: str) -> None:
    """A rule on rights refused a step to this person."""
    tell("rule.refused", user_id=actor.user_id, door=actor.door.value, reason=reason)


@receiver(user_logged_in)
def logged_in(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    methods = [row.get("type", row["method"]) for row in request.session.get("account_authentication_methods", [])]
    tell("login.succeeded", request, user_id=user.pk, factor="+".join(methods) or "password")


@receiver(user_login_failed)
def login_failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    typed = str(credentials.get("email") or credentials.get("username") or "").strip().casefold()
    tell("login.failed", request, typed=sha256(f"{settings.SECRET_KEY}|{typed}".encode()).hexdigest()[:12])


@receiver(user_logged_out)
def logged_out(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    if user is not None:
        tell("logout", request, user_id=user.pk)


@receiver(password_changed)
def password_was_changed(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    tell("password.changed", request, user_id=user.pk, change="changed")


@receiver(password_reset)
def password_was_reset(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    tell("password.changed", request, user_id=user.pk, change="reset")


@receiver(authenticator_added)
def added(sender: Any, request: HttpRequest, user: Any, authenticator: Any, **_: Any) -> None:
    tell("factor.changed", request, user_id=user.pk, factor=authenticator.type, change="added")


@receiver(authenticator_removed)
def removed(sender: Any, request: HttpRequest, user: Any, authenticator: Any, **_: Any) -> None:
    tell("factor.changed", request, user_id=user.pk, factor=authenticator.type, change="removed")


@receiver(authenticator_reset)
def made_anew(sender: Any, request: HttpRequest, user: Any, authenticator: Any, **_: Any) -> None:
    tell("factor.changed", request, user_id=user.pk, factor=authenticator.type, change="made anew")
