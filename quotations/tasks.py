from collections.abc import Mapping
from typing import Any

from django.utils import translation

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
    """A submitted application: kept, assessed, and quoted if accepted, in one transaction."""
    on = today(company_of_scope())
    with translation.override(Case.objects.only("language").get(pk=command.case_id).language):
        application, evaluation = submit_application(command=command, actor=ROBOT, on=on)
    assessment = assess_application(application=application, evaluation=evaluation, actor=ROBOT, on=on)
    quotation = None
    if assessment.outcome == "accept":
        quotation = make_quotation(assessment=assessment, evaluation=evaluation, actor=ROBOT, on=on)
    return {
        "outcome": assessment.outcome,
        "application": application.number,
        "quotation": quotation.number if quotation else None,
    }


@handles(PAPERS)
def papers(job: Job) -> None:
    """Render, file and mail the papers of a quotation."""
    company = company_of_scope()
    quotation = Quotation.objects.select_related(
        "case", "assessment__application__version__product", "assessment__application__adviser"
    ).get(pk=job.ids["quotation"])
    send_quotation(quotation=quotation, company=company, actor=ROBOT.on_job(job.pk), on=today(company))
