"""One quotation is ordered once, however often and at the same moment somebody orders it."""

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from companies.actor import Actor, ActorKind
from companies.commands import knock
from companies.doors import Door
from companies.jobs import run_job
from companies.links import open_link
from companies.models import Command, Company, Job, LinkKind
from ledger.models import Entry, OpenItem
from policies.models import Invoice, Policy
from quotations.models import Order, Quotation
from relations.models import Party
from tests import given
from tests.chain import scenes

THREADS, LINKS = 50, 5


def order_by_itself(company: Company, visitor: Actor, payload: dict[str, Any], barrier: threading.Barrier) -> None:
    """A request of the public door and the worker it wakes, on a connection of their own, all at one moment."""
    try:
        given.become("bo_public")
        barrier.wait(60)
        with given.inside(company, visitor):
            number = knock(kind="order", command_id=uuid.uuid4(), payload=payload, address="192.0.2.7")
        given.become("bo_app")
        with given.inside(company):
            ticket = Job.objects.get(key=f"command:{number}").ticket
        run_job(ticket)
    finally:
        connection.close()


def visitors(company: Company, quotation: Quotation) -> list[Actor]:
    """The customer at several of his links to the case."""
    expires = timezone.now() + timedelta(days=30)
    with given.inside(company):
        links = [scenes.customer_link(quotation)] + [
            open_link(kind=LinkKind.CASE, case_id=quotation.case_id, addressee="customer", expires_at=expires)
            for _number in range(LINKS - 1)
        ]
    return [Actor(kind=ActorKind.VISITOR, door=Door.LINK, case_id=quotation.case_id, link_id=link.pk) for link in links]


@pytest.mark.django_db(transaction=True)
def test_fifty_orders_at_one_moment_make_one_policy():
    company = given.provider()
    quotation = given.quotation(company)
    with given.inside(company):
        payload = {"plan": quotation.plan, "birth_date": "1986-04-17", "documents": scenes.shown_papers(quotation)}
    barrier = threading.Barrier(THREADS)
    links = visitors(company, quotation)
    threads = [
        threading.Thread(target=order_by_itself, args=(company, links[place % LINKS], payload, barrier))
        for place in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    with given.inside(company):
        policy, invoice = Policy.objects.get(), Invoice.objects.get()
        outcomes = list(
            Command.objects.filter(kind="order").values_list("state", "outcome__policy", "outcome__invoice")
        )
        assert outcomes == [("done", policy.number, invoice.number)] * THREADS
        assert (Order.objects.count(), Party.objects.count()) == (1, 1)
        assert [(entry.source, entry.reference) for entry in Entry.objects.all()] == [
            ("policies.invoice", invoice.number)
        ]
        assert OpenItem.objects.count() == 1
        assert Job.objects.filter(kind="policy.papers").count() == 1
    assert scenes.books_are_right(company)


@pytest.mark.django_db
def test_same_form_sent_twice_is_one_command():
    company = given.provider()
    quotation = given.quotation(company)
    with given.inside(company):
        link = scenes.customer_link(quotation)
        payload = {"plan": quotation.plan, "birth_date": "1986-04-17", "documents": scenes.shown_papers(quotation)}
    visitor = Actor(kind=ActorKind.VISITOR, door=Door.LINK, case_id=quotation.case_id, link_id=link.pk)
    number, numbers = uuid.uuid4(), []
    for _time in range(2):
        given.become("bo_public")
        with given.inside(company, visitor):
            numbers.append(knock(kind="order", command_id=number, payload=payload, address="192.0.2.7"))
        given.become("bo_app")
        given.work(company)
    assert numbers[0] == numbers[1]
    with given.inside(company):
        assert Command.objects.filter(kind="order").count() == 1
        assert (Policy.objects.count(), Invoice.objects.count(), Entry.objects.count()) == (1, 1, 1)


@pytest.mark.django_db
def test_ordered_again_later_answers_with_the_first_policy():
    company = given.provider()
    policy = given.policy(company)
    with given.inside(company):
        quotation = Quotation.objects.get()
    before = scenes.counts(company)
    second = scenes.order(company, quotation)
    assert (second.state, second.outcome["policy"]) == ("done", policy.number)
    assert scenes.counts(company) | {"jobs": 0} == before | {"jobs": 0}
