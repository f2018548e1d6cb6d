"""More of everything that lists and files show, beside what a small world has of each."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import uuid4

from acceptance.models import ReviewRequest
from applications.models import Application
from companies.actor import ROBOT, Actor
from companies.models import CompanyKind, Import, ImportRow, Membership, PartCode, Right
from companies.services.below import ask_for_company
from companies.trail import record
from correspondence.models import Message
from policies.services.past import Past, take_over
from portal.demo_portfolio.plan import Portfolio, Sellers, application, people
from products.selectors import live_versions
from relations.models import Party, PartyRole, Proposal, RoleCode
from relations.selectors import appointments_on
from tests import given, world
from tests.people import invited

OUTCOMES = ("accept", "offer", "refer", "decline")  # an offer is never ordered


def grow(of: world.World, number: int, *, seed: int) -> None:
    """So many more of each: contracts of others and of the world's own customer, papers, mails and trail of his case,
    drafts, people, imports with their lines, proposals, reviews. Another seed brings others.
    """
    clerk = member_of(of, f"clerk-ilse-markus@{of.company.slug}.example")
    with given.inside(of.company):
        take_over(pasts=[*of_others(of, number, seed), *of_the_customer(of, number)], company=of.company, actor=ROBOT)
        fill_files(of, number)
    for row in range(number):
        name = f"grown{seed}x{row}"
        given.draft_on_behalf(of.company, adviser=of.adviser)
        given.draft_on_behalf(of.company, clerk=clerk)
        with_company(of, given.customer(of.company, "Verbeek", f"{name}@verbeek.example"), name)
        world.employee(of.company, f"{name}@duinhaven.example", (PartCode.POLICIES, Right.VIEW))
        invited(of.company, f"{name}@invited.example")
        world.brought(of.company, clerk, name)


def member_of(of: world.World, email: str) -> Actor:
    """An employee of the world, as services know him."""
    with given.inside(of.company):
        return given.actor_of(Membership.objects.get(user__email=email))


def with_company(of: world.World, party: Party, name: str) -> None:
    """A company of its own is asked for."""
    with given.inside(of.company):
        PartyRole.objects.create(party=party, code=RoleCode.COMPANY, valid_from=given.DAY)
        ask_for_company(party_id=party.pk, name=name, slug=name, kind=CompanyKind.BROKER, language="nl", actor=ROBOT,
                        on=given.DAY)  # fmt: skip


def of_others(of: world.World, number: int, seed: int) -> Iterator[Past]:
    """Applications with each outcome, of customers of their own."""
    whole = Portfolio(of.company, number, given.DAY, given.DAY + timedelta(days=9), seed)
    sellers = Sellers(list(live_versions()), list(appointments_on(given.DAY)))
    random, waiting = whole.random(0, "grown"), iter(people(whole, 0))
    for _row, outcome in product(range(number), OUTCOMES):
        decision = "accept" if outcome == "offer" else outcome
        for past in application(uuid4(), given.DAY, decision, next(waiting), sellers, whole, random):
            yield replace(past, ordered_on=given.DAY if outcome == "accept" else None)


def of_the_customer(of: world.World, number: int) -> Iterator[Past]:
    """More policies of the world's own customer, sold by its adviser."""
    for _row in range(number):
        yield Past(
            uuid4(), of.version, given.TRAILER_ANSWERS, {"policyholder": given.HOLDER}, "nl", given.DAY,
            ordered_on=given.DAY, adviser=of.adviser,
        )  # fmt: skip


def fill_files(of: world.World, number: int) -> None:
    """More in the files of the case, the party and the import; each refusal is contested."""
    paper, mail = of.document, Message.objects.filter(case=of.case).latest("pk")
    lines = ImportRow.objects.filter(source=of.brought)
    line, last = lines.latest("line"), lines.count() + 1
    for row in range(1, number + 1):
        name = uuid4().hex
        copied(paper, public_id=uuid4(), key=name)
        copied(mail, key=name, message_id=f"<{name}@duinhaven.example>")
        copied(line, line=last + row, key=name)
        Proposal.objects.create(party_id=of.policy.holder_id, case_id=of.case.pk, changes={"phone": "0118111111"})
        record(of.policy, "policy.issued", actor=ROBOT, on=given.DAY, number=of.policy.number)
    Import.objects.filter(pk=of.brought.pk).update(counts={line.outcome: last + number - 2})
    for refused in Application.objects.filter(state="declined", review_requests=None).select_related("command"):
        ReviewRequest.objects.create(application=refused, command=refused.command, on=given.DAY)


def copied(row: Any, **said: Any) -> None:
    """One more row like it."""
    kept = {field.attname: getattr(row, field.attname) for field in row._meta.local_concrete_fields}
    generated = {"id", "recorded_at"}
    type(row).objects.create(**{name: value for name, value in (kept | said).items() if name not in generated})
