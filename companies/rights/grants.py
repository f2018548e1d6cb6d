"""Who holds which protocol: given and taken by an administrator, never by oneself (S2-05, S2-23)."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.doors import Door
from companies.models import Grant, Membership, Protocol
from companies.rights.protocols import check_writes_rights
from companies.security_log import refused
from companies.trail import record


def check_another(membership: Membership, actor: Actor) -> None:
    """Refuse what one would do to one's own rights; the database refuses it too."""
    check_writes_rights(actor)
    if membership.user_id == actor.user_id:
        refused(actor, "own_rights")
        raise BusinessError(_("Nobody changes his own rights. Ask another administrator."), code="own_rights")


@step
def give_protocol(*, protocol: Protocol, membership: Membership, actor: Actor, on: date) -> Grant:
    """Give a protocol to an employee; it bites on his next request (S2-05). One he has already stays given as it was.

    The database adds him to the protocol's group in the same statement. Raises BusinessError for another door's login,
    for oneself, and for a retired protocol.
    """
    check_another(membership, actor)
    if membership.door != Door.OFFICE:
        raise BusinessError(_("A protocol is for employees; this login comes by another door."))
    if protocol.retired_at is not None:
        raise BusinessError(_("The protocol “%(name)s” is retired."), params={"name": protocol.name}, code="retired")
    giver = actor.membership_id if actor.door == Door.OFFICE else None
    grant, new = Grant.objects.get_or_create(
        membership=membership, protocol=protocol, taken_at=None, defaults={"given_by_id": giver}
    )
    if new:
        record(membership, "protocol.given", actor=actor, on=on, protocol=protocol.name)
    return grant


@step
def take_protocol(*, protocol: Protocol, membership: Membership, actor: Actor, on: date) -> None:
    """Take a protocol from an employee; it bites on his next request. One he hasn't is no error."""
    check_another(membership, actor)
    grant = (
        Grant.objects.select_for_update(of=("self",))
        .filter(membership=membership, protocol=protocol, taken_at=None)
        .first()
    )
    if grant is not None:
        grant.taken_by_id = actor.membership_id if actor.door == Door.OFFICE else None
        grant.taken_at = timezone.now()
        grant.save(update_fields=["taken_by", "taken_at"])
        record(membership, "protocol.taken", actor=actor, on=on, protocol=protocol.name)
