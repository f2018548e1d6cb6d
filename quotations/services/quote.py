"""An accepted application becomes a quotation with every payment plan priced; there is no other road to one (S0-10,
S0-13).
"""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from acceptance.models import Assessment, Decision
from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.jobs import enqueue
from companies.series import next_number
from companies.trail import record
from products.language import Evaluation, to_json
from products.selectors import compiled
from quotations.models import Quotation

PAPERS = "quotation.papers"


@step
def make_quotation(
    *, assessment: Assessment, evaluation: Evaluation, actor: Actor, on: date, decision: Decision | None = None
) -> Quotation:
    """The offer of an accepting assessment, or of a person's accepting decision on another; its papers and mails are
    promised in the same transaction.

    Raises BusinessError where the evaluation has no price or nobody accepted it.
    """
    application = assessment.application
    accepted = evaluation.decision == "accept" if decision is None else decision.verdict == "accept"
    if not accepted or evaluation.premium is None or evaluation.plan is None:
        raise BusinessError(_("Only an accepted and priced application becomes a quotation."), code="not_accepted")
    chosen = next(plan for plan in evaluation.plans if plan.plan == evaluation.plan)
    premium = chosen.premium or evaluation.premium
    own = decision.valid_days if decision else None
    validity = own or compiled(application.version).definition.quotation.validity_days
    quotation = Quotation.objects.create(
        number=next_number("quotation", on=on),
        case_id=application.case_id,
        assessment=assessment,
        evaluation=offer_of(evaluation) if decision is None else accepted_offer(evaluation, decision),
        plan=evaluation.plan,
        net=premium.net,
        tax=premium.tax,
        fees=premium.fees + chosen.fees + premium.rounding,
        total=chosen.total,
        valid_from=on,
        valid_until=on + timedelta(days=validity),
    )
    record(
        quotation,
        "quotation.made",
        actor=actor,
        on=on,
        number=quotation.number,
        until=(quotation.valid_until - timedelta(days=1)).isoformat(),
    )
    enqueue(PAPERS, key=f"{PAPERS}:{quotation.pk}", quotation=quotation.pk)
    return quotation


def offer_of(evaluation: Evaluation) -> dict[str, object]:
    """What the customer may see of an evaluation: no rules and no trace; those stay with the assessment."""
    whole = {key: value for key, value in to_json(evaluation).items() if key not in {"trace", "reasons", "errors"}}
    return {**whole, "plans": [{**to_json(plan), "premium": to_json(plan.premium)} for plan in evaluation.plans]}


def accepted_offer(evaluation: Evaluation, decision: Decision) -> dict[str, Any]:
    """The offer of what a person accepted: its price is no longer indicative, and the case's own terms are on it."""
    offer: dict[str, Any] = offer_of(evaluation)
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
