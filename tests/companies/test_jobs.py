"""Work that a transaction promised is done exactly once, whatever fails, is lost or is killed (threat A15, traps 7)."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from companies import jobs
from companies.jobs import HANDLERS, company_of_scope, enqueue, run_job, sweep
from companies.models import Company, Job, JobState, Lane, Module
from companies.tasks import sweep as sweep_task
from companies.tasks import work
from companies.tries import USUAL
from tests import given
from tests.companies.scenes import at, context, run_together
from tests.conftest import role_connection
from tests.silence import WAIT, silence

pytestmark = pytest.mark.django_db(transaction=True)
Woken = list[tuple[int, str, str]]


@pytest.fixture
def company() -> Company:
    return given.company("alpha")


@pytest.fixture
def handle(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Job], None]], None]:
    """Registers the handler of the kind `try`, for one test."""

    def register(handler: Callable[[Job], None]) -> None:
        monkeypatch.setitem(HANDLERS, "try", handler)

    return register


def switch_on_claims(job: Job) -> None:
    """A business step that can be seen: it fails if it's done twice."""
    Module.objects.create(code="claims")


def claims(company: Company) -> int:
    with at(company):
        return Module.objects.filter(code="claims").count()


def state(company: Company, job_id: int) -> Job:
    with at(company):
        return Job.objects.get(pk=job_id)


def test_promise_is_a_row_of_the_business_transaction(company: Company, woken: Woken) -> None:
    with pytest.raises(ValueError, match="thought better"), at(company):
        enqueue("try", key="once")
        raise ValueError("thought better of it")
    with at(company):
        assert not Job.objects.exists() and woken == []
        promise = enqueue("try", key="once", case=7)
        assert woken == [], "nobody is woken before the row is there to be found"
    assert woken == [(promise.job_id, str(promise.ticket), "single")]
    assert state(company, promise.job_id).ids == {"case": 7}


def test_same_key_is_the_same_promise_once_a_company(company: Company, woken: Woken) -> None:
    other = given.company("beta")
    with at(company):
        first = enqueue("try", key="invoice:1")
        assert enqueue("try", key="invoice:1") == first
        assert enqueue("try", key="invoice:2") != first
    with at(other):
        assert enqueue("try", key="invoice:1") != first
    assert len(woken) == 3


def test_two_lanes_wake_two_queues(company: Company, woken: Woken) -> None:
    with at(company):
        enqueue("try", key="many", lane=Lane.BULK)
        enqueue("try", key="one")
    assert [lane for _, _, lane in woken] == ["bulk", "single"]


def test_job_runs_inside_its_company_and_only_by_its_ticket(company: Company, handle: Any) -> None:
    seen: list[Any] = []
    handle(lambda job: seen.append((company_of_scope(), context(), job.ids)))
    with at(company):
        promise = enqueue("try", key="a", case=7)
    work(promise.job_id, str(promise.ticket))
    assert seen == [(company, (str(company.pk), "worker"), {"case": 7})]
    assert context() == ("", "")
    done = state(company, promise.job_id)
    assert (done.state, done.error, done.done_at is not None) == (JobState.DONE, "", True)
    assert run_job(promise.ticket) is False


def test_unknown_ticket_opens_nothing() -> None:
    assert run_job(uuid4()) is False


def test_history_tells_which_job_did_it(company: Company, handle: Any) -> None:
    handle(switch_on_claims)
    with at(company):
        promise = enqueue("try", key="a")
    assert run_job(promise.ticket) is True
    with at(company), connection.cursor() as cursor:
        cursor.execute(
            "select pgh_context ->> 'kind', pgh_context ->> 'job_id' from companies_moduleevent where code = 'claims'"
        )
        assert cursor.fetchall() == [("robot", str(promise.job_id))]


def test_exactly_once_with_8_workers_on_one_ticket(company: Company, handle: Any) -> None:
    handle(switch_on_claims)
    for round_ in range(5):
        with at(company):
            Job.objects.exists()
            promise = enqueue("try", key=f"round:{round_}")
        if round_:
            handle(lambda job: enqueue("never", key=f"done:{job.key}") and None)
        together = threading.Barrier(8)
        done: list[bool] = []

        def race(ticket: Any = promise.ticket, together: Any = together, done: list[bool] = done) -> None:
            try:
                together.wait(10)
                done.append(run_job(ticket))
            finally:
                connection.close()

        run_together([threading.Thread(target=race) for _ in range(8)], seconds=60)
        assert sorted(done) == [False] * 7 + [True]
        assert state(company, promise.job_id).attempts == 0
    assert claims(company) == 1
    with at(company):
        assert Job.objects.filter(key__startswith="done:").count() == 4


