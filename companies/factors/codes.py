"""Codes: each is taken once, whatever it is for, and five tries lock for a while (threats A16).

Which step of an authenticator was used stands in the database and not in a cache, so that a code can't come back with
an emptied cache. Tries are counted in Valkey; where they can't be, no code is taken.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from allauth.core.internal.cryptokit import compare_user_code, normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.utils.translation import gettext_lazy as _

from common.errors import BusinessError
from companies.limits import Limit, forget, may_try
from companies.models import User
from companies.security_log import tell
from companies.signing import ask

TRIES = Limit("factor", 5, 300)
REMEMBERED = 10  # steps back in which a code is still known as one that is over


class CodeError(BusinessError):
    """A code that isn't taken: `wrong`, `old`, `used`, or `locked` after five of them."""


def use_code(user: User, code: str) -> int:
    """Take the code that the authenticator of this login, who stands in the context, shows now; its 30-second step.

    Raises CodeError: wrong, old (over), used (taken before, for whatever) or locked (five tries, then five minutes).
    """
    held = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return use_code_of(user, decrypt(held.data["secret"]) if held else "", code)


def use_code_of(user: User, secret: str, code: str) -> int:
    """Take a code of this secret, which may be one that the login is only setting up; otherwise as `use_code`."""
    with refusals_told(user):
        check_tries(user)
        step = step_of(secret, code)
        if not ask("SELECT sec.use_step(%s, %s)", [user.pk, step])[0][0]:
            raise CodeError(
                _("That code was used already. Wait for the next one, about %(seconds)s seconds."),
                code="used",
                field="code",
                params={"seconds": app_settings.TOTP_PERIOD - int(time.time()) % app_settings.TOTP_PERIOD},
            )
    forget(TRIES, str(user.pk))
    return step


def take_code(user: User, code: str) -> Authenticator:
    """Take what somebody typed where both will do: a code of his authenticator, or one of his recovery codes.

    The factor it belongs to. Raises CodeError as `use_code`; a recovery code works once too.
    """
    if len(normalize_user_code(code)) == app_settings.TOTP_DIGITS:
        use_code(user, code)
        return Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    with refusals_told(user):
        check_tries(user)
        codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
        if codes is None or not codes.wrap().validate_code(code):
            raise wrong()
    forget(TRIES, str(user.pk))
    return codes


@contextmanager
def refusals_told(user: User) -> Iterator[None]:
    """A code that isn't taken is an event of the security log; the code itself is written nowhere."""
    try:
        yield
    except CodeError as error:
        tell("factor.refused", user_id=user.pk, reason=error.code)
        raise


def check_tries(user: User) -> None:
    """Count one try at this login's codes; CodeError `locked` after five, or if it can't be counted."""
    if not may_try(TRIES, str(user.pk)):
        raise CodeError(
            _("Five codes in a row were wrong. Wait five minutes, then try the one your phone shows."),
            code="locked",
            field="code",
        )


def step_of(secret: str, code: str) -> int:
    """The present 30-second step, if this is its code; CodeError `old` for one that is over, `wrong` for others."""
    now = int(time.time()) // app_settings.TOTP_PERIOD
    for step in range(now, now - REMEMBERED - 1, -1) if secret else ():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            if step < now:
                raise CodeError(_("That code is over. Type the one your phone shows now."), code="old", field="code")
            return step
    raise wrong()


def code_now(authenticator: Authenticator) -> str:
    """What an authenticator shows now, for the pages of a demo."""
    step = int(time.time()) // app_settings.TOTP_PERIOD
    return str(format_hotp_value(hotp_value(decrypt(authenticator.data["secret"]), step)))


def wrong() -> CodeError:
    """What was typed is nobody's code."""
    return CodeError(
        _("That isn't the code your phone shows now, nor an unused recovery code."), code="wrong", field="code"
    )
