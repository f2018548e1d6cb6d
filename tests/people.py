"""What tests about people start from: an administrator's browser, actors, and invitations with their secrets."""

from typing import Any

from django.core.mail import EmailMessage
from django.urls import reverse

from companies.actor import ROBOT, Actor, ActorKind
from companies.doors import Door
from companies.models import Company, Invitation, Membership
from companies.people.reset import send_reset
from companies.services.invitations import invite, secret_of
from companies.signing import ask, prove
from tests import given
from tests.conftest import role_connection
from tests.contexts import session_of

PASSWORD = "purple harbour lantern 42"


def administrator(company: Company, email: str = "chief@duinhaven.example") -> Membership:
    """An administrator of the company."""
    return given.member(company, email, administrator=True)


def at_desk(membership: Membership) -> Membership:
    """The employee's row with what the database filled in; his login is in, with a second factor."""
    session_of(membership.user, verified=True)
    with given.inside(membership.company):
        return Membership.objects.select_related("user").get(pk=membership.pk)


def rights_page(name: str, **kwargs: Any) -> str:
    """The address of a page on rights."""
    return reverse(f"rights:{name}", kwargs={"company": "duinhaven", **kwargs})


def acting(membership: Membership) -> Actor:
    """The employee as services know him, with his flag."""
    return Actor(
        kind=ActorKind.EMPLOYEE,
        door=Door.OFFICE,
        user_id=membership.user_id,
        membership_id=membership.pk,
        administrator=membership.administrator,
    )


def invited(company: Company, email: str = "sanne@verbruggen.example", **fields: Any) -> Invitation:
    """An open invitation, by default to the office and by the robot."""
    asked = {"name": "Sanne Verbruggen", "language": "nl", "door": Door.OFFICE, "actor": ROBOT, **fields}
    with given.inside(company, asked["actor"]):
        return invite(email=email, on=given.DAY, **asked)


def path(invitation: Invitation) -> str:
    """Where the invitation is taken, as its mail says."""
    return f"/accounts/invitation/{secret_of(invitation.nonce)}/"


def mail_to(outbox: list[EmailMessage], email: str) -> EmailMessage:
    """The last mail to an address."""
    return next(mail for mail in reversed(outbox) if any(email in to for to in mail.to))


def mail_resets() -> int:
    """What a worker does with forgotten passwords; how many mails left."""
    rows = ask("SELECT ticket FROM sec.open_resets(99, %s, %s)", [*prove("service", "forgotten")])
    return sum(send_reset(ticket) for (ticket,) in rows)


def administers_itself(company: Company) -> None:
    """The company took over from the operator; written by the owner, since no door of ours may."""
    with role_connection("bo_owner") as owner:
        owner.execute("update companies_company set own_administrator_at = now() where id = %s", [company.pk])
