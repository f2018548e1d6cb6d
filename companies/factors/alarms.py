"""Mails about a lost factor: to its owner and to every administrator, so that nobody takes a login over unseen."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from common.formats import moment
from companies.factors.lost import keep_address
from companies.factors.telling import send
from companies.jobs import company_of_scope, handles
from companies.models import FactorReset, Job, Membership, User
from companies.trail import sentence
from companies.tries import PATIENT


def concerned(membership: Membership) -> list[User]:
    """The person, and the administrators of the current company."""
    rows = Membership.objects.select_related("user").filter(administrator=True, on=True, user__is_active=True)
    return list({user.pk: user for user in (membership.user, *(row.user for row in rows))}.values())


@handles("factor.reset", tries=PATIENT)
def tell_reset(job: Job) -> None:
    """An administrator took somebody's second factor off."""
    membership = Membership.objects.select_related("user").get(pk=job.ids["membership"])
    by = Membership.objects.select_related("user").get(pk=job.ids["by"])
    facts = {"name": str(membership.user), "by": str(by.user), "company": company_of_scope().name}
    for user in concerned(membership):
        with translation.override(user.language or settings.LANGUAGE_CODE):
            body = _(
                "%(by)s, administrator of %(company)s, took the second factor off the login of %(name)s, who sets up a "
                "new one at the next login. The sessions of that login have ended.\n\n"
                "Wasn't this agreed? Switch the login off and ask the administrators of %(company)s."
            )
            send(user, _("The second factor of %(name)s was reset") % facts, body % facts, key=str(job.ticket))


@handles("factor.lost", tries=PATIENT)
def tell_lost(job: Job) -> None:
    """Somebody asked for a new second factor; told at once and each day, as long as he may still be stopped."""
    membership = Membership.objects.select_related("user").get(pk=job.ids["membership"])
    reset = FactorReset.objects.filter(pk=job.ids["reset"], cancelled_at=None, used_at=None).first()
    if reset is None:
        return
    company = company_of_scope()
    for user in concerned(membership):
        with translation.override(user.language or settings.LANGUAGE_CODE):
            facts = {
                "name": str(membership.user), "company": company.name, "link": keep_address(reset),
                "asked": moment(reset.asked_at, company.time_zone), "due": moment(reset.due_at, company.time_zone),
            }  # fmt: skip
            body = _(
                "On %(asked)s somebody who knows the password of %(name)s (%(company)s) asked for a new second factor. "
                "From %(due)s on it can be set up, and the old one works no longer.\n\n"
                "Is it really %(name)s? Ask by telephone. If not, stop it here, and let the password be changed:\n"
                "%(link)s"
            )
            send(user, _("%(name)s asks for a new second factor") % facts, body % facts, key=str(job.ticket))


@sentence("factor.reset")
def reset_in_words(details: Mapping[str, Any]) -> str:
    return _("Second factor reset")


@sentence("door.factor")
def door_in_words(details: Mapping[str, Any]) -> str:
    from companies.doors import Door

    door = {"door": Door(details["door"]).label}
    return (_("Door “%(door)s” asks for a second factor") if details["asked"] else
            _("Door “%(door)s” asks for no second factor any more")) % door  # fmt: skip
