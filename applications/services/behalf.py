"""An application in the making that an adviser or an employee fills in for a client (S0-05, S2-36).

The adviser's side runs at a public door: it writes the draft and knocks; the worker does what he asks for.
"""

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Draft, Upload
from applications.services.drafts import AlreadySubmitted, draft_for_update, hand_in
from common.db import step
from companies.actor import Actor, ActorKind
from companies.commands import stored
from companies.links import revoke_links
from companies.models import LinkKind
from companies.trail import record
from products.models import Channel, ProductVersion
from relations.models import Party

HAND_OVER, THROW_AWAY = "hand_over", "throw_away"
CHANNEL_OF = {ActorKind.ADVISER: Channel.ADVISER, ActorKind.EMPLOYEE: Channel.OFFICE}


@step
def open_draft_for(
    *,
    version: ProductVersion,
    adviser_id: int | None,
    known: Party | None = None,
    language: str,
    actor: Actor,
    on: date,
) -> Draft:
    """Open a Case with an empty draft that the actor fills in for a client; an adviser opens for himself only.

    The database refuses a version that isn't live, an adviser who isn't appointed for it, and a channel that is
    switched off (S2-36, S2-37).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.open_case_by_login(%s, %s, %s, %s)", [version.pk, language, adviser_id, on])
        (case_id,) = cursor.fetchone()
    draft = Draft.objects.create(
        case_id=case_id,
        version=version,
        channel=CHANNEL_OF[actor.kind],
        adviser_id=adviser_id,
        filled_in_by=actor.kind.value,
        membership_id=actor.membership_id,
        known=known,
    )
    if actor.kind == ActorKind.EMPLOYEE:
        record(draft, "draft.opened", actor=actor, on=on)
    return draft


def knock_about(case_id: int) -> Callable[..., int]:
    """How a login knocks about the Case of a draft that it fills in."""
    return partial(knock_by_login, case_id=case_id)


def knock_by_login(
    *, case_id: int, kind: str, command_id: uuid.UUID, payload: Mapping[str, Any], address: str | None
) -> int:
    """Store a command of the current membership with its job, once; its id. The same id with other content is
    refused.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT command, job, ticket FROM sec.knock_by_login(%s, %s, %s, %s, %s)",
            [kind, command_id, json.dumps(payload), address, case_id],
        )
        return stored(cursor.fetchone())


@step
def send_in(*, case_id: int, command_id: uuid.UUID, address: str | None, on: date) -> int:
    """Declare that the client gave these answers, and knock. Raises Incomplete, AlreadySubmitted."""
    return hand_in(case_id=case_id, command_id=command_id, address=address, on=on, by=knock_about(case_id))


@step
def note_reading(*, case_id: int, on: date) -> None:
    """Leave in the trail that the login which is in looked at a client's unsent application, once a day (GDPR art. 5).

    The database writes who it is, and nothing where the draft isn't one that the login may see.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.note_reading(%s, %s)", [case_id, on])


@step
def take_back(*, case_id: int) -> Draft:
    """The adviser goes on himself; until he hands over again the client's address shows that it waits for him."""
    draft = draft_for_update(case_id)
    draft.handed_over_at, draft.declared, draft.updated_at = None, False, timezone.now()
    draft.save(update_fields=["handed_over_at", "declared", "updated_at"])
    return draft


@step
def sign_for(*, case_id: int, actor: Actor) -> None:
    """Whoever of the office writes next is who fills in."""
    Draft.objects.filter(case=case_id, filled_in_by=ActorKind.EMPLOYEE).update(membership=actor.membership_id)


@step
def take_over(*, case_id: int, actor: Actor, on: date) -> Draft:
    """The office goes on with an adviser's draft; it stays attributed to him, and the client's address is closed."""
    draft = unsent(case_id)
    revoke_links(case_id=case_id, kind=LinkKind.APPLICATION)
    draft.filled_in_by, draft.channel, draft.membership_id = ActorKind.EMPLOYEE, Channel.OFFICE, actor.membership_id
    draft.handed_over_at, draft.declared, draft.updated_at = None, False, timezone.now()
    draft.save(update_fields=["filled_in_by", "channel", "membership_id", "handed_over_at", "declared", "updated_at"])
    record(draft, "draft.taken_over", actor=actor, on=on)
    return draft


@step
def throw_away(*, case_id: int, actor: Actor, on: date) -> Draft:
    """Erase an unsent application; the empty row stays as the mark that it was thrown away. Its links are closed."""
    draft = unsent(case_id)
    erase(draft)
    record(draft, "draft.discarded", actor=actor, on=on)
    return draft


def erase(draft: Draft) -> None:
    """Empty a locked draft and close its links; the worker removes its files."""
    revoke_links(case_id=draft.case_id, kind=LinkKind.APPLICATION)
    Upload.objects.filter(case=draft.case_id, removed_at=None).update(removed_at=timezone.now())
    draft.answers, draft.parties, draft.unfinished, draft.declared, draft.handed_over_at = {}, {}, {}, False, None
    draft.discarded_at = draft.updated_at = timezone.now()
    emptied = ["answers", "parties", "unfinished", "declared", "handed_over_at"]
    draft.save(update_fields=[*emptied, "discarded_at", "updated_at"])


def unsent(case_id: int) -> Draft:
    """Lock a draft that somebody fills in for a client and that nobody has sent in or thrown away."""
    draft = draft_for_update(case_id)
    if draft.discarded_at is not None:
        raise AlreadySubmitted(_("This application was thrown away."))
    return draft
