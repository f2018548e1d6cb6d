"""Nobody decides his own application, one he filled in, or one he sells (S0-12; four eyes)."""

from django.db.models import Q
from django.utils.translation import gettext as _

from acceptance.models import Countersignature, Stage
from acceptance.selectors import STAGE_OF, deciders, find_proposal, in_force
from applications.models import Application, ApplicationState
from applications.steps import POLICYHOLDER
from common.errors import BusinessError
from companies.actor import Actor
from companies.models import Command, Membership, User
from relations.models import Party


class NotImpartial(BusinessError):
    """A decision by somebody who has a part in it."""

    default_code = "not_impartial"


def find_bias(application: Application, user_id: int | None) -> str:
    """Why a person may not decide an application and who can, as sentences; empty where nothing stands against it."""
    part = part_in(application, user_id)
    return f"{part} {who_can(application)}" if part else ""


def part_in(application: Application, user_id: int | None) -> str:
    """Which part a person has in an application, as a sentence; empty where he has none."""
    if filled_in(application, user_id):
        return _("You filled in this application. Somebody else decides it.")
    if is_own(application, user_id):
        return _("This application is your own. Somebody else decides it.")
    if Party.objects.filter(pk=application.adviser_id or 0, membership__user=user_id or 0).exists():
        return _("You are the adviser of this customer. Somebody else decides it.")
    if signed_before(application, user_id):
        return _("You decided this application before. Somebody else reviews it.")
    return ""


def who_can(application: Application) -> str:
    """Who holds the right, or the act where a proposal waits, and has no part in the application."""
    stage = STAGE_OF.get(ApplicationState(application.state), Stage.REFERRAL)
    proposal = find_proposal(application)
    names = [
        str(user)
        for user, countersigns in deciders(stage, above=proposal is not None)
        if (proposal is None or (countersigns and user.pk != proposal.signed_by_id))
        and not part_in(application, user.pk)
    ]
    if not names:
        return _("Nobody else can yet. Ask your administrator.")
    return _("Who can: %(names)s.") % {"names": ", ".join(names)}


def signed_before(application: Application, user_id: int | None) -> bool:
    """Whether the user's name stands under a decision in force on the application; a review is another's."""
    decided = in_force().filter(application=application)
    agreed = Countersignature.objects.filter(decision__in=decided, signed_by=user_id)
    return decided.filter(signed_by=user_id).exists() or agreed.exists()


def filled_in(application: Application, user_id: int | None) -> bool:
    """Whether one of the user's logins, at whichever door, filled it in for the customer or sent it in."""
    sent = Command.objects.filter(pk=application.command_id or 0).values("membership_id")
    logins = Membership.objects.filter(Q(pk=application.membership_id or 0) | Q(pk__in=sent))
    return logins.filter(user=user_id or 0).exists()


def is_own(application: Application, user_id: int | None) -> bool:
    """Whether a party of the application has the user's e-mail address."""
    told = {str(party.get("email") or "").lower() for party in application.parties.values() if isinstance(party, dict)}
    told |= {str((application.parties.get(POLICYHOLDER) or {}).get("email") or "").lower()}
    return User.objects.filter(pk=user_id or 0, email__in=told - {""}).exists()


def check_impartial(application: Application, actor: Actor) -> None:
    """Refuse whoever has a part in the application. Raises NotImpartial."""
    if bias := find_bias(application, actor.user_id):
        raise NotImpartial(bias)
