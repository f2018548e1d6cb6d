"""The robot assesses every application by the provider's own rules and keeps the whole trace (S0-09, S0-10)."""

from collections.abc import Sequence
from datetime import date

from acceptance.models import Assessment, Outcome
from acceptance.promises import LETTER
from acceptance.rules import kept_until
from applications.models import APPLICATION_MOVES, Application, ApplicationState
from common.db import step
from companies.actor import Actor
from companies.jobs import Work, enqueue_many
from companies.moves import check_move
from companies.rows import insert_rows, update_rows
from companies.trail import Note, record_many
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
    return assess_applications(applications=[(application, evaluation, on)], actor=actor)[0]


@step
def assess_applications(
    *, applications: Sequence[tuple[Application, Evaluation, date]], actor: Actor, letters: bool = True
) -> list[Assessment]:
    """Decide submitted applications, each on its day. A refusal promises its letter, unless `letters` is off: refusals
    of the past were told when they were made.
    """
    assessments = insert_rows([assessment_of(*application) for application in applications])
    for assessment in assessments:
        state = STATE_OF[Outcome(assessment.outcome)]
        check_move(APPLICATION_MOVES, assessment.application.state, state)
        assessment.application.state = state
    update_rows([assessment.application for assessment in assessments], "state")
    refused = [assessment for assessment in assessments if assessment.outcome == Outcome.DECLINE]
    keep_refused(refused)
    if letters:
        promise_letters(refused)
    notes = [
        Note(row, "application.assessed", row.on, case_id=row.application.case_id,
             details={"outcome": str(row.outcome), "rules": [reason["key"] for reason in row.reasons]})
        for row in assessments
    ]  # fmt: skip
    record_many(notes, actor=actor)
    return assessments


def assessment_of(application: Application, evaluation: Evaluation, on: date) -> Assessment:
    """The robot's decision as its row."""
    return Assessment(
        application=application,
        outcome=Outcome(str(evaluation.decision)),
        reasons=to_json(evaluation.reasons),
        terms=[term.key for term in evaluation.terms],
        trace=to_json(evaluation),
        definition_sha256=application.version.sha256,
        on=on,
    )


def keep_refused(refused: Sequence[Assessment]) -> None:
    """The case of a refusal is kept as long as its letter says."""
    for assessment in refused:
        assessment.application.case.retention_date = kept_until(assessment.on)
    update_rows([assessment.application.case for assessment in refused], "retention_date")


def promise_letters(refused: Sequence[Assessment]) -> None:
    """A refusal is told by letter."""
    enqueue_many([Work(LETTER, f"{LETTER}:assessment:{row.pk}", {"assessment": row.pk}) for row in refused])
