"""The digital client folder of a customer: let in, and shut out (S1-14). It isn't automatic."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.doors import Door
from companies.models import Invitation, Membership
from companies.services.invitations import invite
from companies.trail import record
from relations.models import Party


@dataclass(frozen=True, slots=True)
class FolderState:
    """Whether a customer may enter his folder: `none`, `invited` (until when), `lapsed`, `on` or `off`."""

    state: str
    until: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is something to shut."""
        return self.state in {"on", "invited"}


def open_invitations(party_id: int) -> QuerySet[Invitation]:
    """What the customer hasn't taken yet and nobody called back, newest first."""
    rows = Invitation.objects.filter(party_id=party_id, door=Door.FOLDER, taken_at=None, revoked_at=None)
    return rows.order_by("-pk")


def folder_state(party: Party) -> FolderState:
    """Where a customer stands with his folder."""
    if party.folder is not None:
        return FolderState("on" if party.folder.on else "off")
    until = open_invitations(party.pk).values_list("expires_at", flat=True).first()  # the secret is not for all readers
    if until is None:
        return FolderState("none")
    return FolderState("invited" if until > timezone.now() else "lapsed", until)


@step
def enable_folder(*, number: str, actor: Actor, on: date) -> Party:
    """Let a customer into his folder: who was in it before may come again at once, anybody else gets an invitation by
    mail. An invitation sent before holds no more. Raises BusinessError without an e-mail address, or with another
    customer's.
    """
    party = Party.objects.select_for_update(of=("self",)).get(number=number)
    if party.merged_into is not None:
        raise BusinessError(
            _("%(number)s is merged into %(kept)s, whose folder shows everything."),
            params={"number": party.number, "kept": party.merged_into.number},
        )
    if party.folder is not None:
        Membership.objects.filter(pk=party.folder.pk).update(on=True)
        record(party, "folder.enabled", actor=actor, on=on)
        return party
    check_address(party)
    call_back(party)
    invite(
        email=party.email,
        name=party.name,
        language=party.language,
        door=Door.FOLDER,
        party_id=party.pk,
        actor=actor,
        on=on,
    )
    record(party, "folder.invited", actor=actor, on=on)
    return party


@step
def disable_folder(*, number: str, actor: Actor, on: date) -> Party:
    """Shut a customer out of his folder: his next page is refused, and an invitation not taken yet holds no more."""
    party = Party.objects.select_for_update(of=("self",)).get(number=number)
    call_back(party)
    if party.folder is not None:
        Membership.objects.filter(pk=party.folder.pk).update(on=False)
    record(party, "folder.disabled", actor=actor, on=on)
    return party


def call_back(party: Party) -> None:
    """No invitation to the customer's folder holds any more."""
    for invitation in open_invitations(party.pk):
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at"])


def check_address(party: Party) -> None:
    """One e-mail address opens one folder: two customers can't share it."""
    if not party.email:
        raise BusinessError(_("Expected an e-mail address of %(name)s, found none."), params={"name": party.name})
    taken = Party.objects.filter(folder__user__email=party.email).exclude(pk=party.pk).values_list("pk", flat=True)
    invited = Invitation.objects.filter(email=party.email, door=Door.FOLDER, taken_at=None, revoked_at=None)
    others = [*taken, *invited.exclude(party_id=party.pk).values_list("party_id", flat=True)]
    if others:
        other = Party.objects.filter(pk__in=[key for key in others if key]).order_by("pk")[0]
        raise BusinessError(
            _("%(email)s opens the folder of %(number)s already. Each customer needs an address of his own."),
            params={"email": party.email, "number": other.number},
        )


@step
def bind_folder(*, party: Party, membership: Membership | None) -> None:
    """A login at the client folder stands for this party; None: no login does any more."""
    party.folder = membership
    party.save(update_fields=["folder"])
