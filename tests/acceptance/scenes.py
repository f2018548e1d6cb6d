"""What the tests of people's decisions start from: applications that wait, and the people who decide them."""

import json
import uuid
from pathlib import Path
from typing import Any, cast

import pytest
from django.db import transaction

from acceptance.models import Assessment, Countersignature, Decision, Verdict
from acceptance.services.decide import ChosenTerm, countersign, decide
from applications.models import Application
from applications.services.behalf import send_in
from common.errors import BusinessError
from companies.actor import Actor
from companies.models import Act, Command, Company, PartCode, Right
from relations.models import Party
from tests import given, world
from tests.chain import scenes

P, R = PartCode, Right
REFERRED = {**given.TRAILER_ANSWERS, "theft_devices": []}
ACCEPTOR = [(P.ACCEPTANCE, r) for r in R] + [(P.APPLICATIONS, R.VIEW), (P.QUOTATIONS, R.VIEW), (P.POLICIES, R.VIEW)]
OFFICER = [(P.QUOTATIONS, r) for r in R] + [(P.APPLICATIONS, R.VIEW), (P.ACCEPTANCE, R.VIEW)]
ACCEPTING: dict[str, Any] = {"verdict": Verdict.ACCEPT, "reason": "The stock stands high and dry.", "on": given.DAY}
REFUSING = {"verdict": Verdict.DECLINE, "told": "Het bedrag is ons te hoog."}
TEXTS = {"nl": "Zo hoog verzekeren wij niet.", "en": "We don't insure such a sum."}
LIMITS: list[dict[str, Any]] = [
    {"key": "R01_HIGH", "when": "insured_sum > 200000", "outcome": "refer", "authority": "acceptor",
     "customer": TEXTS, "underwriter": {"nl": "Bedrag {insured_sum}.", "en": "Sum {insured_sum}."}},
    {"key": "R02_VERY_HIGH", "when": "insured_sum > 300000", "outcome": "refer", "authority": "head_of_acceptance",
     "customer": TEXTS, "underwriter": {"nl": "Bedrag {insured_sum}.", "en": "Sum {insured_sum}."}},
    {"key": "S01_ROUND", "when": "insured_sum = 111111", "outcome": "special",
     "customer": TEXTS, "underwriter": {"nl": "Bedrag {insured_sum}.", "en": "Sum {insured_sum}."}},
    {"key": "D01_TOO_HIGH", "when": "insured_sum > 400000", "outcome": "decline",
     "customer": TEXTS, "underwriter": {"nl": "Bedrag {insured_sum}.", "en": "Sum {insured_sum}."}},
]  # fmt: skip


def limits(folder: Path, **changes: Any) -> str:
    """The product of the trial with rules of each outcome, and a term that only a person puts on."""
    told = json.loads((given.ROOT / given.PLANS).read_text(encoding="utf-8"))
    extra = {
        "key": "T09_SAFE", "names": {"nl": "Kluis", "en": "Safe"}, "forced": True,
        "text": {"nl": "Bewaar het in een kluis, tot {insured_sum}.", "en": "Keep it in a safe, up to {insured_sum}."},
    }  # fmt: skip
    forcing = {
        "key": "A09_SAFE", "when": "insured_sum = 99999", "outcome": "accept", "term": "T09_SAFE",
        "customer": TEXTS, "underwriter": TEXTS,
    }  # fmt: skip
    changes = {"acceptance": [*LIMITS, forcing], "terms": [*told["terms"], extra], **changes}
    return scenes.definition(folder, **changes)


def sum_of(amount: str) -> dict[str, Any]:
    """The answers of the trial's product with an insured sum."""
    return {**scenes.PLANS_ANSWERS, "insured_sum": amount}


def person(company: Company, name: str, *acts: Act, officer: bool = False) -> Actor:
    """An employee who accepts, or a quotation officer."""
    rights = OFFICER if officer else ACCEPTOR
    return given.actor_of(world.employee(company, f"{name}@{company.slug}.example", *rights, acts=acts))


def applied(company: Company, answers: dict[str, Any], **kwargs: Any) -> Application:
    """An application handed in and assessed."""
    scenes.applied(company, given.draft(company, answers=answers, **kwargs))
    with given.inside(company):
        return Application.objects.select_related("case", "version__product").latest("pk")


def by_hand(
    company: Company, clerk: Actor | None = None, adviser: Party | None = None, sender: Actor | None = None
) -> Application:
    """A referral that an employee, or an adviser at his door, filled in for the customer, sent in and assessed."""
    opened = given.draft_on_behalf(company, clerk=clerk, adviser=adviser, slug="nl-horse-trailer", answers=REFERRED)
    actor = sender or clerk or given.adviser_actor(cast(Party, adviser))
    with given.inside(company, actor):
        number = send_in(case_id=opened.case_id, command_id=uuid.uuid4(), address=None, on=given.DAY)
    with given.inside(company):
        command = Command.objects.get(pk=number)
    world.run(company, command)
    with given.inside(company):
        return Application.objects.select_related("case", "version__product").latest("pk")


def decided(company: Company, application: Application, actor: Actor, *terms: ChosenTerm, **changes: Any) -> Decision:
    """An accepting decision, or another."""
    with given.inside(company, actor):
        return decide(application_id=application.pk, actor=actor, terms=terms, **{**ACCEPTING, **changes})


def why_not(company: Company, application: Application, actor: Actor, *terms: ChosenTerm, **changes: Any) -> str:
    """The sentence with which a decision is turned away."""
    with given.inside(company, actor), pytest.raises(BusinessError) as caught, transaction.atomic():
        decide(application_id=application.pk, actor=actor, terms=terms, **{**ACCEPTING, **changes})
    return str(caught.value)


def countersigned(company: Company, proposal: Decision, actor: Actor, *, agreed: bool = True) -> Countersignature:
    """The second name under a proposal."""
    with given.inside(company, actor):
        return countersign(decision_id=proposal.pk, agreed=agreed, reason="Seen.", actor=actor, on=given.DAY)


def why_no_name(company: Company, proposal: Decision, actor: Actor) -> str:
    """The sentence with which a second name is turned away."""
    with given.inside(company, actor), pytest.raises(BusinessError) as caught, transaction.atomic():
        countersign(decision_id=proposal.pk, agreed=True, reason="Seen.", actor=actor, on=given.DAY)
    return str(caught.value)


def refused(company: Company, application: Application, actor: Actor) -> Decision:
    """A refusal by a person."""
    return decided(company, application, actor, **REFUSING)


def assessment(application: Application) -> Assessment:
    """The robot's decision; called inside the company."""
    return Assessment.objects.get(application=application)
