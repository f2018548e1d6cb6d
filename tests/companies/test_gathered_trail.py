"""What the steps of one command record is written in one statement, and is taken back with what it tells of."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from companies.actor import ROBOT
from companies.models import Company, Module
from companies.models.trail import TrailEntry
from companies.trail import gathered_trail, record
from tests import given
from tests.companies.scenes import at

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 2)


@pytest.fixture
def company() -> Company:
    return given.company("alpha")


def note(code: str) -> None:
    record(Module.objects.earliest("pk"), code, actor=ROBOT, on=DAY)


def codes() -> list[str]:
    return list(TrailEntry.objects.filter(code__startswith="try.").order_by("pk").values_list("code", flat=True))


def inserts(seen: CaptureQueriesContext) -> int:
    return sum(query["sql"].startswith('INSERT INTO "companies_trailentry"') for query in seen)


def test_three_steps_leave_their_entries_in_one_statement_and_in_their_order(company: Company) -> None:
    with at(company), CaptureQueriesContext(connection) as seen:
        Module.objects.get_or_create(code="claims")
        with gathered_trail():
            for code in ("try.third", "try.first", "try.second"):
                note(code)
        assert codes() == ["try.third", "try.first", "try.second"]
        assert inserts(seen) == 1
        note("try.later")
        assert inserts(seen) == 2, "afterwards each is written at once"


def test_what_is_taken_back_inside_leaves_no_entry(company: Company) -> None:
    with at(company):
        Module.objects.get_or_create(code="claims")
        with gathered_trail():
            note("try.kept")
            with pytest.raises(ValueError, match="thought better"), transaction.atomic():
                note("try.taken_back")
                raise ValueError("thought better of it")
        assert codes() == ["try.kept"]


def test_a_block_that_fails_writes_nothing(company: Company) -> None:
    with at(company):
        Module.objects.get_or_create(code="claims")
        with pytest.raises(ValueError, match="refused"), transaction.atomic(), gathered_trail():
            note("try.refused")
            raise ValueError("refused")
        note("try.next")
        assert codes() == ["try.next"]
