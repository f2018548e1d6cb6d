"""Inviting a person to a door of the current company: nothing exists before he takes it."""

import uuid
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import date, timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac

from common.db import step
from companies.actor import Actor
from companies.doors import Door
from companies.jobs import enqueue
from companies.links import hash_of
from companies.models import Invitation, Protocol
from companies.trail import record

INVITE = "invitation.send"
DAYS = 7


def secret_of(nonce: uuid.UUID) -> str:
    """The secret in an invitation's address: 43 characters."""
    digest = salted_hmac("polisdesk.invitation", str(nonce), algorithm="sha256").digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


@step
def invite(
    *,
    email: str,
    name: str,
    language: str,
    door: Door,
    administrator: bool = False,
    post: str = "",
    protocols: Iterable[Protocol] = (),
    party_id: int | None = None,
    actor: Actor,
    on: date,
) -> Invitation:
    """Write an invitation, which holds for seven days, and promise its mail (S1-30)."""
    nonce = uuid.uuid4()
    invitation = Invitation.objects.create(
        email=email.strip().lower(),
        name=name,
        language=language,
        door=door,
        administrator=administrator,
        post=post,
        protocols=[protocol.pk for protocol in protocols],
        party_id=party_id,
        nonce=nonce,
        token_hash=hash_of(secret_of(nonce)),
        invited_by_id=actor.membership_id,
        expires_at=timezone.now() + timedelta(days=DAYS),
    )
    record(invitation, "invitation.sent", actor=actor, on=on, door=door.value, administrator=administrator)
    enqueue(INVITE, key=f"{INVITE}:{invitation.pk}", invitation=invitation.pk)
    return invitation
