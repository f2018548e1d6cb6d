"""What nobody ordered is closed after its last day, in bulk, and never under a customer's hands (S0-23)."""

import threading
import time
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from celery.signals import worker_ready
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from common.clock import frozen
from companies.actor import ROBOT
from companies.clock import day_of, today
from companies.doors import Door
from companies.models import Command, TrailEntry
from companies.trail import words
from config.celery import app
from quotations.models import Order, Quotation, QuotationState
from quotations.services.expire import expire_quotations
from quotations.services.orders import quotation_for_update
from quotations.tasks import expire as expire_task
from quotations.tasks import expire_all
from tests import given, world

pytestmark = pytest.mark.django_db
OPEN, ORDERED, EXPIRED = QuotationState.OPEN, QuotationState.ORDERED, QuotationState.EXPIRED


@pytest.fixture
def company():
    return given.provider()


def offers(company, number: int) -> list[Quotation]:
    """Open quotations without papers and mails."""
    for place in range(number):
        opened: Any = given.draft(company, holder={**given.HOLDER, "email": f"s{place}@verbruggen.example"})
        where = {"case_id": opened.case_id, "link_id": opened.link_id}
        world.run(company, given.knocked(company, "apply", **where, door=Door.FRONT, payload={}))
    with given.inside(company):
        return list(Quotation.objects.filter(state=OPEN).order_by("pk"))


def states(company) -> list[str]:
    with given.inside(company):
        return list(Quotation.objects.order_by("pk").values_list("state", flat=True))


def expire(company, on: date) -> int:
    with given.inside(company):
        return expire_quotations(actor=ROBOT, on=on)


def test_an_offer_is_closed_after_its_last_day_and_its_file_says_so(company):
    (quoted,) = offers(company, 1)
    last_day = quoted.valid_until - timedelta(days=1)
    assert expire(company, last_day) == 0 and states(company) == [OPEN]
    assert expire(company, quoted.valid_until) == 1 and states(company) == [EXPIRED]
    assert expire(company, quoted.valid_until) == 0
    with given.inside(company):
        (entry,) = TrailEntry.objects.filter(code="quotation.expired")
    assert (entry.case_id, entry.on, entry.actor_kind) == (quoted.case_id, quoted.valid_until, "robot")
    assert quoted.number in words(entry) and str(last_day.day) in words(entry)


def test_an_ordered_one_stays_ordered(company):
    ordered = given.policy(company)
    with given.inside(company):
        quoted = Quotation.objects.get(case=ordered.case_id)
    assert expire(company, quoted.valid_until) == 0 and states(company) == [ORDERED]


def test_each_company_s_offers_end_by_its_own_day():
    dutch = given.provider()
    western = given.provider("kustlijn", at={**given.DUTCH, "time_zone": "America/Chicago"})
    (here,), (there,) = offers(dutch, 1), offers(western, 1)

    def midnight(of: date, zone: str) -> datetime:
        return datetime.combine(of, datetime.min.time(), ZoneInfo(zone))

    with frozen(midnight(there.valid_until, "Europe/Amsterdam")):
        expire_all()
    assert states(western) == [OPEN]
    with frozen(midnight(here.valid_until, "Europe/Amsterdam")):
        expire_all()
    assert states(dutch) == [EXPIRED]
    with frozen(midnight(there.valid_until, "America/Chicago")):
        expire_all()
    assert states(western) == [EXPIRED]


def test_one_company_s_closing_leaves_its_neighbour_alone(company):
    neighbour = given.provider("kustlijn")
    (mine,), (theirs,) = offers(company, 1), offers(neighbour, 1)
    assert expire(company, max(mine.valid_until, theirs.valid_until)) == 1
    assert (states(company), states(neighbour)) == ([EXPIRED], [OPEN])


def test_thirty_take_as_many_statements_as_three(company):
    taken = []
    for number in (3, 30):
        last = offers(company, number)[-1]
        with given.inside(company), CaptureQueriesContext(connection) as found:
            assert expire_quotations(actor=ROBOT, on=last.valid_until) == number
        taken.append(len(found))
    assert taken == [3, 3]


def test_it_is_done_each_hour_and_when_a_worker_starts(monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(expire_task, "apply_async", lambda queue: asked.append(queue))
    worker_ready.send(sender=None)
    assert asked == ["bulk"]
    assert app.conf.beat_schedule["expire"]["task"] == expire_task.name in app.tasks


def test_an_order_that_comes_after_it_says_why(company):
    quoted = given.quotation(company)
    expire(company, quoted.valid_until)
    command = given.ordered(company, quoted)
    given.work(company)
    with given.inside(company):
        told = Command.objects.get(pk=command.pk)
    assert (told.state, told.outcome["code"]) == ("refused", "expired")
    assert quoted.number in told.outcome["message"] and states(company) == [EXPIRED]


def test_an_order_that_came_in_before_counts_for_its_day_whenever_a_worker_comes_to_it(company):
    quoted = given.quotation(company)
    command = given.ordered(company, quoted)
    assert expire(company, quoted.valid_until) == 0 and states(company) == [OPEN]
    with frozen(quoted.valid_until):
        given.work(company)
    with given.inside(company):
        order = Order.objects.get(quotation=quoted)
    assert states(company) == [ORDERED]
    assert order.on == day_of(company, command.recorded_at) < quoted.valid_until


def test_an_application_that_came_in_before_counts_for_its_day_whenever_a_worker_comes_to_it(company):
    came_in = today(company)
    opened: Any = given.draft(company, answers={**given.TRAILER_ANSWERS, "start_date": came_in.isoformat()})
    where = {"case_id": opened.case_id, "link_id": opened.link_id}
    given.knocked(company, "apply", **where, door=Door.FRONT, payload={})
    with frozen(came_in + timedelta(days=1)):
        given.work(company)
    with given.inside(company):
        assert Quotation.objects.get().valid_from == came_in


@pytest.mark.parametrize(("start", "end"), [("expired", "open"), ("expired", "ordered"), ("ordered", "expired")])
def test_the_database_refuses_every_way_back(company, start, end):
    (quoted,) = offers(company, 1)
    with given.inside(company), connection.cursor() as cursor:
        cursor.execute("update quotations_quotation set state = %s where id = %s", [start, quoted.pk])
        with pytest.raises(DatabaseError, match=f"no move from {start} to {end}"), transaction.atomic():
            cursor.execute("update quotations_quotation set state = %s where id = %s", [end, quoted.pk])


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_locks where not granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_one_that_is_being_ordered_at_that_moment_is_waited_for_and_not_closed(company):
    being_ordered, given_up = offers(company, 2)
    closed: list[int] = []

    def close() -> None:
        try:
            with frozen(given_up.valid_until):
                closed.append(expire_all())
        finally:
            connection.close()

    closing = threading.Thread(target=close)
    with given.inside(company):
        for row in (being_ordered, given_up):
            assert quotation_for_update(row.case_id)
        closing.start()
        until = time.monotonic() + 20
        while not waits_for_a_lock() and time.monotonic() < until:
            time.sleep(0.02)
        assert waits_for_a_lock() and closed == []
        Quotation.objects.filter(pk=being_ordered.pk).update(state=ORDERED)
    closing.join(20)
    assert closed == [1] and states(company) == [ORDERED, EXPIRED]
