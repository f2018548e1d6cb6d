"""Jobs of one customer run prepared statements: one plan for all values and companies, and the wall holds as before."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from companies.actor import ROBOT
from companies.jobs import HANDLERS, PREPARED, enqueue, run_job
from companies.models import Company, Job, Module
from companies.prepared import preparing
from companies.trail import record
from config.environment import database
from tests import given
from tests.companies.scenes import at

pytestmark = pytest.mark.django_db(transaction=True)
Handle = Callable[[Callable[[Job], object]], None]
OURS = "SELECT sum(generic_plans) FROM pg_prepared_statements WHERE statement LIKE %s"


@pytest.fixture
def handle(monkeypatch: pytest.MonkeyPatch) -> Handle:
    """Registers the handler of the kind `try`, for one test."""
    return lambda handler: monkeypatch.setitem(HANDLERS, "try", handler)


@pytest.fixture
def fresh() -> Iterator[None]:
    """A connection that has prepared nothing."""
    connection.close()
    yield
    connection.close()


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch, fresh: None) -> None:
    """The kind `try` has its statements prepared."""
    monkeypatch.setattr("companies.jobs.PREPARED", PREPARED | {"try"})


def run(company: Company, key: str) -> None:
    with at(company):
        promise = enqueue("try", key=key)
    assert run_job(promise.ticket) is True


def plans(text: str) -> Any:
    """How often statements with a text were run by a plan for all values; None where none is prepared."""
    with connection.cursor() as cursor:
        cursor.execute(OURS, [f"%{text}%"])
        return cursor.fetchone()[0]


def claims(job: Job) -> int:
    return Module.objects.filter(code="claims").count()


def test_one_plan_serves_two_companies_and_each_sees_its_own(handle: Handle, prepared: None) -> None:
    alpha, beta = given.company("alpha"), given.company("beta")
    with at(beta):
        Module.objects.create(code="claims")
    seen: list[tuple[str, int]] = []
    handle(lambda job: seen.append((job.key, claims(job))))
    for turn in range(3):
        run(alpha, f"alpha:{turn}")
        run(beta, f"beta:{turn}")
    assert seen == [(f"{name}:{turn}", count) for turn in range(3) for name, count in (("alpha", 0), ("beta", 1))]
    assert plans('COUNT(*) AS "__count" FROM "companies_module"') == 5, "all but the first by one plan"


def test_a_kind_that_does_not_ask_for_it_is_planned_by_its_values(handle: Handle, fresh: None) -> None:
    company = given.company("alpha")
    modes: list[str] = []

    def look(job: Job) -> None:
        claims(job)
        with connection.cursor() as cursor:
            cursor.execute("SHOW plan_cache_mode")
            modes.append(cursor.fetchone()[0])

    handle(look)
    for turn in range(3):
        run(company, f"alpha:{turn}")
    assert plans('COUNT(*) AS "__count" FROM "companies_module"') is None
    assert modes == ["auto"] * 3
    assert plans("sec.enter_job") is not None, "how a job is found and locked is the same for every kind"


def test_after_a_job_the_connection_is_as_before(handle: Handle, prepared: None) -> None:
    company = given.company("alpha")
    handle(claims)
    for turn in range(2):
        run(company, f"alpha:{turn}")
        with at(company), connection.cursor() as cursor:
            cursor.execute("SHOW plan_cache_mode")
            assert cursor.fetchone() == ("auto",)
            assert connection.connection.prepare_threshold is None


def test_what_a_job_records_is_written_at_its_end_in_one_statement(handle: Handle, prepared: None) -> None:
    company = given.company("alpha")

    def note_twice(job: Job) -> None:
        for code in ("try.first", "try.second"):
            record(job, code, actor=ROBOT.on_job(job.pk), on=date(2026, 3, 2))

    handle(note_twice)
    with CaptureQueriesContext(connection) as seen:
        run(company, "alpha:1")
    inserts = [query["sql"] for query in seen if query["sql"].startswith('INSERT INTO "companies_trailentry"')]
    assert len(inserts) == 1
    assert "try.first" in inserts[0] and "try.second" in inserts[0]


def test_a_failed_job_is_tried_again_on_the_same_connection(handle: Handle, prepared: None) -> None:
    company = given.company("alpha")
    handle(claims)
    run(company, "alpha:1")
    run(company, "alpha:2")

    def fail(job: Job) -> None:
        claims(job)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    handle(fail)
    with at(company):
        promise = enqueue("try", key="alpha:3")
    assert run_job(promise.ticket) is False
    with at(company):
        Job.objects.filter(pk=promise.job_id).update(due_at="2026-01-01T00:00:00Z")
    handle(claims)
    assert run_job(promise.ticket) is True


@pytest.mark.parametrize(
    ("told", "number", "prepares"),
    [("", "its own", True), ("", "another", False), ("prepare=1", "another", True), ("prepare=0", "its own", False)],
)
def test_statements_are_prepared_unless_a_pooler_answers_or_the_address_says_so(
    handle: Handle, prepared: None, monkeypatch: pytest.MonkeyPatch, told: str, number: str, prepares: bool
) -> None:
    address = database(f"postgresql://bo_app@host/polisdesk?{told}")
    monkeypatch.setitem(connection.settings_dict, "PREPARES", address["PREPARES"])
    if number == "another":
        monkeypatch.setattr("psycopg.ConnectionInfo.backend_pid", 0)
    company = given.company("alpha")
    handle(claims)
    for turn in range(3):
        run(company, f"alpha:{turn}")
    assert (plans("") is not None) is prepares


def test_to_ask_who_answers_ends_no_transaction(monkeypatch: pytest.MonkeyPatch, fresh: None) -> None:
    with suppress(ZeroDivisionError), transaction.atomic():
        given.company("alpha")
        monkeypatch.setattr(connection, "direct", None)
        with preparing():
            assert connection.direct is True  # type: ignore[attr-defined]
            raise ZeroDivisionError
    assert given.company("alpha").slug == "alpha", "the first was taken back"
