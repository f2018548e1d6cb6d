"""Nobody decides his own application, one he filled in, or one he sells (S0-12; four eyes)."""

from collections.abc import Callable

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from acceptance.models import Countersignature, Stage
from acceptance.selectors import STAGE_OF, deciders, find_proposal, in_force
from applications.models import Application, ApplicationState
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
    return next((_(sentence) for sentence, holders in PARTS if user_id in holders(application)), "")


def who_can(application: Application) -> str:
    """Who holds the right, or the act where a proposal waits, and has no part in the application."""
    stage = STAGE_OF.get(ApplicationState(application.state), Stage.REFERRAL)
    proposal = find_proposal(application)
    taking_part = set().union(*(holders(application) for _sentence, holders in PARTS))
    names = [
        str(user)
        for user, countersigns in deciders(stage, above=proposal is not None)
        if (proposal is None or (countersigns and user.pk != proposal.signed_by_id)) and user.pk not in taking_part
    ]
    if not names:
        return _("Nobody else can yet. Ask your administrator.")
    return _("Who can: %(names)s.") % {"names": ", ".join(names)}


def filled_in(application: Application) -> set[int]:
    """Whose logins, at whichever door, filled it in for the customer or sent it in."""
    sent = Command.objects.filter(pk=application.command_id or 0).values("membership_id")
    logins = Membership.objects.filter(Q(pk=application.membership_id or 0) | Q(pk__in=sent))
    return set(logins.values_list("user_id", flat=True))


def owns(application: Application) -> set[int]:
    """Who has the e-mail address of one of its parties."""
    told = {str(party.get("email") or "").lower() for party in application.parties.values() if isinstance(party, dict)}
    return set(User.objects.filter(email__in=told - {""}).values_list("pk", flat=True))


def sells(application: Application) -> set[int]:
    """Its adviser, where he has a login."""
    logins = Membership.objects.filter(pk__in=Party.objects.filter(pk=application.adviser_id or 0).values("membership"))
    return set(logins.values_list("user_id", flat=True))


def signed_before(application: Application) -> set[int]:
    """Whose names stand under the decisions in force on it; a review is another's."""
    decided = in_force().filter(application=application)
    agreed = Countersignature.objects.filter(decision__in=decided, agreed=True)
    return {*decided.values_list("signed_by_id", flat=True), *agreed.values_list("signed_by_id", flat=True)}


PARTS: list[tuple[str, Callable[[Application], set[int]]]] = [
    (gettext_noop("You filled in this application. Somebody else decides it."), filled_in),
    (gettext_noop("This application is your own. Somebody else decides it."), owns),
    (gettext_noop("You are the adviser of this customer. Somebody else decides it."), sells),
    (gettext_noop("You decided this application before. Somebody else reviews it."), signed_before),
]


def check_impartial(application: Application, actor: Actor) -> None:
    """Refuse whoever has a part in the application. Raises NotImpartial."""
    if bias := find_bias(application, actor.user_id):
        raise NotImpartial(bias)
