"""The second factor: codes of an authenticator, each taken once, whatever it is for (threats A16).

allauth.mfa holds the factors; which step of an authenticator was used stands in the database and not in a cache, so
that a code can't come back with an emptied cache. Tries are counted in Valkey; where they can't be, no code is taken.
"""

import time

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.utils.translation import gettext_lazy as _

from common.errors import BusinessError
from companies.limits import Limit, forget, may_try
from companies.models import User
from companies.signing import ask

TRIES = Limit("factor", 5, 300)
REMEMBERED = 10  # steps back in which a code is still known as one that is over


class CodeError(BusinessError):
    """A code that isn't taken: `wrong`, `old`, `used`, or `locked` after five of them."""


def use_code(user: User, code: str) -> int:
    """Take the code that the authenticator of this login, who stands in the context, shows now; its 30-second step.

    Raises CodeError: wrong, old (over), used (taken before, for whatever) or locked (five tries, then five minutes).
    """
    check_tries(user)
    step = step_of(user, code)
    if not ask("SELECT sec.use_step(%s, %s)", [user.pk, step])[0][0]:
        raise CodeError(
            _("That code was used already. Wait for the next one, about %(seconds)s seconds."),
            code="used",
            field="code",
            params={"seconds": app_settings.TOTP_PERIOD - int(time.time()) % app_settings.TOTP_PERIOD},
        )
    forget(TRIES, str(user.pk))
    return step


def check_tries(user: User) -> None:
    """Count one try at this login's codes; CodeError `locked` after five, or if it can't be counted."""
    if not may_try(TRIES, str(user.pk)):
        raise CodeError(
            _("Five codes in a row were wrong. Wait five minutes, then try the one your phone shows."),
            code="locked",
            field="code",
        )


def step_of(user: User, code: str) -> int:
    """The step to which a code belongs: the present one. CodeError `old` for one that is over, `wrong` for others."""
    secrets = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).values_list("data__secret")
    return step_by_secret(decrypt(secrets[0][0]), code) if secrets else wrong()


def step_by_secret(secret: str, code: str) -> int:
    """The present step, if this is its code by the secret; CodeError as `step_of`."""
    now = int(time.time()) // app_settings.TOTP_PERIOD
    for step in range(now, now - REMEMBERED - 1, -1):
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return now if step == now else over()
    return wrong()


def over() -> int:
    raise CodeError(_("That code is over. Type the one your phone shows now."), code="old", field="code")


def wrong() -> int:
    raise CodeError(
        _("That isn't the code your phone shows now. Look for Polisdesk in your authenticator."),
        code="wrong",
        field="code",
    )
