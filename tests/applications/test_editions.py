"""A tariff's edition changes between filling in and sending: everything is asked and judged anew (S0-06, S0-08)."""

import json
from datetime import date

import pytest

from applications.models import Application, Draft
from common.clock import frozen
from companies.models import Command
from quotations.models import Quotation
from tests import given
from tests.applications.test_steps import BICYCLE, FIRST, SECOND
from tests.applications.walk import DETAILS, Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(tmp_path):
    """A bicycle whose edition of 2027 asks for the frame's number and insures no more than 2,000."""
    definition = json.loads((given.ROOT / BICYCLE).read_text())
    first = definition["editions"][0]
    definition["editions"] = [
        {**first, "valid_until": "2027-01-01"},
        {"key": "next", "valid_from": "2027-01-01"},
    ]
    definition["questions"].insert(
        3,
        {
            "key": "frame", "type": "code", "length": 6, "characters": "digits", "recorded": True,
            "when": 'edition = "next"', "label": {"en": "What is the number of the frame?"}, "why": {"en": "By law."},
        },
    )  # fmt: skip
    for case in definition["cases"]:
        if case["as_of"] >= "2027":
            case["answers"]["frame"] = "123456"
            case["expected"]["asked"].insert(3, "frame")
    path = tmp_path / "bicycle.json"
    path.write_text(json.dumps(definition))
    return given.provider("duinhaven", str(path))


@pytest.fixture
def on(monkeypatch):
    """A function that moves the business day."""

    def move(day):
        monkeypatch.setattr("companies.views.today", lambda company: day)
        monkeypatch.setattr("quotations.tasks.day_of", lambda company, moment: day)

    return move


def visitor_at_review(on):
    on(date(2026, 12, 30))
    visitor = Visitor(language="en")
    visitor.get("/duinhaven/apply/bicycle/")
    visitor.send(**{**FIRST, "start_date": "2027-02-01"})
    visitor.send(**SECOND)
    visitor.send(**DETAILS)
    assert visitor.url.endswith("/review/")
    return visitor


def test_what_a_newer_edition_asks_is_asked_before_sending(company, on):
    visitor = visitor_at_review(on)
    on(date(2027, 1, 2))
    visitor.send(declared="on")
    assert "number of the frame" in visitor.text and 'value="1,250.00"' in visitor.text
    with given.inside(company):
        assert not Command.objects.exists()
    visitor.send(**{**FIRST, "start_date": "2027-02-01", "frame": "123456"})
    assert visitor.url.endswith("/review/")
    visitor.send(declared="on")
    given.work(company)
    with given.inside(company):
        assert Application.objects.get().answers["frame"] == "123456"


def test_what_came_in_in_the_old_year_is_judged_by_it_whenever_it_is_read(company, on):
    visitor = visitor_at_review(on)
    visitor.send(declared="on")
    with frozen(date(2027, 1, 2)):
        given.work(company)
    with given.inside(company):
        application, quotation = Application.objects.get(), Quotation.objects.get()
    assert application.submitted_on == date(2026, 12, 30) and "frame" not in application.answers
    assert (quotation.evaluation["edition"], quotation.valid_from) == ("2027", date(2026, 12, 30))


def test_what_was_sent_as_the_old_year_ended_and_came_in_in_the_new_one_comes_back(company, on):
    visitor = visitor_at_review(on)
    visitor.send(declared="on")
    on(date(2027, 1, 2))
    given.work(company)
    visitor.get(visitor.url)
    assert "Your answers are kept" in visitor.text
    with given.inside(company):
        assert not Application.objects.exists() and Draft.objects.get().answers["value"] == "1250.00"
    visitor.get(f"/duinhaven/apply/a/{visitor.secret}/")
    assert "number of the frame" in visitor.text
