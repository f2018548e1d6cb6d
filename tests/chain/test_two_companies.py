"""Two companies work at one moment: orders and their mails, each by workers of its own, without effect on the other
(S2-14).
"""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from companies.jobs import run_job
from companies.models import Command, Company, Job, Link
from correspondence.models import Delivery, Message
from ledger.models import Entry
from policies.models import Invoice, Policy
from relations.models import Party
from tests import given
from tests.chain import scenes

ORDERS, WORKERS = 4, 3  # of each company


def customer(company: Company, number: int) -> dict[str, Any]:
    """A customer of whom each word says whose he is."""
    return {
        **given.HOLDER,
        "name": f"{company.slug}klant {number}",
        "email": f"klant{number}@{company.slug}.example",
    }


def tickets(company: Company) -> list[Any]:
    with given.inside(company):
        return list(Job.objects.filter(state="open").values_list("ticket", flat=True))


def work_off(company: Company, barrier: threading.Barrier, errors: list[BaseException]) -> None:
    """A worker: whatever is open in the company, until nothing is, on a connection of its own."""
    try:
        barrier.wait(60)
        for _round in range(200):
            if not (open_ones := tickets(company)):
                return
            for ticket in open_ones:
                run_job(ticket)
    except BaseException as error:
        errors.append(error)
    finally:
        connection.close()


def order_all(company: Company) -> None:
    """Each customer has a quotation and orders it; nothing is carried out yet."""
    for quoted in [given.quotation(company, holder=customer(company, number)) for number in range(ORDERS)]:
        given.ordered(company, quoted)


def standing(company: Company) -> dict[str, int]:
    """What a company has."""
    with given.inside(company):
        kinds = {"policies": Policy, "invoices": Invoice, "entries": Entry, "parties": Party, "messages": Message}
        return {name: model._base_manager.count() for name, model in kinds.items()}


@pytest.mark.django_db(transaction=True)
def test_two_companies_order_and_write_at_once(figure: Callable[..., None]) -> None:
    companies = [given.provider("duinhaven"), given.provider("zandwijk")]
    for company in companies:
        order_all(company)
    assert [standing(company)["policies"] for company in companies] == [0, 0]
    mail.outbox.clear()
    barrier, errors = threading.Barrier(WORKERS * 2), []  # type: ignore[var-annotated]
    threads = [
        threading.Thread(target=work_off, args=(company, barrier, errors))
        for company in companies
        for _worker in range(WORKERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(240)
    assert errors == []
    for company, other in zip(companies, reversed(companies), strict=True):
        found = standing(company)
        assert found == {"policies": ORDERS, "invoices": ORDERS, "entries": ORDERS, "parties": ORDERS,
                         "messages": 2 * ORDERS}  # fmt: skip
        with given.inside(company):
            assert not Job.objects.exclude(state="done").exists()
            outcomes = set(Command.objects.filter(kind="order").values_list("state", "outcome__policy"))
            assert outcomes == {("done", number) for number in Policy.objects.values_list("number", flat=True)}
            assert Delivery.objects.values("message").distinct().count() == 2 * ORDERS
            numbers = sorted(Invoice.objects.values_list("number", flat=True))
            assert [int(number[-6:]) for number in numbers] == list(range(1, ORDERS + 1))
            assert set(Link.objects.values_list("company_id", flat=True)) == {company.pk}
            assert all(other.slug not in message.body + message.to_email for message in Message.objects.all())
        assert scenes.books_are_right(company)
        figure("orders of two companies at once", found["policies"])
    written = [[letter for letter in mail.outbox if company.slug in letter.to[0]] for company in companies]
    for letters, other in zip(written, reversed(companies), strict=True):
        assert len(letters) == ORDERS
        assert not [letter for letter in letters if other.slug in f"{letter.subject} {letter.body}".lower()]
        figure("mails of two companies at once", len(letters))
    assert sum(map(len, written)) == len(mail.outbox)
