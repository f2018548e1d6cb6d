"""A switched-off module has no job: it isn't woken, isn't done, isn't lost (S1-32)."""

import pytest

from companies.jobs import HANDLERS, MODULES, enqueue, handles, run_job, sweep
from companies.models import CompanyKind, Job, Module, ModuleCode, TrailEntry
from companies.services.modules import switch_module
from companies.trail import words
from tests import given, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(monkeypatch):
    monkeypatch.setattr("companies.jobs.HANDLERS", dict(HANDLERS))
    monkeypatch.setattr("companies.jobs.MODULES", dict(MODULES))
    ran: list[int] = []
    handles("try", module=ModuleCode.POLICIES)(lambda job: ran.append(job.pk))
    handles("other")(lambda job: ran.append(job.pk))
    return ran


def test_its_jobs_wait_and_others_run_and_switched_on_they_go_on(done, woken):
    company = given.company()
    chief = people.administrator(company)
    with given.inside(company, people.acting(chief)):
        switch_module(code="policies", turn_on=False, actor=people.acting(chief), on=given.DAY)
    with given.inside(company):
        waits, runs = enqueue("try", key="try"), enqueue("other", key="other")
    assert not run_job(waits.ticket) and run_job(runs.ticket)
    woken.clear()
    assert sweep() == 0 and woken == []
    with given.inside(company, people.acting(chief)):
        switch_module(code="policies", turn_on=True, actor=people.acting(chief), on=given.DAY)
    assert sweep() == 1 and woken == [(waits.job_id, str(waits.ticket), "single")]
    assert run_job(waits.ticket) and done == [runs.job_id, waits.job_id]
    with given.inside(company):
        assert Job.objects.get(pk=waits.job_id).attempts == 0
        told = [words(row) for row in TrailEntry.objects.filter(code__startswith="module.").order_by("pk")]
        assert Module.objects.get(code="policies").on
    assert told == ["Module switched off: Policies and invoices", "Module switched on: Policies and invoices"]


def test_a_company_without_the_module_at_all_does_no_job_of_it(done):
    company = given.company(kind=CompanyKind.BROKER)
    with given.inside(company):
        waits = enqueue("try", key="try")
    assert not run_job(waits.ticket) and done == []


def test_every_job_of_a_room_with_a_module_names_it():
    rooms = {"quotation": "products", "policy": "policies", "command.order": "policies", "command.apply": "products"}
    named = {kind: str(module) for kind, module in MODULES.items()}
    for kind in HANDLERS:
        for start, module in rooms.items():
            if kind.startswith(start):
                assert named.get(kind) == module, kind
    assert len(named) >= 9
