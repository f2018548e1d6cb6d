"""What applicants and advisers ask for about unsent applications, carried out by the worker."""

from collections.abc import Mapping
from typing import Any

from celery import shared_task

from applications.services.behalf import HAND_OVER, THROW_AWAY, throw_away
from applications.services.handover import hand_over
from applications.services.later import SAVE, send_link
from applications.services.submit import sender_of
from applications.services.tidy import DISCARD, discard_bytes, tidy_company
from companies.actor import ROBOT
from companies.clock import today
from companies.commands import carries
from companies.jobs import handles
from companies.models import Command, Job, ModuleCode
from companies.rounds import in_each_company
from config.celery import app

HOUR = 3600.0


@carries(SAVE, module=ModuleCode.PRODUCTS)
def save(command: Command) -> Mapping[str, Any]:
    """An applicant asked for the address of his application by mail; the outcome tells nothing of the mailbox."""
    company = command.company
    send_link(command=command, company=company, actor=ROBOT, on=today(company))
    return {}


@carries(HAND_OVER, module=ModuleCode.PRODUCTS)
def give_to_client(command: Command) -> Mapping[str, Any]:
    """The draft is with the client, its address in his mail."""
    company = command.company
    hand_over(command=command, company=company, actor=sender_of(command) or ROBOT, on=today(company))
    return {}


@carries(THROW_AWAY, module=ModuleCode.PRODUCTS)
def discard(command: Command) -> Mapping[str, Any]:
    """The draft is erased."""
    on = today(command.company)
    throw_away(case_id=command.case_id, actor=sender_of(command) or ROBOT, on=on)
    return {}


@handles(DISCARD, module=ModuleCode.PRODUCTS)
def discard_file(job: Job) -> None:
    """Remove the bytes of a file that nobody submitted."""
    discard_bytes(digest=job.ids["sha256"], company=job.company)


def tidy_all() -> int:
    """Remove what nobody submitted, company by company; how many drafts and files."""
    return in_each_company(lambda company: tidy_company(company=company, actor=ROBOT, on=today(company)))


@shared_task(name="applications.tasks.tidy", ignore_result=True)
def tidy() -> None:
    """Each hour: what can't be continued any more goes."""
    tidy_all()


app.conf.beat_schedule["tidy"] = {
    "task": "applications.tasks.tidy", "schedule": HOUR, "options": {"expires": HOUR, "queue": "bulk"}
}  # fmt: skip
