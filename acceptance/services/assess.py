"""The robot assesses every application by the provider's own rules and keeps the whole trace (S0-09, S0-10)."""

from datetime import date

from acceptance.models import Assessment, Outcome
from applications.models import APPLICATION_MOVES, Application, ApplicationState
from common.db import step
from companies.actor import Actor
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
