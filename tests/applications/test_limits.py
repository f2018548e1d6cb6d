"""Held up by rate, not by a puzzle: a page in words, and no answer lost (threats A27)."""

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from applications import limits
from applications.models import Draft
from companies.limits import Limit, seconds_to_wait
from companies.models import Command
from tests import given
from tests.applications.test_steps import BICYCLE, FIRST, SECOND
from tests.applications.walk import DETAILS, Visitor, named

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return given.provider("duinhaven", BICYCLE)


@pytest.fixture
def tight(monkeypatch):
    """A function that sets the limits of one act."""

    def tighten(act, one, together=1000):
        pair = (Limit(f"{act}-one", one, 3600), Limit(f"{act}-all", together, 3600))
        monkeypatch.setitem(limits.LIMITS, act, pair)

    return tighten


def begin(address="192.0.2.1", **changes):
    visitor = Visitor(language="en")
    visitor.client.defaults["REMOTE_ADDR"] = address
    visitor.get("/duinhaven/apply/bicycle/")
    visitor.send(**{**FIRST, **changes})
    return visitor


def held_up(visitor):
    page = visitor.page
    return page.status_code == 429 and int(page["Retry-After"]) > 0 and "Nothing is lost" in visitor.text


def test_one_machine_opens_so_many_applications_an_hour_and_another_still_may(company, tight):
    tight("open", 2)
    for _time in range(2):
        assert begin().url.endswith("/questions-2/")
    third = begin(value="777.00")
    assert held_up(third) and 'value="777.00"' in third.text and "Retry" not in third.text
    assert begin("198.51.100.7").url.endswith("/questions-2/")
    with given.inside(company):
        assert Draft.objects.count() == 3


def test_what_was_held_up_can_be_sent_later_from_the_page_it_stands_on(company, tight):
    tight("open", 1)
    begin()
    second = begin()
    assert held_up(second)
    tight("open", 5)
    second.send(**FIRST)
    assert second.url.endswith("/questions-2/")


def test_all_machines_together_open_so_many_at_one_company(company, tight):
    given.provider("kustwacht", BICYCLE)
    tight("open", 10, together=2)
    begin("192.0.2.1"), begin("192.0.2.2")
    assert held_up(begin("192.0.2.3"))
    other = Visitor("kustwacht", "en")
    other.get("/kustwacht/apply/bicycle/")
    other.send(**FIRST)
    assert other.url.endswith("/questions-2/")


def test_steps_are_counted_and_nothing_typed_is_lost(company, tight):
    visitor = begin()
    tight("send", 1)
    visitor.send(distance="far")
    assert "far" in visitor.text and visitor.page.status_code == 200
    visitor.send(distance="12.5", remarks="It is red")
    assert held_up(visitor) and 'value="12.5"' in visitor.text and "It is red" in visitor.text


def test_sending_in_is_counted(company, tight):
    visitor = begin()
    visitor.send(**SECOND)
    visitor.send(**DETAILS)
    tight("submit", 0)
    visitor.send(declared="on")
    assert held_up(visitor)
    with given.inside(company):
        assert not Command.objects.exists()


def test_mails_are_counted(company, tight):
    visitor = begin()
    tight("mail", 1)
    for expected in (False, True):
        visitor.get(f"/duinhaven/apply/a/{visitor.secret}/later/")
        visitor.send(email="sanne@verbruggen.example")
        assert held_up(visitor) is expected


def test_files_are_counted(company, tight):
    visitor = begin(value="4,000.00")
    visitor.send(**SECOND)
    visitor.send()
    tight("file", 0)
    visitor.send(files=SimpleUploadedFile("a.png", b"x"), go="add")
    assert held_up(visitor)


def test_looking_too_often_just_shows_nothing_new(company, tight):
    visitor = Visitor(language="en")
    visitor.get("/duinhaven/apply/bicycle/")
    tight("look", 1)
    answers = [
        visitor.client.post(visitor.url, named(FIRST), headers={"HX-Request": "true"}).status_code for _time in "ab"
    ]
    assert answers == [200, 204]


def test_a_count_that_cannot_be_kept_holds_nobody_up(monkeypatch):
    def down(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(cache, "incr", down)
    assert seconds_to_wait(Limit("x", 0, 60), "somebody") == 0


def test_counting_begins_anew_after_its_time(monkeypatch):
    limit, now = Limit("x", 1, 60), 1_800_000_000.0
    monkeypatch.setattr("companies.limits.time.time", lambda: now)
    assert [seconds_to_wait(limit, "a") for _time in "abc"] == [0, 60, 60]
    assert seconds_to_wait(limit, "b") == 0
    monkeypatch.setattr("companies.limits.time.time", lambda: now + 60)
    assert seconds_to_wait(limit, "a") == 0
