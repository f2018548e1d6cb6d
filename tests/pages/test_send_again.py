"""A mail that wasn't delivered stands on the start page, and its Case holds the button that sends it again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from companies.models import Job, PartCode, Right, TrailEntry
from companies.trail import words
from correspondence.models import Delivery, Message
from correspondence.services.mail import job_of
from tests import given, world

pytestmark = pytest.mark.django_db
OFFICE = "/duinhaven/office/"


@pytest.fixture
def stuck(here):
    """A mail of the policy's Case that the mail server never took; gives what its job is told."""
    with given.inside(here.company):
        message = Message.objects.create(
            case=here.case, key="stuck", addressee="customer", to_email="sanne@verbruggen.example", to_name="Sanne",
            subject="Your policy", body="Dear Sanne", message_id="<stuck@polisdesk.example>", language="nl",
        )  # fmt: skip
        job = Job.objects.create(key=job_of(message), kind="mail.send", ids={"message": message.pk})

    def told(**values):
        with given.inside(here.company):
            Job.objects.filter(pk=job.pk).update(**values)
            return Job.objects.get(pk=job.pk)

    told(state="failed", attempts=60, error="ConnectionRefusedError at connect:1")
    return told


@pytest.fixture
def clerk(here):
    return world.client_of("all@duinhaven.example")


def page(here):
    return f"{OFFICE}cases/{here.case.number}/messages/"


def again(client, here, message="<stuck@polisdesk.example>"):
    return client.post(f"{page(here)}again/", {"message": message}, follow=True)


def reader(here, *rights):
    world.employee(here.company, "reader@duinhaven.example", *rights)
    return world.client_of("reader@duinhaven.example")


def test_whoever_may_open_the_case_reads_on_his_start_page_that_a_mail_was_not_delivered(here, stuck):
    client = reader(here, (PartCode.POLICIES, Right.VIEW))
    group = next(g for g in client.get(OFFICE).context["groups"] if g.title == "Mails that were not delivered")
    assert (group.count, [(item.title, item.about, item.url) for item in group.items]) == (
        1, [("Your policy", "Sanne", page(here))],
    )  # fmt: skip
    stuck(state="open")
    group = next(g for g in client.get(OFFICE).context["groups"] if g.title == "Mails that were not delivered")
    assert (group.count, group.items) == (0, [])


def test_a_clerk_sends_it_again_and_the_trail_says_so(here, clerk, stuck):
    shown = clerk.get(page(here)).content.decode()
    assert "tried 60 times, for a day" in shown and 'aria-label="Send again: Your policy"' in shown
    response = again(clerk, here)
    assert response.redirect_chain == [(page(here), 302)] and "on its way" in response.content.decode()
    job = stuck()
    assert (job.state, job.attempts) == ("open", 0) and job.due_at <= timezone.now()
    with given.inside(here.company):
        entry = TrailEntry.objects.filter(code="message.again").get()
        assert (entry.case_id, words(entry)) == (here.case.pk, "A mail that had not been delivered sent again")
    assert "is being sent this moment" in again(clerk, here).content.decode()


def test_between_two_tries_it_may_be_sent_at_once(here, clerk, stuck):
    later = timezone.now() + timedelta(minutes=25)
    stuck(state="open", attempts=14, due_at=later)
    assert "tried 14 times, next" in clerk.get(page(here)).content.decode()
    again(clerk, here)
    assert stuck().due_at < later and stuck().attempts == 0


def test_one_that_went_out_is_not_sent_twice(here, clerk, stuck):
    stuck(state="done")
    with given.inside(here.company):
        Delivery.objects.create(message=Message.objects.get(key="stuck"))
    assert "Send again" not in clerk.get(page(here)).content.decode()
    assert "has gone out" in again(clerk, here).content.decode() and stuck().state == "done"


def test_who_only_reads_gets_no_button_and_is_refused(here, stuck):
    client = reader(here, (PartCode.POLICIES, Right.VIEW))
    assert "Send again" not in client.get(page(here)).content.decode()
    assert again(client, here).status_code == 403 and stuck().state == "failed"


def test_a_mail_of_another_case_is_not_found(here, clerk, stuck):
    assert again(clerk, here, message="<other@polisdesk.example>").status_code == 404
    assert stuck().state == "failed"
