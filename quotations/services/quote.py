"""An accepted application becomes a quotation with every payment plan priced; there is no other road to one (S0-10,
S0-13).
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from acceptance.models import Assessment, Decision
from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.jobs import Work, enqueue_many
from companies.rows import insert_rows
from companies.series import next_numbers
from companies.trail import Note, record_many
from products.language import Evaluation, to_json
from products.language.result import PlanResult, Premium
from products.selectors import compiled
from quotations.models import Quotation

PAPERS = "quotation.papers"


@dataclass(frozen=True, slots=True)
class Accepted:
    """An assessment with its evaluation that becomes a quotation on a day; `decision` where a person accepted."""

    assessment: Assessment
    evaluation: Evaluation
    on: date
    decision: Decision | None = None


def make_quotation(
    *, assessment: Assessment, evaluation: Evaluation, actor: Actor, on: date, decision: Decision | None = None
) -> Quotation:
    """The quotation of one accepted application; see `make_quotations`."""
    return make_quotations(accepted=[Accepted(assessment, evaluation, on, decision)], actor=actor)[0]


@step
def make_quotations(*, accepted: Sequence[Accepted], actor: Actor, papers: bool = True) -> list[Quotation]:
    """The offers of accepting assessments, or of a person's accepting decisions on others; their papers and mails are
    promised in the same transaction, unless `papers` is off: offers of the past were sent when they were made.

    Raises BusinessError where an evaluation has no price or nobody accepted it.
    """
    for each in accepted:
        check_accepted(each)
    numbers = next_numbers("quotation", days=[each.on for each in accepted])
    quotations = insert_rows([quotation_of(each, number) for each, number in zip(accepted, numbers, strict=True)])
    notes = [
        Note(row, "quotation.made", row.valid_from,
             details={"number": row.number, "until": (row.valid_until - timedelta(days=1)).isoformat()})
        for row in quotations
    ]  # fmt: skip
    record_many(notes, actor=actor)
    if papers:
        enqueue_many([Work(PAPERS, f"{PAPERS}:{row.pk}", {"quotation": row.pk}) for row in quotations])
    return quotations


def check_accepted(accepted: Accepted) -> None:
    """No road to a quotation without an acceptance and a price (S0-10)."""
    evaluation, decision = accepted.evaluation, accepted.decision
    yes = evaluation.decision == "accept" if decision is None else decision.verdict == "accept"
    if not yes:
        raise not_accepted()
    priced(evaluation)


def priced(evaluation: Evaluation) -> tuple[PlanResult, Premium]:
    """The plan that was asked for, and its price; refused where there is none.

    By what an acceptor set it may be refused since: then the plan that is offered instead, of which the price is.
    """
    payment = evaluation.payment
    if evaluation.premium is None or payment is None:
        raise not_accepted()
    chosen = next(plan for plan in evaluation.plans if plan.plan == (payment.offered or payment.plan))
    return chosen, chosen.premium or evaluation.premium


def not_accepted() -> BusinessError:
    return BusinessError(_("Only an accepted and priced application becomes a quotation."), code="not_accepted")


def quotation_of(accepted: Accepted, number: str) -> Quotation:
    """The offer on the plan that was asked for, from its day as long as the product or the decision says."""
    evaluation, decision, application = accepted.evaluation, accepted.decision, accepted.assessment.application
    chosen, premium = priced(evaluation)
    own = decision.valid_days if decision else None
    validity = own or compiled(application.version).definition.quotation.validity_days
    return Quotation(
        number=number,
        case=application.case,
        assessment=accepted.assessment,
        evaluation=offer_of(evaluation) if decision is None else accepted_offer(evaluation, decision),
        plan=chosen.plan,
        net=premium.net,
        tax=premium.tax,
        fees=premium.fees + chosen.fees + premium.rounding,
        total=chosen.total,
        valid_from=accepted.on,
        valid_until=accepted.on + timedelta(days=validity),
    )


def offer_of(evaluation: Evaluation) -> dict[str, object]:
    """What the customer may see of an evaluation: no rules and no trace; those stay with the assessment."""
    whole = {key: value for key, value in to_json(evaluation).items() if key not in {"trace", "reasons", "errors"}}
    return {**whole, "plans": [{**to_json(plan), "premium": to_json(plan.premium)} for plan in evaluation.plans]}


def accepted_offer(evaluation: Evaluation, decision: Decision) -> dict[str, Any]:
    """The offer of what a person accepted: its price is no longer indicative, and the case's own terms are on it."""
    offer: dict[str, Any] = deepcopy(offer_of(evaluation))
    prices = [offer["premium"], *(plan["premium"] for plan in offer["plans"])]
    for price in prices:
        if price is not None:
            price["indicative"] = False
    return {
        **offer,
        "decision": decision.verdict,
        "sha256": decision.assessment.definition_sha256,
        "terms": offer["terms"] + own_terms(decision),
    }


def added_terms(quotation: Quotation) -> list[dict[str, Any]]:
    """The terms of a quotation that a decision put on it, named, written or by what it set, or worded anew by that."""
    before = quotation.assessment.trace["terms"]
    return [term for term in quotation.evaluation["terms"] if term not in before]


def own_terms(decision: Decision) -> list[dict[str, Any]]:
    """The terms that were written for this case, in its language, as terms of a product stand in an offer."""
    language = decision.application.language
    written = [term for term in decision.terms if "title" in term]
    return [
        {"key": f"F{place:02}", "names": {language: term["title"]}, "text": {language: term["text"]}}
        for place, term in enumerate(written, 1)
    ]
