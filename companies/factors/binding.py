"""Secrets of factors are bound to their login and kind: one that was laid into another row opens nothing there.

allauth locks and opens by `FactorAdapter` and doesn't say whose secret it is. So the lock is changed where a row is
written and read: in the table each secret lies under a key of its own login and kind, in memory under the common one.
"""

from contextlib import suppress
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.db.models.signals import post_init, post_save, pre_save
from django.dispatch import receiver

from companies.factors.secrets import box

LOCKED = {"secret", "seed"}  # of authenticators and of recovery codes


def boxes(row: Authenticator) -> tuple[Fernet, Fernet]:
    """The common lock, and the one of this login and kind."""
    return box(), box(f"{row.user_id}|{row.type}")


def relock(row: Authenticator, *, of: Fernet, to: Fernet) -> None:
    """Change the lock of a row's secrets; what this one didn't close stays as it is, and is refused when it is used."""
    for name in LOCKED & row.data.keys():
        with suppress(InvalidToken):
            row.data[name] = to.encrypt(of.decrypt(str(row.data[name]).encode())).decode()


@receiver(pre_save, sender=Authenticator, dispatch_uid="companies.factor_bound")
def bind(sender: Any, instance: Authenticator, **_: Any) -> None:
    common, own = boxes(instance)
    relock(instance, of=common, to=own)


@receiver(post_save, sender=Authenticator, dispatch_uid="companies.factor_saved")
def open_saved(sender: Any, instance: Authenticator, **_: Any) -> None:
    common, own = boxes(instance)
    relock(instance, of=own, to=common)


@receiver(post_init, sender=Authenticator, dispatch_uid="companies.factor_read")
def open_read(sender: Any, instance: Authenticator, **_: Any) -> None:
    """A row that comes from the table has a number already; a new one isn't bound yet."""
    if {"id", "user_id", "type", "data"} <= instance.__dict__.keys() and instance.pk is not None:
        open_saved(sender, instance)
