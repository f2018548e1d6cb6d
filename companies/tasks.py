from uuid import UUID

from celery import shared_task

from companies import jobs
from companies.imports import carrying as import_tasks  # registers the blocks of an import
from companies.operator import tasks as operator_tasks  # registers what workers do for the operator
from companies.people.reset import send_reset, sweep_resets

__all__ = ["import_tasks", "mail_reset", "operator_tasks", "sweep", "work"]


@shared_task(name="companies.tasks.work", ignore_result=True)
def work(job_id: int, ticket: str) -> None:
    """Woken for one job: the number is for the log, the ticket opens it."""
    jobs.run_job(UUID(ticket))


@shared_task(name="companies.tasks.sweep", ignore_result=True)
def sweep() -> None:
    """Each five seconds: wake what was forgotten."""
    jobs.sweep()
    sweep_resets()


@shared_task(name="companies.tasks.mail_reset", ignore_result=True)
def mail_reset(ticket: str) -> None:
    """Woken for one mail of a forgotten password."""
    send_reset(UUID(ticket))
