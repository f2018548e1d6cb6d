"""One proof of a second factor, told to everybody at the same moment: to the database, whose doors ask it, and to
django-otp, which answers `user.is_verified()`.
"""

from typing import Any

import django_otp
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import authentication_step_completed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from companies.factors import alarms, menu
from companies.factors.telling import tell
from companies.models import SecondFactor
from companies.security_log import tell as log_event
from companies.signing import ask
from companies.signins import enter_login, sign_in, verify_sign_in

# What must be registered: the session's row is made before ours verifies it; the handlers of our mails; our menu.
BEFORE = (sign_in, alarms.tell_lost, menu)


@receiver(user_logged_in, dispatch_uid="companies.factor_at_login")
def verify_login(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    """A login that proved a factor on its way in is verified from its first page on."""
    proved = [record for record in get_authentication_records(request, user) if record["method"] == "mfa"]
    if proved:
        mark(request, user, proved[-1]["id"])


@receiver(authentication_step_completed, dispatch_uid="companies.factor_again")
def verify_again(sender: Any, request: HttpRequest, user: Any, method: str, **details: Any) -> None:
    """Somebody who is in proved himself again: his session goes on under a new key, by a factor verified now."""
    if request.user.is_authenticated:
        request.session.cycle_key()
        if method == "mfa":
            mark(request, user, details["id"])


def mark(request: HttpRequest, user: Any, authenticator_id: int) -> None:
    """Verify the session. A recovery code opens doors, but it is no device: a new factor should follow."""
    factor = Authenticator.objects.filter(pk=authenticator_id, user=user).first()
    if factor is None:
        return
    verify_sign_in(request, factor.type)
    log_event("factor.proved", request, user_id=user.pk, factor=factor.type)
    ask("SELECT sec.cancel_my_factor_reset()", [])
    if factor.type != Authenticator.Type.RECOVERY_CODES:
        device, _new = SecondFactor.objects.get_or_create(
            authenticator=factor, defaults={"user": user, "name": factor.type}
        )
        django_otp.login(request, device)


@receiver([authenticator_added, authenticator_removed, authenticator_reset], dispatch_uid="companies.factor_changed")
def changed(sender: Any, signal: Any, request: HttpRequest, user: Any, authenticator: Authenticator, **_: Any) -> None:
    """A changed factor ends every other session of the login, and is told to him and in his companies' trails."""
    what = {authenticator_added: "added", authenticator_removed: "removed"}.get(signal, "added")
    with transaction.atomic():
        enter_login(user.pk)
        ask("SELECT sec.sign_out_others(%s)", [request.session.session_key or ""])
        tell(user, f"{authenticator.type}.{what}")
