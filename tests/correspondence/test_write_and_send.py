"""A message is filed in the business transaction and sent by a worker, the same each time (S0-17, S0-24)."""

from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction

from companies.jobs import HANDLERS
from companies.models import Company, Job
from correspondence.models import Addressee, Delivery, Message
from correspondence.services.mail import send, write
from documents.models import Case, Document
from documents.store import fetch
from tests import given

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    """A company with a quotation that was sent."""
    made = given.provider()
    given.quotation(made)
    mail.outbox.clear()
    return made


def another(**changes: object) -> Message:
    """One more message to the customer of the only case; called inside the company."""
    told: dict[str, Any] = {
        "case": Case.objects.get(), "key": "reminder", "addressee": Addressee.CUSTOMER,
        "to": ("Sanne", "sanne@verbruggen.example"),
        "subject": "A word", "body": "Dear Sanne", "documents": list(Document.objects.order_by("pk")[:2]),
    }  # fmt: skip
    write(**(told | changes))
    return Message.objects.latest("pk")


def test_message_is_filed_with_its_papers_and_a_job(company):
    with given.inside(company):
        message = another()
        assert Job.objects.get(key=f"mail.send:{message.pk}").state == "open"
        assert mail.outbox == []
        send(message=message, company=company)
        sent = mail.outbox[0]
        papers = [(row.document.filename, fetch(row.document.file)) for row in message.enclosures.order_by("position")]
        assert [(name, content) for name, content, _kind in sent.attachments] == papers
        assert sent.reply_to == ["post@duinhaven.example"]
        assert sent.extra_headers["Message-ID"] == message.message_id


def test_line_ends_in_name_and_subject_make_no_heads(company):
    with given.inside(company):
        message = another(
            to=("Sanne\r\nBcc: all@kroonlaan.example", "sanne@verbruggen.example"), subject="A word\nBcc: x@y.example"
        )
        send(message=message, company=company)
    heads = mail.outbox[0].message()
    assert heads["Bcc"] is None
    assert len(mail.outbox[0].recipients()) == 1


def test_same_message_is_written_once_an_addressee(company):
    with given.inside(company):
        another()
        with pytest.raises(DatabaseError, match="message_once"), transaction.atomic():
            another()
        another(addressee=Addressee.ADVISER, to=("Ilse", "ilse@kroonlaan.example"))


def test_what_the_mail_server_refuses_is_not_delivered(company, monkeypatch):
    def refuse(self, *args, **kwargs):
        raise OSError("451 try again later")

    with given.inside(company):
        message = another()
        job = Job.objects.get(key=f"mail.send:{message.pk}")
        with monkeypatch.context() as patch:
            patch.setattr("django.core.mail.EmailMessage.send", refuse)
            with pytest.raises(OSError, match="451"):
                HANDLERS[job.kind](job)
        assert not Delivery.objects.filter(message=message).exists()
        HANDLERS[job.kind](job)
        assert Delivery.objects.filter(message=message).count() == 1


@pytest.mark.parametrize("change", ["to_email = 'a@b.example'", "body = ''", "message_id = 'x'"])
def test_filed_message_stays_as_it_is(company, change):
    from django.db import connection

    with given.inside(company):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE correspondence_message SET {change}")
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("DELETE FROM correspondence_delivery")
