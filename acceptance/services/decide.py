"""A person decides what the robot left to people: signed, with a reason, once (S0-11, S0-12, S0-16)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from acceptance.models import Assessment, Countersignature, Decision, Stage, Verdict
from acceptance.promises import LETTER, RELEASE
from acceptance.rating import rated_again
from acceptance.rules import authority_needed, kept_until
from acceptance.selectors import STAGE_OF, find_decision, find_proposal, verdict_state, waits_for_review
from acceptance.services.impartial import check_impartial
from acceptance.setting import Setting
from applications.models import APPLICATION_MOVES, Application, ApplicationState
from applications.services.outcome import tell_applicant
from common.db import step
from common.errors import BusinessError
from common.formats import moment
from companies.actor import Actor
from companies.jobs import enqueue
from companies.models import Act, User
from companies.models.people import name_of
from companies.moves import check_move
from companies.rights import check_act
from companies.trail import record
from products.language import Evaluation, to_json


class NothingToDecide(BusinessError):
    """The application waits for nobody; the message says who decided it, and how."""

    default_code = "nothing_to_decide"


@dataclass(frozen=True, slots=True)
class ChosenTerm:
    """A term that a decision adds, and why: of the product by its key, or one of this case with title and text."""

    reason: str
    key: str = ""
    title: str = ""
    text: str = ""

    def as_json(self) -> dict[str, str]:
        """As it stands in the decision."""
        own = {"key": self.key} if self.key else {"title": self.title, "text": self.text}
        return {**own, "reason": self.reason}


def application_for_update(application_id: int) -> Application:
    """An application, locked, with what its decision stands on; the one way to lock it."""
    found = Application.objects.select_for_update(of=("self",)).select_related("case", "version__product", "adviser")
    return found.get(pk=application_id)


@step
def decide(
    *,
    application_id: int,
    verdict: Verdict,
    reason: str,
    actor: Actor,
    on: date,
    terms: Sequence[ChosenTerm] = (),
    answers: Mapping[str, Any] | None = None,
    told: str = "",
    valid_days: int | None = None,
) -> Decision:
    """Accept or decline what waits for a person; above every acceptor's authority it is a proposal (S0-12).

    `answers` are those that the product leaves to an acceptor, such as a loading, by key as stored; a rule that holds
    by them counts towards the authority. `told` is what the customer reads of a refusal, `valid_days` a quotation
    officer's own validity. Raises NothingToDecide naming who was faster, NotImpartial, BusinessError where a reason is
    missing, an answer is beyond its limits or there is no price.
    """
    application = application_for_update(application_id)
    stage = stage_to_decide(application)
    check_impartial(application, actor)
    chosen = check_answers(application, answers or {})
    check_told(verdict, reason=reason, told=told, terms=terms, answers=chosen)
    assessment = Assessment.objects.get(application=application)
    reasons: list[dict[str, Any]] = []
    if verdict == Verdict.ACCEPT:
        evaluation = check_price(application, [term.key for term in terms if term.key], chosen)
        reasons = reasons_added(assessment, evaluation)
    decision = Decision.objects.create(
        application=application,
        assessment=assessment,
        stage=stage,
        verdict=verdict,
        terms=[term.as_json() for term in terms],
        answers=chosen,
        reasons=reasons,
        reason=reason.strip(),
        told=told.strip() if verdict == Verdict.DECLINE else "",
        authority=authority_needed([*assessment.reasons, *reasons])[:60],
        valid_days=valid_days if stage == Stage.SPECIAL else None,
        signed_by=User.objects.get(pk=actor.user_id or 0),
        on=on,
    )
    code = "decision.proposed" if decision.authority else "decision.signed"
    record(
        decision,
        code,
        actor=actor,
        on=on,
        case_id=application.case_id,
        verdict=verdict.value,
        stage=stage.value,
        terms=len(terms),
        answers=list(chosen),
        authority=decision.authority,
    )
    if not decision.authority:
        take_effect(application, decision, on=on)
    return decision


@step
def countersign(*, decision_id: int, agreed: bool, reason: str, actor: Actor, on: date) -> Countersignature:
    """The second name under a proposal: agreed, it takes effect; returned, the application waits again.

    Raises BusinessError without the act or for the proposal's own author, NothingToDecide where another was faster.
    """
    check_act(actor, Act.DECIDE_REFERRAL)
    decision = Decision.objects.select_related("signed_by").get(pk=decision_id)
    application = application_for_update(decision.application_id)
    stage_to_decide(application, proposal=decision)
    check_impartial(application, actor)
    if decision.signed_by_id == actor.user_id:
        raise BusinessError(
            _("Somebody other than %(name)s, who proposed it, countersigns.") % {"name": decision.signed_by},
            code="four_eyes",
        )
    if not reason.strip():
        raise BusinessError(_("Say why, for the file."), field="reason")
    signed = Countersignature.objects.create(
        decision=decision,
        agreed=agreed,
        reason=reason.strip(),
        signed_by=User.objects.get(pk=actor.user_id or 0),
        on=on,
    )
    code = "decision.countersigned" if agreed else "decision.returned"
    record(decision, code, actor=actor, on=on, case_id=application.case_id, verdict=decision.verdict)
    if agreed:
        take_effect(application, decision, on=on)
    return signed


def stage_to_decide(application: Application, *, proposal: Decision | None = None) -> Stage:
    """For what the application waits. Raises NothingToDecide with the name of who decided or proposed meanwhile."""
    stage = STAGE_OF.get(ApplicationState(application.state))
    waiting = find_proposal(application)
    if waiting is not None and (proposal is None or waiting.pk != proposal.pk):
        raise NothingToDecide(
            _("%(name)s proposed a decision on %(at)s. It waits for a second signature.")
            % {"name": name_of(waiting, "signed_by"), "at": moment(waiting.recorded_at)}
        )
    undecided = stage is not None and (stage != Stage.REVIEW or waits_for_review(application))
    if stage is None or not undecided or (proposal is not None and waiting is None):
        raise NothingToDecide(who_decided(application))
    return stage


def who_decided(application: Application) -> str:
    """By whom, when and how an application was decided, as a sentence."""
    decision = find_decision(application)
    if decision is None:
        return _("The robot decided this application. It waits for nobody.")
    return _("%(name)s decided this application on %(at)s: %(verdict)s.") % {
        "name": name_of(decision, "signed_by"),
        "at": moment(decision.recorded_at),
        "verdict": Verdict(decision.verdict).label.lower(),
    }


def check_answers(application: Application, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that an acceptor sets, where any differs from its default. Raises BusinessError at the one that
    isn't his to give or is beyond its limits.
    """
    setting = Setting(application, answers)
    keys = {part.spec.key for part in setting.parts}
    if strange := sorted(set(answers) - keys):
        raise BusinessError(
            _("The product leaves no “%(name)s” to who accepts.") % {"name": strange[0]}, code="not_left_to_you"
        )
    for problem in setting.problems:
        raise BusinessError(setting.said(problem), code=problem.code, field=f"set_{problem.question}")
    return setting.answers


