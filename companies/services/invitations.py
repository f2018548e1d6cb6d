"""Invitations: a mailed secret by which a person gets a login at a door; nothing exists before he takes it (S1-30)."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.doors import PROCESS_OF, Door
from companies.jobs import enqueue
from companies.links import encoded, hash_of
from companies.models import Invitation, Membership, Protocol
from companies.signing import ask
from companies.trail import record

MAIL = "invitation.mail"
REFUSED = {
    "employee_of_one_company": gettext_lazy(
        "You work for another company here, and an employee belongs to one. Let its administrator switch your login "
        "off first, or ask for an invitation to another address of yours."
    ),
    "founder_without_membership": gettext_lazy(
        "Whoever works for the company that set this one up can’t be one of its people."
    ),
    "operator_without_membership": gettext_lazy("A login of the computing centre can’t be one of a company’s people."),
}


def secret_of(nonce: uuid.UUID) -> str:
    """The secret in an invitation's address: 43 characters, made from its nonce as links make theirs."""
    return encoded(salted_hmac("polisdesk.invitation", str(nonce), algorithm="sha256").digest())


def address_of(invitation: Invitation) -> str:
    """The whole address, as it stands in the mail: in the process that opens the door."""
    return base_of(Door(invitation.door)) + path_of(secret_of(invitation.nonce))


def base_of(door: Door) -> str:
    """The address of the process that opens a door."""
    return settings.OFFICE_URL if PROCESS_OF[door] == "office" else settings.PUBLIC_URL


def path_of(secret: str) -> str:
    """Where an invitation is taken."""
    return f"/accounts/invitation/{secret}/"


@step
def invite(
    *,
    email: str,
    name: str,
    language: str,
    door: Door,
    administrator: bool = False,
    post: str = "",
    protocols: Iterable[int] = (),
    party_id: int | None = None,
    actor: Actor,
    on: date,
) -> Invitation:
    """Invite a person to a door of the current company; a worker mails him the secret, which holds for
    `settings.INVITATION_DAYS` days.

    Whether the address has a login already is neither asked nor told. `protocols` are ids of the company's own. Raises
    BusinessError where he is at this door already, or an invitation for him is open.
    """
    address = email.strip().lower()
    check_new(address, door)
    nonce = uuid.uuid4()
    invitation = Invitation.objects.create(
        email=address,
        name=name,
        language=language,
        door=door,
        administrator=administrator,
        post=post,
        protocols=list(Protocol.objects.filter(pk__in=list(protocols)).order_by("pk").values_list("pk", flat=True)),
        party_id=party_id,
        nonce=nonce,
        token_hash=hash_of(secret_of(nonce)),
        invited_by_id=actor.membership_id,
        expires_at=timezone.now() + timedelta(days=settings.INVITATION_DAYS),
    )
    record(invitation, "invitation.written", actor=actor, on=on, door=door.value, administrator=administrator)
    enqueue(MAIL, key=f"{MAIL}:{invitation.pk}", invitation=invitation.pk)
    return invitation


def check_new(email: str, door: Door) -> None:
    """Raise BusinessError where the address is at the door already or has an open invitation to it; a lapsed one makes
    room.
    """
    member = Membership.objects.filter(user__email=email, door=door).first()
    if member is not None:
        message = (
            _("%(email)s has a login here already.")
            if member.on
            else _("%(email)s has a login here that is switched off. Switch it on instead.")
        )
        raise BusinessError(message, params={"email": email}, field="email", code="member")
    now = timezone.now()
    waiting = Invitation.objects.filter(email=email, door=door, taken_at=None, revoked_at=None)
    waiting.filter(expires_at__lte=now).update(revoked_at=now)
    if waiting.exists():
        raise BusinessError(
            _("%(email)s is invited already. Send that invitation again or call it back."),
            params={"email": email},
            field="email",
            code="invited",
        )


def open_invitations() -> list[Invitation]:
    """Invitations of the current company that nobody took or called back, lapsed ones too; newest first."""
    rows = Invitation.objects.filter(taken_at=None, revoked_at=None).select_related("invited_by__user")
    return list(rows.order_by("-recorded_at", "-pk"))


def open_for_update(invitation_id: int) -> Invitation:
    """The one way to lock an open invitation; Invitation.DoesNotExist where it was taken or called back meanwhile."""
    return (
        Invitation.objects.select_for_update(of=("self",)).filter(taken_at=None, revoked_at=None).get(pk=invitation_id)
    )


@step
def call_back(*, invitation_id: int, actor: Actor, on: date) -> Invitation:
    """Call an invitation back: its secret opens nothing any more."""
    invitation = open_for_update(invitation_id)
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    record(invitation, "invitation.called_back", actor=actor, on=on)
    return invitation


@step
def send_again(*, invitation_id: int, actor: Actor, on: date) -> Invitation:
    """Mail a new secret with a new term for the same invitation; the one sent before opens nothing any more."""
    was = call_back(invitation_id=invitation_id, actor=actor, on=on)
    return invite(
        email=was.email,
        name=was.name,
        language=was.language,
        door=Door(was.door),
        administrator=was.administrator,
        post=was.post,
        protocols=was.protocols,
        party_id=was.party_id,
        actor=actor,
        on=on,
    )


@dataclass(frozen=True, slots=True)
class Invited:
    """What the holder of a live secret reads of his invitation; `login` where the address has a login already."""

    company: str
    slug: str
    door: Door
    invited_by: str
    email: str
    name: str
    language: str
    administrator: bool
    login: int | None


def find_invitation(secret: str) -> Invited | None:
    """The open invitation of a secret; an unknown, expired, taken or called back one is None alike."""
    rows = ask(
        "SELECT company, slug, door, invited_by, email, name, language, administrator, login FROM sec.invitation(%s)",
        [secret],
    )
    if not rows:
        return None
    company, slug, door, invited_by, *rest = rows[0]
    return Invited(company, slug, Door(door), invited_by or "", *rest)


@step
def take_invitation(*, secret: str, name: str = "", language: str = "", password: str | None = None) -> int:
    """Take an invitation once: the database makes login (if there is none), membership and protocols; the login's id.

    Whoever has a login takes it as that login. Raises BusinessError where it can't be taken any more, or where the
    person can't be one of this company's people.
    """
    hashed = make_password(password) if password else None
    try:
        with transaction.atomic():
            ((login,),) = ask("SELECT sec.take_invitation(%s, %s, %s, %s)", [secret, name, language, hashed])
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if constraint not in REFUSED:
            raise
        raise BusinessError(REFUSED[constraint], code=constraint) from None
    if login is None:
        raise BusinessError(_("This invitation can’t be taken any more."), code="invitation_gone")
    return int(login)
