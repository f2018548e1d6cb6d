"""A lost second factor is never lifted silently: an administrator resets it, or, where nobody can, its owner waits."""

from datetime import date, datetime
from uuid import uuid4

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.jobs import enqueue
from companies.models import FactorReset, Membership, User
from companies.signing import ask, prove
from companies.signins import enter_login
from companies.trail import record

KEEP = Signer(salt="polisdesk.factors.keep")


@step
def reset_factor(*, membership_id: int, actor: Actor, on: date) -> Membership:
    """Take every second factor off the login of an employee, who then sets up a new one; his sessions end (S2-12).

    By an administrator who proved his own factor within five minutes, for somebody who works at this company alone.
    Raises BusinessError where the database refuses. The person and all administrators get a mail.
    """
    membership = Membership.objects.select_related("user").get(pk=membership_id)
    if membership.user_id == actor.user_id:
        raise BusinessError(_("Your own second factor is reset by another administrator."), code="own")
    try:
        with transaction.atomic():
            ask("SELECT sec.reset_factor(%s)", [membership.pk])
    except DatabaseError as error:
        raise BusinessError(
            _("This login is used at another company too, so no single company can reset its second factor. Its owner "
              "asks for a new one at the login and waits %(hours)s hours."),
            code="elsewhere",
            params={"hours": settings.FACTOR_WAIT // 3600},
        ) from error  # fmt: skip
    record(membership, "factor.reset", actor=actor, on=on)
    enqueue("factor.reset", key=f"factor.reset:{uuid4()}", membership=membership.pk, by=actor.membership_id)
    return membership


def find_reset(user: User) -> FactorReset | None:
    """The open request of the login in the context."""
    return FactorReset.objects.filter(user=user, cancelled_at=None, used_at=None).first()


def ask_reset(user: User) -> datetime:
    """Somebody whom no administrator can help asks for a new second factor; from when he may set it up.

    He gave his password just now. All administrators of his companies, and he, are told at once and each day. Raises
    BusinessError if an administrator can help.
    """
    try:
        with transaction.atomic():
            wait = settings.FACTOR_WAIT
            rows = ask("SELECT sec.ask_factor_reset(%s, %s, %s, %s)",
                       [user.pk, wait, *prove("entrance", "lost-factor", user.pk, wait)])  # fmt: skip
    except DatabaseError as error:
        raise BusinessError(_("An administrator of your company can reset it. Ask him."), code="helped") from error
    due: datetime = rows[0][0]
    return due


def take_reset(user: User) -> bool:
    """The waiting is over: the old factors go, once; false where it isn't, or the request was cancelled."""
    taken: bool = ask("SELECT sec.take_factor_reset(%s, %s, %s)", [user.pk, *prove("entrance", "new-factor", user.pk)])[
        0
    ][0]
    return taken


def has_helper(user: User) -> bool:
    """Whether an administrator other than the login itself can reset its factor."""
    enter_login(user.pk)
    return bool(ask("SELECT sec.has_helper()", [])[0][0])


def keep_address(reset: FactorReset) -> str:
    """The address in each mail by which a request is cancelled."""
    return settings.OFFICE_URL + reverse("factor_keep", args=[KEEP.sign(str(reset.pk))])


def keep_factor(token: str) -> bool:
    """Cancel the request that a mail told of; false where there is none any more."""
    try:
        reset_id = int(KEEP.unsign(token))
    except (BadSignature, ValueError):
        return False
    kept: bool = ask(
        "SELECT sec.cancel_factor_reset(%s, %s, %s)", [reset_id, *prove("entrance", "keep-factor", reset_id)]
    )[0][0]
    return kept
