from collections.abc import Mapping
from typing import Any

from django.utils import translation

from acceptance.models import Assessment, Decision, Stage
from acceptance.promises import LETTER
from acceptance.rules import promised_by
from acceptance.services.letter import send_letter
from acceptance.services.review import ask_for_person
from companies.actor import ROBOT
from companies.clock import today
from companies.commands import carries
from companies.jobs import handles
from companies.models import Command, Job, ModuleCode
from documents.models import Case


@handles(LETTER, module=ModuleCode.PRODUCTS, prepared=True)
def letter(job: Job) -> None:
    """The letter on a refusal: of the robot (`assessment`), or of a person (`decision`)."""
    company, decision = job.company, None
    if "decision" in job.ids:
        decision = Decision.objects.select_related("signed_by").get(pk=job.ids["decision"])
    assessment = Assessment.objects.select_related(
        "application__case", "application__adviser", "application__version__product"
    ).get(pk=decision.assessment_id if decision else job.ids["assessment"])
    send_letter(
        assessment=assessment, decision=decision, company=company, actor=ROBOT.on_job(job.pk), on=today(company)
    )


@carries("ask_person", module=ModuleCode.PRODUCTS)
def ask_person(command: Command) -> Mapping[str, Any]:
    """A customer asks for a person: kept with his view; the page says by when he has an answer."""
    company = command.company
    with translation.override(Case.objects.only("language").get(pk=command.case_id).language):
        request = ask_for_person(command=command, actor=ROBOT, on=today(company))
    answer_by = promised_by(Stage.REVIEW, request.on, country=company.country)
    return {"asked_on": request.on.isoformat(), "answer_by": answer_by.isoformat()}
