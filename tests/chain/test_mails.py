"""One message an addressee: the adviser never gets the customer's power to order (S0-17, S0-24, traps 12)."""

import re
from typing import Any

import pytest
from django.core import mail

from companies.jobs import HANDLERS
from companies.links import secret_of
from companies.models import Company, Job, Link
from correspondence.models import Delivery, Message
from policies.models import Policy
from tests import given
from tests.chain import scenes

pytestmark = pytest.mark.django_db

ADDRESS = re.compile(r"http\S+/c/([\w-]{43})/")


def texts_of(message) -> str:
    """All that a reader of a mail can see: heads, words, and the papers as text and as bytes."""
    papers = [scenes.text_of(content) + content.decode("latin-1") for _name, content, _kind in message.attachments]
    return "\n".join([str(message.message()), message.subject, message.body, *papers])


def secrets(company: Company, addressee: str) -> list[str]:
    """The secrets of an addressee's case links, oldest first."""
    with given.inside(company):
        return [secret_of(link.nonce) for link in Link.objects.filter(kind="case", addressee=addressee).order_by("pk")]


def test_customer_and_adviser_get_a_mail_each_with_a_link_of_their_own():
    company = given.provider()
    given.adviser(company)
    given.policy(company, code="ilse-markus")
    told = [(m.to[0], [name.split("-")[0] for name, _content, _kind in m.attachments]) for m in mail.outbox]
    customer, adviser = "Sanne Verbruggen <sanne@verbruggen.example>", "Ilse Ilse-Markus <ilse@kroonlaan.example>"
    quoted, issued = ["quotation", "ipid", "application"], ["policy", "invoice", "application"]
    assert sorted(told) == sorted([(customer, quoted), (adviser, quoted), (customer, issued), (adviser, issued)])
    own, advisers = secrets(company, "customer"), secrets(company, "adviser")
    assert (len(own), len(advisers)) == (2, 1) and not set(own) & set(advisers)
    for message in mail.outbox:
        assert len(message.to) == 1
        assert not message.cc
        assert not message.bcc
        mine, others = (own, advisers) if customer in message.to else (advisers, own)
        of_quotation = "quotation-" in message.attachments[0][0]
        # the customer's second one leads to his file, where he may withdraw; the adviser's policy mail has none
        expected = mine[:1] if of_quotation else mine[1:]
        assert ADDRESS.findall(str(message.body)) == expected
        assert not any(secret in texts_of(message) for secret in [*others, *(set(mine) - set(expected))])


def test_secret_of_an_application_stands_in_no_mail():
    company = given.provider()
    draft: Any = given.draft(company)
    with given.inside(company):
        secret = secret_of(Link.objects.get(pk=draft.link_id).nonce)
    scenes.applied(company, draft)
    given.work(company)
    assert len(mail.outbox) == 1
    assert secret not in texts_of(mail.outbox[0])


def test_without_an_adviser_only_the_customer_is_written_to():
    company = given.provider()
    policy = given.policy(company)
    assert [message.to for message in mail.outbox] == [["Sanne Verbruggen <sanne@verbruggen.example>"]] * 2
    with given.inside(company):
        assert Policy.objects.get(pk=policy.pk).adviser_id is None
        assert set(Message.objects.values_list("addressee", flat=True)) == {"customer"}
        assert Delivery.objects.count() == 2


def test_filed_message_holds_no_secret():
    company = given.provider()
    given.adviser(company)
    given.quotation(company, code="ilse-markus")
    with given.inside(company):
        rows = [str(row) for row in Message.objects.values()]
    for secret in secrets(company, "customer") + secrets(company, "adviser"):
        assert not any(secret in row for row in rows)
    assert all("{link}" in row for row in rows)


def test_mail_sent_twice_is_the_same_mail():
    company = given.provider()
    given.quotation(company)
    with given.inside(company):
        job = Job.objects.get(kind="mail.send")
        HANDLERS[job.kind](job)  # as after a crash between the server's yes and the commit
        first, second = mail.outbox
        assert (
            first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"] == Message.objects.get().message_id
        )
        assert (first.to, first.subject, first.body, first.attachments) == (
            second.to,
            second.subject,
            second.body,
            second.attachments,
        )
        assert Delivery.objects.count() == 2


def test_name_with_line_ends_writes_no_heads_of_its_own():
    company = given.provider()
    draft = given.draft(company, holder={**given.HOLDER, "name": "Verbruggen\r\nBcc: all@kroonlaan.example"})
    command = scenes.applied(company, draft)
    given.work(company)
    assert command.state in {"done", "refused"}
    for message in mail.outbox:
        assert message.message()["Bcc"] is None
        assert "\n" not in message.subject
