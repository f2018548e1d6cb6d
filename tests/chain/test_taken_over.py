"""Contracts of the past, taken over in bulk, are what single orders would have made of them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications.models import Application
from common import clock
from companies.actor import ROBOT
from companies.doors import Door
from companies.links import open_link
from companies.models import Command, Company, Job, LinkKind
from companies.models.trail import TrailEntry
from companies.signing import ask
from ledger.models import Allocation, Entry, Line, OpenItem
from ledger.verify import verify_ledger
from policies.models import Invoice, InvoiceLine, Policy, PremiumComponent, Section
from policies.services.issue import issue_policy
from policies.services.past import Past, take_over
from portal.demo_portfolio.plan import Portfolio, Sellers, chunk
from portal.demo_portfolio.run import chunks_left, run_chunk
from products.selectors import live_versions
from quotations.models import Quotation
from quotations.services.orders import Will, take_orders
from relations.models import Party
from tests import given
from tests.world import run

pytestmark = pytest.mark.django_db
GLASS = "products/catalogue/de-contents-glass.json"
FIRST, LAST = date(2023, 1, 1), date(2026, 6, 1)


def portfolio(company: Company, count: int = 300) -> Portfolio:
    return Portfolio(company, count, FIRST, LAST, seed=7)


def pasts_of(company: Company, count: int) -> list[Past]:
    """Applications that were ordered the same day, drawn for a company; called inside it."""
    drawn = chunk(portfolio(company), 0, Sellers(list(live_versions()), []))
    return [replace(past, ordered_on=past.applied_on) for past in drawn if past.ordered_on][:count]


def statements(company: Company, pasts: list[Past]) -> int:
    """How many statements a list costs; it is rolled back."""
    with given.inside(company), CaptureQueriesContext(connection) as seen:
        take_over(pasts=pasts, company=company, actor=ROBOT)
    return len(seen)


def shape(policy: Policy) -> dict[str, Any]:
    """All that an order made, without numbers, ids and moments; called inside the company."""
    version, invoice = policy.versions.get(), policy.invoices.get()
    lines = Line.objects.filter(entry__in=Entry.objects.filter(case_id=policy.case_id)).order_by("entry", "position")
    sections = Section.objects.filter(version=version).order_by("pk")
    return {
        "policy": (policy.product.slug, policy.starts_on, policy.renews_on, policy.state, policy.order.plan,
                   policy.order.fact, policy.order.quotation.state),
        "version": (version.answers, version.terms, version.evaluation, version.plan, version.valid_from, version.net,
                    version.tax, version.fees, version.total),
        "sections": [(s.key, s.names, s.valid_from, s.valid_until, s.tax_country, s.objects_insured) for s in sections],
        "components": list(PremiumComponent.objects.filter(section__in=sections).order_by("section", "pk").values_list(
            "kind", "base", "rate", "amount")),
        "shares": [list(s.shares.values_list("insurer", "percent", "valid_from")) for s in sections],
        "invoice": (invoice.invoiced_on, invoice.term_from, invoice.term_until, invoice.plan, invoice.total),
        "lines": list(InvoiceLine.objects.filter(invoice=invoice).order_by("position").values_list(
            "position", "section__key", "kind", "names", "net", "tax_class", "tax_country", "tax_percent", "tax")),
        "instalments": list(invoice.instalments.order_by("position").values_list("due_on", "amount")),
        "books": list(lines.values_list("account__code", "booked_on", "debit", "credit", "line_of_business",
                                        "tax_code", "tax_country", "due_date")),
        "items": list(OpenItem.objects.filter(line__in=lines).order_by("entry", "position").values_list(
            "account__code", "due_date", "amount")),
        "trail": list(TrailEntry.objects.filter(case_id=policy.case_id).order_by("pk").values_list(
            "code", "on", "changed", "actor_kind")),
        "holder": list(Party.objects.filter(pk=policy.holder_id).values_list(
            "given_name", "family_name", "sort_key", "email", "birth_date", "addresses__city",
            "addresses__valid_from")),
        "application": list(Application.objects.filter(case=policy.case_id).values_list(
            "state", "answers", "parties", "channel", "submitted_on")),
        "history": [event.objects.filter(pgh_obj_id=pk).count() for event, pk in histories(policy)],
    }  # fmt: skip


def histories(policy: Policy) -> list[tuple[Any, int]]:
    models = [(Policy, policy.pk), (Party, policy.holder_id), (Quotation, policy.order.quotation_id)]
    return [(model.pgh_event_model, pk) for model, pk in models]  # type: ignore[attr-defined]


def ordered_singly(company: Company, past: Past) -> Policy:
    """The same application and order by the doors, one step after the other, on the same day; without papers."""
    with clock.frozen(past.applied_on), pytest.MonkeyPatch.context() as then:
        then.setattr("quotations.tasks.day_of", lambda company, moment: past.applied_on)
        draft = given.draft(company, answers=dict(past.answers), holder=past.parties["policyholder"])
        where = {"case_id": draft.case_id}
        link_id: int = draft.link_id  # type: ignore[attr-defined]
        run(company, given.knocked(company, "apply", **where, link_id=link_id, door=Door.FRONT, payload={}))
    with given.inside(company):
        quotation = Quotation.objects.get(**where)
        until = timezone.now() + timedelta(days=30)
        link = open_link(kind=LinkKind.CASE, addressee="customer", expires_at=until, **where)
    payload = {"plan": quotation.plan, "birth_date": past.parties["policyholder"]["birth_date"]}
    command = given.knocked(company, "order", **where, link_id=link.pk, door=Door.LINK, payload=payload)
    with given.inside(company):
        orders = take_orders([Will(quotation, command, link, past.applied_on, [])], actor=ROBOT)
        return issue_policy(order=orders[0], actor=ROBOT).policy


def test_portfolio_of_300_is_whole_and_taken_over_once(figure: Any) -> None:
    company = given.provider("quellhaven", GLASS, at=given.GERMAN)
    whole = portfolio(company)
    assert chunks_left(whole) == [0, 1]

    first, second = run_chunk(whole, 0), run_chunk(whole, 1)

    assert (first.policies, second.policies) == (250, 50)
    assert first.applications > 250
    assert chunks_left(whole) == []
    with pytest.raises(DatabaseError, match="command_once"), transaction.atomic():
        run_chunk(whole, 0)
    with given.inside(company):
        assert verify_ledger().ok
        assert Policy.objects.count() == Invoice.objects.count() == 300
        assert not Job.objects.exists()
        assert not Command.objects.exclude(state="done").exists()
        outcomes = set(Application.objects.values_list("state", flat=True))
        assert {"accepted", "declined"} <= outcomes
        figure("policies taken over", Policy.objects.count(), least=300)
        figure("receipts matched", Allocation.objects.count(), least=200)
        years = {day.year for day in Invoice.objects.values_list("invoiced_on", flat=True)}
        assert years == {2023, 2024, 2025, 2026}
        numbered = list(Invoice.objects.order_by("pk").values_list("number", flat=True))
        assert len(set(numbered)) == 300
        assert Party.objects.filter(email__endswith="@portfolio.example").count() < 300  # some came back


def test_a_list_costs_as_many_statements_as_one(figure: Any) -> None:
    company = given.provider()
    with given.inside(company):
        pasts = [replace(past, applied_on=FIRST, ordered_on=FIRST) for past in pasts_of(company, 61)]
    statements(company, pasts[:1])  # number series are there
    one, many = statements(company, pasts[1:2]), statements(company, pasts[2:])

    assert one == many
    figure("statements of a list", many)


def test_taken_over_is_what_single_orders_make() -> None:
    company, other = given.provider("duinhaven"), given.provider("zandhaven")
    with given.inside(company):
        pasts = [replace(past, plan=None) for past in pasts_of(company, 4)]
        take_over(pasts=pasts, company=company, actor=ROBOT)
        bulk = [shape(policy) for policy in Policy.objects.order_by("pk")]

    singles = [ordered_singly(other, past) for past in pasts]

    with given.inside(other):
        assert [shape(Policy.objects.get(pk=single.pk)) for single in singles] == bulk


def test_only_who_may_enter_any_company_writes_commands_of_the_past() -> None:
    company = given.provider()
    told = '[{"kind": "order", "command_id": "7b0e4d0e-6a5c-4c39-9a3e-0f6d2f0c5d11", "case_id": 1, "payload": {}}]'
    with pytest.raises(DatabaseError, match="no proof"), given.inside(company), transaction.atomic():
        ask("SELECT * FROM sec.remember(%s, %s, %s)", [told, 1, b"x"])
