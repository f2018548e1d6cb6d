"""Logins with an authenticator, and the codes it shows."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction

from companies.models import User
from companies.signins import enter_login
from tests.conftest import role_connection

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PERIOD = 30


def with_authenticator(user: User, secret: str = SECRET) -> Authenticator:
    """The login gets an authenticator with a known secret."""
    with transaction.atomic():
        enter_login(user.pk)
        return TOTP.activate(user, secret).instance


def code_of(user: User, *, steps: int = 0) -> str:
    """What the login's authenticator shows now, or showed so many steps of 30 seconds away from now."""
    wait_for_room()
    secret = decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"])
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + steps))


def wait_for_room(seconds: float = 3) -> None:
    """A code read now is still the code when it is typed: near the end of a step the next one is waited for."""
    left = PERIOD - time.time() % PERIOD
    if left < seconds:
        time.sleep(left + 0.05)


def another_code(user: User) -> str:
    """Six digits that are the code of no step near now."""
    near = {code_of(user, steps=step) for step in range(-11, 3)}
    return next(code for code in (f"{number:06}" for number in range(100)) if code not in near)


def code_by(secret: str) -> str:
    """The code of a secret now."""
    wait_for_room()
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD))


def next_step() -> None:
    """Half a minute later, without waiting for it: no step counts as used. For tests that commit."""
    with role_connection("bo_owner") as owner:
        owner.execute("delete from companies_usedstep")
