from collections.abc import Mapping
from typing import Any

from django.utils import translation

from acceptance.models import Assessment, Outcome
from acceptance.services.assess import assess_application
from applications.services.submit import submit_application
from companies.actor import ROBOT
from companies.clock import today
from companies.commands import carries
from companies.jobs import company_of_scope, handles
from companies.models import Command, Job
from documents.models import Case
from quotations.models import Quotation
from quotations.services.quote import PAPERS, make_quotation
from quotations.services.send import send_quotation


@carries("apply")
def apply(command: Command) -> Mapping[str, Any]:
    """A submitted application: kept, assessed, and quoted if accepted, in one transaction; submitted again, the first
    answers.
    """
    on = today(company_of_scope())
    case = Case.objects.select_for_update().get(pk=command.case_id)
    if (earlier := Assessment.objects.select_related("application").filter(application__case=case).first()) is not None:
        return told(earlier, Quotation.objects.filter(assessment=earlier).first())
    with translation.override(case.language):
        application, evaluation = submit_application(command=command, actor=ROBOT, on=on)
    assessment = assess_application(application=application, evaluation=evaluation, actor=ROBOT, on=on)
    quotation = None
    if assessment.outcome == Outcome.ACCEPT:
        quotation = make_quotation(assessment=assessment, evaluation=evaluation, actor=ROBOT, on=on)
    return told(assessment, quotation)


def told(assessment: Assessment, quotation: Quotation | None) -> dict[str, Any]:
    """The outcome as the applicant's page shows it; of the reasons only the words meant for him."""
    return {
        "outcome": assessment.outcome,
        "application": assessment.application.number,
        "quotation": quotation.number if quotation else None,
        "reasons": [reason["customer"] for reason in assessment.reasons],
    }


@handles(PAPERS)
def papers(job: Job) -> None:
    """Render, file and mail the papers of a quotation."""
    company = company_of_scope()
    quotation = Quotation.objects.select_related(
        "case", "assessment__application__version__product", "assessment__application__adviser"
    ).get(pk=job.ids["quotation"])
    send_quotation(quotation=quotation, company=company, actor=ROBOT.on_job(job.pk), on=today(company))
