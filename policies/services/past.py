"""Contracts of the past, taken over as if they had been applied for, quoted and ordered here: by the same steps, a
list at a time. Papers, mails and letters are not promised: they went out when the contracts were concluded.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from acceptance.models import Assessment, Outcome
from acceptance.services.assess import assess_applications
from applications.models import Draft
from applications.services.drafts import APPLY, OPEN_FOR
from applications.services.submit import Submission, submit_applications
from common.db import step
from companies.actor import Actor
from companies.links import hash_of, secret_of
from companies.models import Command, Company, Link, LinkKind
from companies.past import Asked, fulfil, remember
from companies.rows import insert_rows
from companies.series import next_numbers
from correspondence.models import Addressee
from documents.models import Case
from policies.services.issue import Issued, issue_policies, order_told
from products.language import Evaluation
from products.models import Channel, ProductVersion
from quotations.models import Quotation
from quotations.outcomes import outcome_told
from quotations.services.orders import Will, fact_asked, take_orders
from quotations.services.quote import Accepted, make_quotations
from relations.models import Party

ORDER = "order"


@dataclass(frozen=True, slots=True)
class Past:
    """What somebody applied for on a day, and on which day and plan he ordered what was offered (None: he didn't)."""

    command_id: UUID  # of the application; once a company
    version: ProductVersion
    answers: Mapping[str, Any]
    parties: Mapping[str, Any]
    language: str
    applied_on: date
    ordered_on: date | None = None
    plan: str | None = None  # None: the one of the quotation
    adviser: Party | None = None


@dataclass
class Found:
    """What an application of the past became."""

    past: Past
    case: Case
    application: Command
    assessment: Assessment
    quotation: Quotation | None = None
    order: Command | None = None
    issued: Issued | None = None


@step
def take_over(*, pasts: Sequence[Past], company: Company, actor: Actor) -> list[Found]:
    """Applications of the past with all that followed, in one transaction and a constant number of statements.

    Raises what the single steps raise: NotComplete, BusinessError, OrderRefused; then nothing of the list is kept.
    """
    cases = open_cases(pasts)
    links = open_links([(case, past.applied_on + OPEN_FOR) for case, past in zip(cases, pasts, strict=True)], company,
                       kind=LinkKind.APPLICATION)  # fmt: skip
    commands = remember(
        [
            Asked(APPLY, past.command_id, case.pk, link.pk, {})
            for past, case, link in zip(pasts, cases, links, strict=True)
        ],
        company_id=company.pk,
    )
    drafts = [draft_of(past, case, company) for past, case in zip(pasts, cases, strict=True)]
    submissions = [
        Submission(draft, command, past.applied_on, actor)
        for draft, command, past in zip(drafts, commands, pasts, strict=True)
    ]
    submitted = submit_applications(submissions)
    assessments = assess_applications(
        applications=[(application, evaluation, application.submitted_on) for application, evaluation in submitted],
        actor=actor,
        letters=False,
    )
    found = [
        Found(past, case, command, assessment)
        for past, case, command, assessment in zip(pasts, cases, commands, assessments, strict=True)
    ]
    quote(found, [evaluation for _application, evaluation in submitted], actor=actor)
    order([each for each in found if each.quotation and each.past.ordered_on], company, actor=actor)
    fulfil(
        [(each.application, outcome_told(each.assessment, each.quotation)) for each in found]
        + [(each.order, order_told(each.issued)) for each in found if each.order and each.issued]
    )
    return found


def quote(found: Sequence[Found], evaluations: Sequence[Evaluation], *, actor: Actor) -> None:
    """What was accepted becomes a quotation, on the day of its application."""
    accepted = [
        (each, Accepted(each.assessment, evaluation, each.past.applied_on))
        for each, evaluation in zip(found, evaluations, strict=True)
        if each.assessment.outcome == Outcome.ACCEPT
    ]
    quotations = make_quotations(accepted=[offer for _each, offer in accepted], actor=actor, papers=False)
    for (each, _offer), quotation in zip(accepted, quotations, strict=True):
        each.quotation = quotation


def order(found: Sequence[Found], company: Company, *, actor: Actor) -> None:
    """What was ordered becomes a policy with its invoice, on the day of its order."""
    quoted = [(each, each.quotation) for each in found if each.quotation is not None]
    expiring = [(each.case, quotation.valid_until) for each, quotation in quoted]
    links = open_links(expiring, company, kind=LinkKind.CASE)
    asked = [
        Asked(ORDER, uuid5(each.past.command_id, ORDER), each.case.pk, link.pk, wish(each.past, quotation))
        for (each, quotation), link in zip(quoted, links, strict=True)
    ]
    commands = remember(asked, company_id=company.pk)
    wills = [
        Will(quotation, command, link, each.past.ordered_on or each.past.applied_on, [])
        for (each, quotation), command, link in zip(quoted, commands, links, strict=True)
    ]
    orders = take_orders(wills, actor=actor)
    issued = issue_policies(orders=orders, actor=actor, papers=False)
    for (each, _quotation), command, policy in zip(quoted, commands, issued, strict=True):
        each.order, each.issued = command, policy


def wish(past: Past, quotation: Quotation) -> dict[str, Any]:
    """What an order says: the plan, and the fact that stands in no mail."""
    fact = fact_asked(quotation)
    holder = quotation.assessment.application.parties["policyholder"]
    return {"plan": past.plan or quotation.plan, fact: holder[fact], "documents": []}


def open_cases(pasts: Sequence[Past]) -> list[Case]:
    """A case for each application, opened on its day."""
    numbers = next_numbers("case", days=[past.applied_on for past in pasts])
    return insert_rows(
        [
            Case(
                number=number,
                product_id=past.version.product_id,
                product_version_id=past.version.pk,
                adviser=past.adviser,
                language=past.language,
                opened_on=past.applied_on,
            )
            for past, number in zip(pasts, numbers, strict=True)
        ]
    )


def open_links(cases: Sequence[tuple[Case, date]], company: Company, *, kind: LinkKind) -> list[Link]:
    """The customer's link to each case, which ended on a day; nobody was told its secret."""
    zone = ZoneInfo(company.time_zone)
    links = []
    for case, until in cases:
        nonce = uuid.uuid4()
        links.append(
            Link(
                kind=kind,
                case_id=case.pk,
                addressee=Addressee.CUSTOMER,
                expires_at=datetime.combine(until + timedelta(days=1), time.min, zone),
                nonce=nonce,
                token_hash=hash_of(secret_of(nonce)),
            )
        )
    return insert_rows(links)


def draft_of(past: Past, case: Case, company: Company) -> Draft:
    """The application as it was handed in: complete, so it is never kept as a draft."""
    return Draft(
        company=company,
        case=case,
        version=past.version,
        channel=Channel.ADVISER if past.adviser else Channel.DIRECT,
        adviser=past.adviser,
        answers=dict(past.answers),
        parties=dict(past.parties),
        declared=True,
    )