def test_failing_job_is_put_off_without_a_trace_of_its_work(
    company: Company, handle: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(job: Job) -> None:
        Module.objects.create(code="claims")
        raise ValueError("Jan de Wit, NL91ABNA0417164300, born 1980-01-01")

    handle(fail)
    with at(company):
        promise = enqueue("try", key="a")
    before = timezone.now()
    assert run_job(promise.ticket) is False
    job = state(company, promise.job_id)
    assert claims(company) == 0
    assert (job.state, job.attempts, job.done_at) == (JobState.OPEN, 1, None)
    assert job.error.startswith("ValueError at fail:")
    assert not {"Jan", "NL91", "1980"} & {word for word in ("Jan", "NL91", "1980") if word in job.error}
    assert before < job.due_at < timezone.now() + timedelta(seconds=5)


def test_log_of_a_failing_job_quotes_no_customer(company: Company, handle: Any) -> None:
    from companies.logs import CutSecrets

    lines: list[str] = []
    handler = logging.Handler()
    handler.addFilter(CutSecrets())
    handler.emit = lambda record: lines.append(logging.Formatter("%(message)s").format(record))  # type: ignore[method-assign]
    log = logging.getLogger("polisdesk.jobs")
    log.addHandler(handler)

    def fail(job: Job) -> None:
        try:
            raise KeyError("NL91ABNA0417164300")
        except KeyError as error:
            raise ValueError("Jan de Wit") from error

    handle(fail)
    with at(company):
        promise = enqueue("try", key="a")
    try:
        run_job(promise.ticket)
    finally:
        log.removeHandler(handler)
    (line,) = lines
    assert "builtins.KeyError" in line and "builtins.ValueError" in line and "in fail" in line
    assert "de Wit\n" not in line and "NL91ABNA0417164300\n" not in line and line.endswith("builtins.ValueError")


def test_breach_that_shows_only_at_the_end_puts_the_job_off(company: Company, handle: Any) -> None:
    """A deferred key fails when the scope is left, before the job can be marked done."""

    def link_to_nothing(job: Job) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into relations_address "
                "(company_id, party_id, street, house_number, postcode, city, country, valid_from) "
                "values (sec.company(), 987654, 'Kade', '1', '4381 AA', 'Vlissingen', 'NL', '2026-06-01')"
            )

    handle(link_to_nothing)
    with at(company):
        promise = enqueue("try", key="a")
    assert run_job(promise.ticket) is False
    job = state(company, promise.job_id)
    assert (job.state, job.attempts) == (JobState.OPEN, 1) and job.error.startswith("IntegrityError")


def test_waits_grow_and_the_last_try_asks_for_a_person(company: Company, handle: Any) -> None:
    def fail(job: Job) -> None:
        raise RuntimeError

    handle(fail)
    with at(company):
        promise = enqueue("try", key="a")
    waits = []
    for _ in range(USUAL.most):
        with at(company):
            Job.objects.filter(pk=promise.job_id).update(due_at=timezone.now())
        now = timezone.now()
        run_job(promise.ticket)
        waits.append((state(company, promise.job_id).due_at - now).total_seconds())
    assert [round(wait) for wait in waits[:5]] == [1, 2, 4, 8, 16]
    assert max(waits) < 601
    assert state(company, promise.job_id).state == JobState.FAILED
    assert run_job(promise.ticket) is False and sweep() == 0


def test_worker_whose_database_hangs_gives_up_in_time_and_does_the_job_when_it_is_back(
    company: Company, handle: Any, monkeypatch: pytest.MonkeyPatch, woken: Woken
) -> None:
    handle(switch_on_claims)
    with at(company):
        promise = enqueue("try", key="a")
    with silence(monkeypatch):
        for task in (lambda: work(promise.job_id, str(promise.ticket)), sweep_task):
            began = time.monotonic()
            with pytest.raises(OperationalError, match="timeout"):
                task()
            assert time.monotonic() - began < WAIT + 1
    woken.clear()
    assert sweep() == 1 and woken == [(promise.job_id, str(promise.ticket), "single")]
    work(promise.job_id, str(promise.ticket))
    assert state(company, promise.job_id).state == JobState.DONE and claims(company) == 1


def test_job_put_off_isnt_run_before_its_time(company: Company, handle: Any) -> None:
    handle(switch_on_claims)
    with at(company):
        promise = enqueue("try", key="a")
        Job.objects.update(due_at=timezone.now() + timedelta(minutes=1))
    assert run_job(promise.ticket) is False and sweep() == 0
    assert claims(company) == 0


def test_kind_that_nobody_handles_waits_for_the_version_that_does(company: Company) -> None:
    with at(company):
        promise = enqueue("of another version", key="a")
    assert run_job(promise.ticket) is False
    assert state(company, promise.job_id).error.startswith("KeyError")


def test_follower_starts_after_what_it_waits_for_and_is_woken_by_it(
    company: Company, handle: Any, woken: Woken
) -> None:
    order: list[str] = []
    handle(lambda job: order.append(job.key))
    with at(company):
        first, second = enqueue("try", key="first"), enqueue("try", key="second")
        last = enqueue("try", key="last", after=[first, second])
    assert run_job(last.ticket) is False
    assert run_job(first.ticket) and run_job(last.ticket) is False
    woken.clear()
    assert run_job(second.ticket)
    assert woken == [(last.job_id, str(last.ticket), "single")]
    assert run_job(last.ticket)
    assert order == ["first", "second", "last"]


