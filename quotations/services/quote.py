"""An accepted application becomes a quotation with every payment plan priced; there is no other road to one (S0-10,
S0-13).
"""

from datetime import date, timedelta

from acceptance.models import Assessment
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
def make_quotation(*, assessment: Assessment, evaluation: Evaluation, actor: Actor, on: date) -> Quotation:
    """The offer of an accepting assessment; its papers and mails are promised in the same transaction.

    Raises BusinessError where the evaluation has no price or its chosen plan isn't allowed.
    """
    application = assessment.application
    if evaluation.decision != "accept" or evaluation.premium is None or evaluation.plan is None:
        raise BusinessError("Only an accepted and priced application becomes a quotation.", code="not_accepted")
    chosen = next(plan for plan in evaluation.plans if plan.plan == evaluation.plan)
    premium = chosen.premium or evaluation.premium
    validity = compiled(application.version).definition.quotation.validity_days
    quotation = Quotation.objects.create(
        number=next_number("quotation", on=on),
        case_id=application.case_id,
        assessment=assessment,
        evaluation=offer_of(evaluation),
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
