"""Save and come back by link: one mail a wish, some a day, and an ended address says so (S0-05)."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from applications.models import Draft
from applications.services import drafts
from common import formats
from companies.jobs import run_job
from companies.models import Command, Job, Link
from correspondence.models import Message
from tests import given
from tests.applications.walk import Visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return given.provider()


@pytest.fixture
def visitor(company):
    """Somebody in the middle of an application."""
    found = Visitor(language="en")
    found.start()
    return found


def later(visitor):
    return f"/duinhaven/apply/a/{visitor.secret}/later/"


def ask(visitor, email="sanne@verbruggen.example"):
    visitor.get(later(visitor))
    return visitor.send(email=email)


@pytest.fixture
def ended(company, monkeypatch):
    """Addresses that end the moment they are given."""
    monkeypatch.setattr(drafts, "OPEN_FOR", timedelta(0))


def test_the_button_keeps_what_was_typed_and_shows_the_address(company, visitor):
    visitor.send(bought_new="", go="later")
    assert visitor.url == later(visitor)
    assert f"http://testserver/duinhaven/apply/a/{visitor.secret}/" in visitor.text
    with given.inside(company):
        until = timezone.localtime(Link.objects.get().expires_at, ZoneInfo(company.time_zone)).date()
        assert "questions-2" in Draft.objects.get().unfinished
    assert f"kept until {formats.day_in_prose(until)}" in visitor.text


def test_one_mail_carries_the_address(company, visitor):
    ask(visitor)
    assert "on its way to s••••@verbruggen.example" in visitor.text
    given.work(company)
    (sent,) = mail.outbox
    assert sent.to == ["sanne@verbruggen.example"] and not sent.attachments
    assert f"/duinhaven/apply/a/{visitor.secret}/" in sent.body
    with given.inside(company):
        message = Message.objects.get()
        assert visitor.secret not in message.body and "{link}" in message.body
        assert Command.objects.get().outcome == {}


def test_the_mailed_address_goes_on_where_one_stopped(company, visitor):
    ask(visitor)
    given.work(company)
    address = next(line for line in mail.outbox[0].body.splitlines() if "/apply/a/" in line)
    another = Visitor(language="en")
    another.get("/" + address.split("/", 3)[3])
    assert another.url.endswith("/questions-2/")


def test_a_form_sent_twice_mails_once(company, visitor):
    visitor.get(later(visitor))
    token = visitor.token
    for _time in range(2):
        visitor.send(later(visitor), token=token, email="sanne@verbruggen.example")
    given.work(company)
    assert len(mail.outbox) == 1


def test_three_mails_a_day_then_a_word(company, visitor):
    for _time in range(4):
        ask(visitor)
    assert "mailed 3 times within a day" in visitor.text and "on its way" not in visitor.text
    given.work(company)
    assert len(mail.outbox) == 3


def test_one_mailbox_is_not_flooded_from_many_applications(company, visitor):
    ask(visitor, "victim@example.nl")
    shown = visitor.text
    for _time in range(6):
        other = Visitor(language="en")
        other.start()
        ask(other, "Victim@example.nl")
    given.work(company)
    assert len(mail.outbox) == 5
    assert "on its way to v••••@example.nl" in shown and "on its way to v••••@example.nl" in other.text


@pytest.mark.parametrize("email", ["", "sanne", "sanne@verbruggen.example\nBcc: x@y.example", "a@b.nl, c@d.nl"])
def test_a_wrong_address_is_told_and_mails_nothing(company, visitor, email):
    ask(visitor, email)
    assert set(visitor.errors) == {"email"}
    with given.inside(company):
        assert not Command.objects.exists()


def test_an_ended_address_says_so_and_offers_a_new_beginning(ended, visitor):
    for step in ("", "questions/", "review/", "later/", "outcome/"):
        page = visitor.get(f"/duinhaven/apply/a/{visitor.secret}/{step}")
        assert page.status_code == 410
        assert "This link has ended" in visitor.text
        assert 'href="/duinhaven/apply/nl-horse-trailer/"' in visitor.text
    assert visitor.client.post(f"/duinhaven/apply/a/{visitor.secret}/questions/", {"token": "x"}).status_code == 410


def test_an_ended_address_of_an_adviser_leads_back_to_him(company, ended):
    given.adviser(company)
    visitor = Visitor(language="en")
    visitor.start("ilse-markus")
    assert visitor.page.status_code == 410
    assert 'href="/duinhaven/apply/nl-horse-trailer/via/ilse-markus/"' in visitor.text


def test_a_revoked_address_says_nothing(ended, company, visitor):
    with given.inside(company):
        Link.objects.update(revoked_at=timezone.now())
    assert visitor.get(f"/duinhaven/apply/a/{visitor.secret}/").status_code == 404


def test_an_application_that_was_sent_leads_to_its_outcome(company):
    visitor = Visitor(language="en")
    visitor.walk_to_review()
    visitor.send(declared="on")
    visitor.get(later(visitor))
    assert visitor.url.endswith("/outcome/")


def test_no_mail_goes_out_for_what_was_sent_meanwhile(company):
    visitor = Visitor(language="en")
    visitor.walk_to_review()
    ask(visitor)
    visitor.get(f"/duinhaven/apply/a/{visitor.secret}/review/")
    visitor.send(declared="on")
    with given.inside(company):
        sending = Job.objects.get(kind="command.apply")
    run_job(sending.ticket)
    given.work(company)
    assert not [sent for sent in mail.outbox if "/apply/a/" in sent.body]
