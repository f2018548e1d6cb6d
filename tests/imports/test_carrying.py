"""A worker carries an import out block by block: stopped, gone on with, killed and done again, never twice (S2-13)."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from common.errors import BusinessError
from companies.clock import today
from companies.imports import carrying
from companies.imports.services import run_import, stop_import
from companies.jobs import run_job
from companies.models import ImportRow, Job, Module
from policies.models import Policy
from relations.imports import RELATIONS
from relations.models import Party
from tests import given
from tests.imports import scenes

pytestmark = pytest.mark.django_db
ROWS = [scenes.a_relation(n) for n in range(1, 8)]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """Blocks of three lines."""
    monkeypatch.setattr(carrying, "BLOCK_OF_CHECK", 3)
    monkeypatch.setattr(carrying, "BLOCK_OF_RUN", 3)


def open_jobs(company):
    with given.inside(company):
        return list(Job.objects.filter(kind__startswith="import", state="open").order_by("pk"))


def asked(company, clerk, found):
    with given.inside(company, clerk):
        return run_import(found=found, actor=clerk, on=today(company))


def known(company):
    with given.inside(company):
        return Party.objects.filter(family_name__startswith="Naam").count()


def test_each_block_is_a_job_of_its_own_and_the_next_follows(company, clerk):
    found = scenes.checked(company, clerk, "relations", ROWS)
    assert (found.state, found.counts["would"]) == ("checked", 7)
    asked(company, clerk, found)
    seen = []
    while jobs := open_jobs(company):
        [job] = jobs
        assert job.lane == "bulk"
        run_job(job.ticket)
        seen.append((known(company), scenes.fresh(company, found).counts["would"]))
    assert seen == [(3, 4), (6, 1), (7, 0)]
    assert scenes.fresh(company, found).reconciled is True


def test_stopped_it_stands_still_and_goes_on_where_it_stood(company, clerk):
    found = scenes.checked(company, clerk, "relations", ROWS)
    asked(company, clerk, found)
    run_job(open_jobs(company)[0].ticket)
    with given.inside(company, clerk):
        stop_import(found=found, actor=clerk, on=today(company))
    given.work(company)
    found = scenes.fresh(company, found)
    assert (found.state, found.why, known(company)) == ("stopped", "person", 3)
    found = scenes.ran(company, clerk, found)
    assert (found.state, found.reconciled, known(company), found.why) == ("done", True, 7, "")


def test_a_job_of_an_earlier_time_does_nothing(company, clerk):
    found = scenes.checked(company, clerk, "relations", ROWS)
    asked(company, clerk, found)
    [old] = open_jobs(company)
    with given.inside(company, clerk):
        stop_import(found=found, actor=clerk, on=today(company))
    asked(company, clerk, found)
    assert run_job(old.ticket) is True and known(company) == 0
    given.work(company)
    assert known(company) == 7


def test_a_worker_killed_in_a_block_leaves_nothing_of_it_and_the_next_does_it_once(company, clerk, monkeypatch):
    found = scenes.checked(company, clerk, "relations", ROWS)
    asked(company, clerk, found)
    make, made = RELATIONS.make, []

    class Killed(BaseException):
        """Not an error that anybody catches."""

    def dying(told: Any, prepared: Any, row: Any, place: Any) -> Any:
        made.append(row.line)
        became = make(told, prepared, row, place)
        if len(made) == 5:
            raise Killed
        return became

    monkeypatch.setattr(RELATIONS, "make", dying)
    run_job(open_jobs(company)[0].ticket)
    [second] = open_jobs(company)
    with pytest.raises(Killed), transaction.atomic():
        run_job(second.ticket)
    assert known(company) == 3
    given.work(company)
    assert (known(company), scenes.fresh(company, found).reconciled) == (7, True)
    assert made == [2, 3, 4, 5, 6, 5, 6, 7, 8]


@pytest.mark.django_db(transaction=True)
def test_a_fault_puts_the_job_off_and_takes_the_block_back(company, clerk, monkeypatch):
    found = scenes.checked(company, clerk, "relations", ROWS)
    asked(company, clerk, found)
    make, made = RELATIONS.make, []

    def failing(told: Any, prepared: Any, row: Any, place: Any) -> Any:
        made.append(row.line)
        if len(made) == 2:
            raise RuntimeError("a fault of ours")
        return make(told, prepared, row, place)

    monkeypatch.setattr(RELATIONS, "make", failing)
    [job] = open_jobs(company)
    assert run_job(job.ticket) is False
    assert known(company) == 0 and scenes.fresh(company, found).state == "running"
    with given.inside(company):
        Job.objects.filter(pk=job.pk).update(due_at=job.due_at)
    given.work(company)
    assert known(company) == 7


def test_a_line_that_the_database_refuses_is_rejected_alone(company, clerk, monkeypatch):
    found = scenes.checked(company, clerk, "relations", ROWS[:3])
    make = RELATIONS.make

    def refused(told: Any, prepared: Any, row: Any, place: Any) -> Any:
        became = make(told, prepared, row, place)
        if row.line == 3:
            Party.objects.filter(pk=became[1]).update(email="Capital@letters.example")
        return became

    monkeypatch.setattr(RELATIONS, "make", refused)
    found = scenes.ran(company, clerk, found)
    assert (found.counts["imported"], found.counts["rejected"], found.reconciled) == (2, 1, True)
    assert scenes.rejected(company, found) == [
        (3, "", "The database refuses this line by its rule “party_email_lower”."),
    ]  # fmt: skip


def test_somebody_else_s_work_meanwhile_shows_as_a_difference(company, clerk):
    found = scenes.checked(company, clerk, "relations", ROWS)
    asked(company, clerk, found)
    run_job(open_jobs(company)[0].ticket)
    given.customer(company, "Verbeek", "otto@verbeek.example")
    given.work(company)
    found = scenes.fresh(company, found)
    assert (found.state, found.reconciled) == ("done", False)
    assert found.made == found.told == {"relations": {"count": "7"}}


def test_a_module_that_is_switched_off_stops_it(company, clerk):
    scenes.imported(company, clerk, "relations", [scenes.RELATION])
    found = scenes.checked(company, clerk, "policies", [scenes.POLICY])
    asked(company, clerk, found)
    with given.inside(company):
        Module.objects.filter(code="policies").update(on=False)
    given.work(company)
    found = scenes.fresh(company, found)
    with given.inside(company):
        assert (found.state, found.why, Policy.objects.count()) == ("stopped", "module", 0)
        Module.objects.filter(code="policies").update(on=True)
    assert scenes.ran(company, clerk, found).reconciled is True


def test_only_what_may_follow_follows(company, clerk):
    found = scenes.staged(company, clerk, "relations", ROWS)
    for step in (run_import,):
        with given.inside(company, clerk), pytest.raises(BusinessError), transaction.atomic():
            step(found=found, actor=clerk, on=today(company))
    given.work(company)
    with given.inside(company, clerk), pytest.raises(BusinessError), transaction.atomic():
        stop_import(found=found, actor=clerk, on=today(company))


POLICY = """
INSERT INTO policies_policy
  (number, case_id, order_id, import_row_id, product_id, holder_id, starts_on, renews_on, state)
