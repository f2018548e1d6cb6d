from collections.abc import Mapping
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.utils import translation

from acceptance.models import Assessment, Decision, Outcome
from acceptance.promises import RELEASE
from acceptance.rating import rated_as_decided
from acceptance.services.assess import assess_application
from applications.services.outcome import tell_applicant
from applications.services.submit import submit_application
from companies.actor import ROBOT
from companies.clock import day_of, today
from companies.commands import carries
from companies.jobs import handles
from companies.models import Command, Job, ModuleCode
from companies.rounds import in_each_company
from config.celery import app
from documents.models import Case
from quotations.models import Quotation
from quotations.outcomes import outcome_told
from quotations.services.expire import expire_quotations
from quotations.services.quote import PAPERS, added_terms, make_quotation
from quotations.services.send import send_quotation

HOUR = 3600.0


@carries("apply", module=ModuleCode.PRODUCTS)
def apply(command: Command) -> Mapping[str, Any]:
    """A submitted application: kept, assessed, and quoted if accepted, in one transaction; submitted again, the first
    answers.
    """
    on = day_of(command.company, command.recorded_at)
    case = Case.objects.select_for_update().get(pk=command.case_id)
    if (earlier := Assessment.objects.select_related("application").filter(application__case=case).first()) is not None:
        return outcome_told(earlier, Quotation.objects.filter(assessment=earlier).first())
    with translation.override(case.language):
        application, evaluation = submit_application(command=command, actor=ROBOT, on=on)
    assessment = assess_application(application=application, evaluation=evaluation, actor=ROBOT, on=on)
    quotation = None
    if assessment.outcome == Outcome.ACCEPT:
        quotation = make_quotation(assessment=assessment, evaluation=evaluation, actor=ROBOT, on=on)
    return outcome_told(assessment, quotation)


@handles(RELEASE, module=ModuleCode.PRODUCTS)
def release(job: Job) -> None:
    """A person accepted: the quotation by the price of the application's day, valid from the day of the decision."""
    decision = Decision.objects.select_related(
        "assessment__application__version__product", "assessment__application__case", "application"
    ).get(pk=job.ids["decision"])
    application = decision.assessment.application
    if Quotation.objects.filter(assessment=decision.assessment_id).exists():
        return
    quotation = make_quotation(
        assessment=decision.assessment,
        evaluation=rated_as_decided(application, decision),
        decision=decision,
        actor=ROBOT.on_job(job.pk),
        on=decision.on,
    )
    terms = [term["names"] for term in added_terms(quotation)]
    tell_applicant(application=application, outcome={"quotation": quotation.number, "terms": terms})


@handles(PAPERS, module=ModuleCode.PRODUCTS, prepared=True)
def papers(job: Job) -> None:
    """Render, file and mail the papers of a quotation."""
    company = job.company
    quotation = Quotation.objects.select_related(
        "case", "assessment__application__version__product", "assessment__application__adviser"
    ).get(pk=job.ids["quotation"])
    send_quotation(quotation=quotation, company=company, actor=ROBOT.on_job(job.pk), on=today(company))


def expire_all() -> int:
    """Close what has ended, company by company, each by its own day; how many quotations."""
    return in_each_company(lambda company: expire_quotations(actor=ROBOT, on=today(company)))


@shared_task(name="quotations.tasks.expire", ignore_result=True)
def expire() -> None:
    """Each hour, since somewhere a day may have begun, and when a worker starts: offers end."""
    expire_all()


@worker_ready.connect
def expire_at_start(**_: Any) -> None:
    """What ended while no worker ran is closed at once."""
    # nosemgrep: task-past-the-outbox (what a kill loses the next hour does)
    expire.apply_async(queue="bulk")


app.conf.beat_schedule["expire"] = {
    "task": "quotations.tasks.expire", "schedule": HOUR, "options": {"expires": HOUR, "queue": "bulk"}
}  # fmt: skip
