from collections.abc import Mapping
from typing import Any

from applications.services.later import SAVE, send_link
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
