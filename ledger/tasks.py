"""Each minute the worker folds what was posted since, company by company, a block in a transaction of its own."""

from celery import shared_task
from django.db import connection

from companies.actor import ROBOT
from companies.doors import Door
from companies.jobs import company_of_scope, handles
from companies.models import Job
from companies.scope import company_scope
from config.celery import app
from ledger.charts import CHARTS
from ledger.services.books import open_books
from ledger.services.folding import MOST, fold

EVERY = 60.0


def fold_all() -> int:
    """Fold the deltas of every company that has some; how many were removed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT company_id FROM sec.companies_with_deltas()")
        companies = [row[0] for row in cursor.fetchall()]
    folded = 0
    for company_id in companies:
        removed = MOST
        while removed == MOST:
            with company_scope(company_id, door=Door.WORKER, actor=ROBOT):
                removed = fold()
            folded += removed
    return folded


@shared_task(name="ledger.tasks.fold_totals", ignore_result=True)
def fold_totals() -> None:
    """Keep the reading of balances short."""
    fold_all()


@handles("operator.open_books")
def open_books_of_new(job: Job) -> None:
    """The accounts and journals of a company that the operator founded; kinds that keep no books here have none."""
    company = company_of_scope()
    if company.kind in CHARTS:
        open_books(kind=company.kind, actor=ROBOT.on_job(job.pk))


app.conf.beat_schedule["fold"] = {
    "task": "ledger.tasks.fold_totals", "schedule": EVERY, "options": {"expires": EVERY, "queue": "bulk"}
}  # fmt: skip