def test_lost_wake_up_is_swept(company: Company, handle: Any, monkeypatch: pytest.MonkeyPatch, woken: Woken) -> None:
    """The broker is away when the transaction commits: the business stands, and the sweeper finds the row (traps 7)."""
    handle(switch_on_claims)

    def away(**kwargs: Any) -> None:
        raise ConnectionError("no broker")

    with monkeypatch.context() as patch:
        patch.setattr(work, "apply_async", away)
        with at(company):
            promise = enqueue("try", key="a")
            Module.objects.create(code="pool")
    assert woken == []
    assert sweep() == 1
    assert woken == [(promise.job_id, str(promise.ticket), "single")]
    assert run_job(promise.ticket) and claims(company) == 1
    assert sweep() == 0


def test_sweeper_adds_nothing_to_a_queue_that_is_long(
    company: Company, woken: Woken, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at(company):
        single, _bulk = enqueue("try", key="try:1"), enqueue("try", key="try:2", lane=Lane.BULK)
    woken.clear()
    monkeypatch.setattr(jobs, "queued", lambda lane: {Lane.BULK: jobs.LONG, Lane.SINGLE: jobs.LONG - 1}[lane])
    assert sweep() == 1 and [number for number, _ticket, _lane in woken] == [single.job_id]
    monkeypatch.setattr(jobs, "queued", lambda lane: 0)
    assert sweep() == 1, "it is woken as soon as the queue is short"


def test_length_of_a_queue_is_told_by_the_broker() -> None:
    lane = f"try-{uuid4()}"
    with work.app.connection_or_acquire() as broker:
        queue = broker.SimpleQueue(lane)
        for _number in range(3):
            queue.put({})
        assert jobs.queued(lane) == 3
        queue.clear()
        queue.close()
    assert jobs.queued(lane) == 0


def test_sweeper_goes_company_by_company_singles_first(company: Company, woken: Woken) -> None:
    other = given.company("beta")
    with at(company):
        enqueue("try", key="bulk", lane=Lane.BULK)
        enqueue("try", key="single")
    with at(other):
        enqueue("try", key="single")
    woken.clear()
    assert sweep() == 3
    assert sorted(lane for _, _, lane in woken) == ["bulk", "single", "single"]
    assert sweep() == 0, "what waits in a long queue isn't put there again a moment later"
    for place in (company, other):
        with at(place):
            Job.objects.update(due_at=timezone.now())
    assert sweep(limit=1) == 2, "a company with much work doesn't keep the others waiting"
    assert context() == ("", "")


def test_connection_lost_between_work_and_commit_leaves_the_job_open(company: Company, handle: Any) -> None:
    """As after kill -9 of the worker: nothing of the work stays, the job is open and is done at the next try."""

    def die(job: Job) -> None:
        Module.objects.create(code="claims")
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            (pid,) = cursor.fetchone()
        with role_connection("bo_test") as killer:
            killer.execute("select pg_terminate_backend(%s)", [pid])
        Module.objects.count()

    handle(die)
    with at(company):
        promise = enqueue("try", key="a")
    try:
        run_job(promise.ticket)
    except Exception:
        connection.close()
    connection.close()
    assert claims(company) == 0
    assert state(company, promise.job_id).state == JobState.OPEN
    with at(company):
        Job.objects.update(due_at=timezone.now())
    handle(switch_on_claims)
    assert run_job(promise.ticket) is True and claims(company) == 1


def test_worker_that_dies_before_it_says_done_did_nothing(
    company: Company, handle: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mark and the work are one transaction: the connection closes after the handler, before the commit."""
    handle(switch_on_claims)
    with at(company):
        promise = enqueue("try", key="a")
    real = jobs.do

    def do_and_die(job_id: int) -> bool:
        real(job_id)
        connection.connection.close()
        raise SystemExit

    with monkeypatch.context() as patch, pytest.raises((SystemExit, Exception)):
        patch.setattr(jobs, "do", do_and_die)
        run_job(promise.ticket)
    connection.close()
    assert claims(company) == 0
    assert state(company, promise.job_id).state == JobState.OPEN
    assert run_job(promise.ticket) is True and claims(company) == 1


def test_hook_that_fails_after_the_commit_harms_nobody(company: Company) -> None:
    """The wake-up is robust: an error in it doesn't turn a committed step into a failed request."""

    def burst() -> None:
        raise RuntimeError("after the commit")

    with at(company):
        transaction.on_commit(burst, robust=True)
        Module.objects.create(code="claims")
    assert claims(company) == 1


def test_hooks_run_with_an_empty_context(company: Company) -> None:
    seen: list[Any] = []
    with at(company):
        transaction.on_commit(lambda: seen.append((context(), Module.objects.count())), robust=True)
    assert seen == [(("", ""), 0)]


def test_office_changes_of_a_job_only_how_it_stands(company: Company) -> None:
    with at(company):
        enqueue("try", key="a")
        for column in ("kind", "key", "ids", "ticket", "lane", "after", "company_id"):
            with (
                pytest.raises(Exception, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(f"update companies_job set {column} = {column}")
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            Job.objects.all()._raw_delete("default")
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.create(kind="try", key="a")
