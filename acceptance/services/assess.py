"""The robot assesses every application by the provider's own rules and keeps the whole trace (S0-09, S0-10)."""

from datetime import date

from acceptance.models import Assessment, Outcome
from acceptance.promises import LETTER
from acceptance.rules import kept_until
from applications.models import APPLICATION_MOVES, Application, ApplicationState
from common.db import step
from companies.actor import Actor
from companies.jobs import enqueue
from companies.moves import check_move
from companies.trail import record
from products.language import Evaluation, to_json

STATE_OF = {
    Outcome.ACCEPT: ApplicationState.ACCEPTED,
    Outcome.SPECIAL: ApplicationState.SPECIAL,
    Outcome.REFER: ApplicationState.REFERRED,
    Outcome.DECLINE: ApplicationState.DECLINED,
}


@step
def assess_application(*, application: Application, evaluation: Evaluation, actor: Actor, on: date) -> Assessment:
    """Decide a submitted application: the worst outcome of the rules that fire, with all reasons."""
    outcome = Outcome(str(evaluation.decision))
    assessment = Assessment.objects.create(
        application=application,
        outcome=outcome,
        reasons=to_json(evaluation.reasons),
        terms=[term.key for term in evaluation.terms],
        trace=to_json(evaluation),
        definition_sha256=application.version.sha256,
        on=on,
    )
    check_move(APPLICATION_MOVES, application.state, STATE_OF[outcome])
    application.state = STATE_OF[outcome]
    application.save(update_fields=["state"])
    if outcome == Outcome.DECLINE:
        promise_letter(assessment, on=on)
    record(
        assessment,
        "application.assessed",
        actor=actor,
        on=on,
        case_id=application.case_id,
        outcome=outcome.value,
        rules=[reason["key"] for reason in assessment.reasons],
    )
    return assessment


def promise_letter(assessment: Assessment, *, on: date) -> None:
    """A refusal is told by letter, and the case is kept as long as the letter says."""
    case = assessment.application.case
    case.retention_date = kept_until(on)
    case.save(update_fields=["retention_date"])
    enqueue(LETTER, key=f"{LETTER}:assessment:{assessment.pk}", assessment=assessment.pk)