SELECT 'X-1', case_id, NULL, {row}, product_id, holder_id, starts_on, renews_on, 'active' FROM policies_policy LIMIT 1
"""


def test_no_policy_without_an_order_or_a_line_of_a_running_import(company, clerk):
    scenes.imported(company, clerk, "relations", [scenes.RELATION])
    scenes.imported(company, clerk, "policies", [scenes.POLICY])
    waiting = scenes.checked(company, clerk, "policies", [scenes.POLICY | {"number": "PT-2"}])
    with given.inside(company):
        used = ImportRow.objects.get(kind="policies", outcome="imported").pk
        other = ImportRow.objects.get(kind="relations").pk
        free = ImportRow.objects.get(kind="policies", outcome="would").pk
        order = "policy_by_order_or_import"
        no_line = "no line of a running import"
        for row, words in (("NULL", order), (used, no_line), (other, no_line), (free, no_line), (0, no_line)):
            with pytest.raises(DatabaseError, match=words), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(POLICY.format(row=row))
        assert Policy.objects.count() == 1
    with given.inside(company, clerk):
        run_import(found=waiting, actor=clerk, on=today(company))
        with pytest.raises(DatabaseError, match=no_line), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(POLICY.format(row=free))  # an employee's page, not the worker
    with given.inside(company), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(POLICY.format(row=free))
        with pytest.raises(DatabaseError, match="policy_of_import_row"), transaction.atomic():
            cursor.execute(POLICY.format(row=free).replace("X-1", "X-2"))


def test_a_line_that_was_imported_stays_as_it_is(company, clerk):
    scenes.imported(company, clerk, "relations", [scenes.RELATION])
    with given.inside(company):
        changes: list[dict[str, Any]] = [{"told": {}}, {"outcome": "would", "row": None, "at": None}, {"errors": [1]}]
        for change in changes:
            with pytest.raises(DatabaseError, match="stays as it was"), transaction.atomic():
                ImportRow.objects.update(**change)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            ImportRow.objects.all().delete()
