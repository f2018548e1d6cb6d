"""Whatever fails on the way of an order, nothing of it stays; the same job then carries it out (DESIGN section 3)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError, connection

from companies.jobs import run_job
from companies.models import Company, Job
from policies.models import InsurerShare, Invoice, Policy
from policies.services import invoicing, issue
from quotations.services import orders
from tests import given
from tests.chain import scenes

STEPS = [
    (orders, "record_orders"), (issue, "register_customers"), (issue, "next_numbers"), (issue, "add_sections"),
    (invoicing, "next_numbers"), (invoicing, "invoice_lines"), (issue, "draw_invoices"), (invoicing, "premium_lines"),
    (invoicing, "commission_lines"), (invoicing, "post_many"), (issue, "book_invoices"), (issue, "record_many"),
    (issue, "enqueue_many"),
]  # fmt: skip


class Fault(Exception):
    """What the test lets go wrong."""


@pytest.fixture
def ordered(transactional_db: None) -> tuple[Company, Job]:
    """An order that waits for the worker, of a quotation by an adviser."""
    company = given.provider()
    given.adviser(company)
    command = given.ordered(company, given.quotation(company, code="ilse-markus"))
    with given.inside(company):
        return company, Job.objects.get(key=f"command:{command.pk}")


def failing(real: Callable[..., Any]) -> Callable[..., Any]:
    """Does its work, and then all goes wrong."""

    def run(*args: Any, **kwargs: Any) -> Any:
        real(*args, **kwargs)
        raise Fault

    return run


def carry_out(company: Company, job: Job) -> bool:
    scenes.due_now(company)
    return run_job(job.ticket)


@contextmanager
def failing_at(number: int) -> Iterator[list[str]]:
    """Statements to the database until the given one, which isn't carried out any more."""
    seen: list[str] = []

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        if len(seen) == number:
            raise Fault
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield seen


def test_fault_after_each_step_leaves_nothing(ordered: tuple[Company, Job]) -> None:
    company, job = ordered
    before = scenes.counts(company)
    for module, name in STEPS:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, name, failing(getattr(module, name)))
            assert carry_out(company, job) is False, name
        assert scenes.counts(company) == before, name
    check_done(company, job)


def test_fault_at_each_statement_leaves_nothing(ordered: tuple[Company, Job]) -> None:
    company, job = ordered
    before = scenes.counts(company)
    number = 0
    while True:
        number += 1
        scenes.due_now(company)
        with failing_at(number) as seen:
            try:
                done = run_job(job.ticket)
            except Fault:  # at the statement that looks for the job: the sweeper comes back to it
                done = False
        if done or len(seen) < number:
            break
        assert scenes.counts(company) == before, seen[-1]
    assert number > 30  # each statement of the order was one of them
    check_done(company, job, done=done)


def test_error_at_commit_leaves_nothing(ordered: tuple[Company, Job]) -> None:
    company, job = ordered
    before = scenes.counts(company)
    scenes.due_now(company)
    commits: list[int] = []
    real = connection._commit  # type: ignore[attr-defined]

    def commit() -> None:
        commits.append(1)
        if len(commits) == 1:
            raise OperationalError("the server closed the connection")
        real()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "_commit", commit)
        assert run_job(job.ticket) is False
    assert scenes.counts(company) == before
    check_done(company, job)


def test_database_refuses_at_commit_what_does_not_add_up(ordered: tuple[Company, Job]) -> None:
    company, job = ordered
    before = scenes.counts(company)
    real = issue.add_sections

    def too_much(contracts: Any) -> None:
        real(contracts)
        section = next(iter(contracts[0].sections.values()))
        InsurerShare.objects.create(
            section=section, percent=Decimal(10), valid_from=section.valid_from + timedelta(days=1)
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(issue, "add_sections", too_much)
        assert carry_out(company, job) is False
    with given.inside(company):
        assert "IntegrityError" in Job.objects.get(pk=job.pk).error
    assert scenes.counts(company) == before
    check_done(company, job)


def check_done(company: Company, job: Job, *, done: bool | None = None) -> None:
    """Without a fault the same job makes the policy, with the first invoice number and right books."""
    assert carry_out(company, job) if done is None else done
    with given.inside(company):
        assert Policy.objects.count() == 1
        assert Invoice.objects.get().number.endswith("-000001")
    assert scenes.books_are_right(company)