def reasons_added(assessment: Assessment, evaluation: Evaluation) -> list[dict[str, Any]]:
    """The rules that hold by what an acceptor sets, and didn't when the robot looked."""
    before = {reason["key"] for reason in assessment.reasons}
    found: list[dict[str, Any]] = to_json(evaluation.reasons)
    return [reason for reason in found if reason["key"] not in before]


def check_told(
    verdict: Verdict, *, reason: str, told: str, terms: Sequence[ChosenTerm], answers: Mapping[str, Any]
) -> None:
    """A decision has its reason, a refusal its words for the customer, and each added term its own."""
    if not reason.strip():
        raise BusinessError(_("Say why, for the file."), field="reason")
    if verdict == Verdict.DECLINE and not told.strip():
        raise BusinessError(_("Say to the customer why, in his words."), field="told")
    if verdict == Verdict.DECLINE and (terms or answers):
        raise BusinessError(_("A refusal carries no terms. Clear them, or accept with terms."), field="verdict")
    if any(not term.reason.strip() for term in terms):
        raise BusinessError(_("Say for each term why it is added."), field="verdict")


def check_price(application: Application, terms: Sequence[str], answers: Mapping[str, Any]) -> Evaluation:
    """Only what has a price can be accepted: that price. Raises BusinessError saying why there is none."""
    evaluation = rated_again(application, terms=terms, answers=answers)
    if evaluation.premium is None or evaluation.plan is None:
        because = (evaluation.not_rated_because or {}).get(application.language) or _(
            "the product has no tariff for it"
        )
        raise BusinessError(
            _("This can't be accepted: there is no premium, because %(because)s.") % {"because": because},
            code="no_price",
        )
    return evaluation


def take_effect(application: Application, decision: Decision, *, on: date) -> None:
    """A decision in force: the application moves, and quotation or letter are promised in the same transaction."""
    state = verdict_state(decision.verdict)
    if application.state != state:
        check_move(APPLICATION_MOVES, application.state, state)
        application.state = state
        application.save(update_fields=["state"])
    refused = decision.verdict == Verdict.DECLINE
    application.case.retention_date = kept_until(on) if refused else None
    application.case.save(update_fields=["retention_date"])
    tell_applicant(application=application, outcome=outcome_of(application, decision))
    kind = LETTER if refused else RELEASE
    enqueue(kind, key=f"{kind}:{decision.pk}", decision=decision.pk)


def outcome_of(application: Application, decision: Decision) -> dict[str, Any]:
    """What the applicant's page says of a person's decision."""
    refused = decision.verdict == Verdict.DECLINE
    return {
        "outcome": "decline" if refused else "accept",
        "reasons": [{application.language: decision.told}] if refused else [],
        "by": "person",
        "decided_on": decision.on.isoformat(),
    }
