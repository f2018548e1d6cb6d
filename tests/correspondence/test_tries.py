"""A mail server that is away over a night costs nobody his policy: mails are tried for a day, then a clerk is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from companies.actor import ROBOT
from companies.jobs import TRIES, run_job
from companies.models import Job
from companies.tasks import work
from companies.tries import PATIENT, USUAL
from correspondence.models import Addressee, Delivery, Message
from correspondence.services.mail import job_of, send_again, write
from tests import given
from tests.companies.scenes import case_of

MAILS = {
    "mail.send", "invitation.mail", "window.asked", "window.opened", "window.extended", "window.ended",
    "factor.reset", "factor.lost", "factor.changed",
}  # fmt: skip


def test_a_mail_is_tried_quickly_at_first_and_for_a_day_at_most_half_an_hour_apart():
    waits = [PATIENT.wait(failed).total_seconds() for failed in range(1, PATIENT.most)]
    assert waits[:6] == [1, 2, 4, 8, 16, 32] and max(waits) == 1800
    assert timedelta(hours=24) <= PATIENT.whole < timedelta(hours=25)
    assert {kind for kind, tries in TRIES.items() if tries == PATIENT} == MAILS


def test_other_work_fails_for_good_after_half_an_hour():
    assert USUAL.whole < timedelta(minutes=30) and USUAL.wait(11) == timedelta(minutes=10)


@pytest.fixture
def company():
    return given.company()


@pytest.fixture
def letter(company) -> Message:
    """A mail that waits to be sent."""
    with given.inside(company):
        write(
            case=case_of(company), key="word", addressee=Addressee.CUSTOMER, to=("Sanne", "sanne@verbruggen.example"),
            subject="Your policy", body="Dear Sanne", documents=[],
        )  # fmt: skip
        return Message.objects.get()


def job(company, letter: Message) -> Job:
    with given.inside(company):
        return Job.objects.get(key=job_of(letter))


def time_passes(company) -> None:
    with given.inside(company):
        Job.objects.update(due_at=timezone.now())


@pytest.fixture
def refuse(monkeypatch):
    """The mail server takes nothing; called, it does again."""

    def no(self: Any, *args: Any, **kwargs: Any) -> None:
        raise ConnectionRefusedError("nobody there")

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", no)
        yield patch.undo


def fail(company, letter: Message, times: int) -> timedelta:
    """Try so often in vain; how much time that took a worker."""
    waited = timedelta()
    for _try in range(times):
        time_passes(company)
        now = timezone.now()
        run_job(job(company, letter).ticket)
        waited += job(company, letter).due_at - now
    return waited


@pytest.mark.django_db(transaction=True)
def test_a_night_without_a_mail_server_delays_a_mail_and_loses_nothing(company, letter, refuse):
    assert fail(company, letter, PATIENT.most - 1) >= timedelta(hours=24)
    assert (job(company, letter).state, job(company, letter).attempts) == ("open", 59)
    refuse()
    time_passes(company)
    assert run_job(job(company, letter).ticket) and [sent.subject for sent in mail.outbox] == ["Your policy"]


@pytest.mark.django_db(transaction=True)
def test_given_up_after_a_day_a_clerk_sends_it_again_with_the_same_message_id(company, letter, refuse, monkeypatch):
    woken: list[Any] = []
    monkeypatch.setattr(work, "apply_async", lambda **told: woken.append(told))
    fail(company, letter, PATIENT.most)
    assert job(company, letter).state == "failed"
    refuse()
    with given.inside(company):
        send_again(message=letter, actor=ROBOT, on=given.DAY)
    waiting = job(company, letter)
    assert (waiting.state, waiting.attempts) == ("open", 0)
    assert woken == [{"args": (waiting.pk, str(waiting.ticket)), "queue": "single"}]
    assert run_job(waiting.ticket)
    with given.inside(company):
        assert Delivery.objects.filter(message=letter).count() == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == letter.message_id
