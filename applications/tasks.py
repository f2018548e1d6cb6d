"""What applicants and advisers ask for about unsent applications, carried out by the worker."""

from collections.abc import Mapping
from typing import Any

from applications.services.behalf import HAND_OVER, THROW_AWAY, throw_away
from applications.services.handover import hand_over
from applications.services.later import SAVE, send_link
from applications.services.submit import sender_of
from companies.actor import ROBOT
from companies.clock import today
from companies.commands import carries
from companies.jobs import company_of_scope
from companies.models import Command


@carries(SAVE)
def save(command: Command) -> Mapping[str, Any]:
    """An applicant asked for the address of his application by mail; the outcome tells nothing of the mailbox."""
    company = company_of_scope()
    send_link(command=command, company=company, actor=ROBOT, on=today(company))
    return {}


@carries(HAND_OVER)
def give_to_client(command: Command) -> Mapping[str, Any]:
    """The draft is with the client, its address in his mail."""
    company = company_of_scope()
    hand_over(command=command, company=company, actor=sender_of(command) or ROBOT, on=today(company))
    return {}


@carries(THROW_AWAY)
def discard(command: Command) -> Mapping[str, Any]:
    """The draft is erased."""
    on = today(company_of_scope())
    throw_away(case_id=command.case_id, actor=sender_of(command) or ROBOT, on=on)
    return {}
