"""An adviser fills in for his client, and sends it in or hands it over; the database holds who did what (S0-05)."""

import re

import pytest
from django.core import mail

from applications.models import Application, Draft
from companies.models import TrailEntry
from documents.models import Document
from tests import given, world
from tests.applications.walk import DETAILS, PAGE_ONE, Visitor
from tests.chain.scenes import pdf, text_of

pytestmark = pytest.mark.django_db
HOME = "/duinhaven/advisers/"


@pytest.fixture
def company():
    made = given.provider()
    given.adviser(made)
    return made


class Adviser(Visitor):
    """An adviser's browser, logged in at his door."""

    def __init__(self, email="ilse@kroonlaan.example", language="en"):
        super().__init__(language=language)
        self.client = world.client_of(email)
        self.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language

    def begin(self, product="nl-horse-trailer"):
        self.page = self.client.post(f"{HOME}products/{product}/begin/", follow=True)
        self.url = self.page.redirect_chain[-1][0]
        return self.page

    def fill_in(self):
        """Everything up to the review."""
        self.begin()
        self.send(**PAGE_ONE)
        self.send(bought_new="yes")
        return self.send(**DETAILS)

    @property
    def number(self):
        return re.search(r"applications/(C-[0-9-]+)/", self.url)[1]

    def press(self, page, token=None):
        """Send the form of one of the draft's acts."""
        found = re.search(rf'action="[^"]*/{page}/".*?name="token" value="([^"]+)"', self.text, re.DOTALL)
        return self.send(f"{HOME}applications/{self.number}/{page}/", token=token or (found[1] if found else None))


def the(model, company, **conditions):
    with given.inside(company):
        return model.objects.get(**conditions)


def test_adviser_sends_in_and_both_get_the_quotation(company):
    ilse = Adviser()
    ilse.fill_in()
    assert ilse.url.endswith("/review/") and "My client gave me these answers" in ilse.text
    ilse.send(declared="on")
    assert ilse.url.endswith("/outcome/") and ilse.page["Refresh"] == "2"
    draft = the(Draft, company)
    assert (draft.filled_in_by, draft.channel, draft.adviser.name) == ("adviser", "adviser", "Ilse Ilse-Markus")
    given.work(company)
    ilse.get(ilse.url)
    assert "s••••@verbruggen.example" in ilse.text
    application = the(Application, company)
    assert (application.filled_in_by, application.declared_by) == ("adviser", "adviser")
    assert application.membership.user.email == "ilse@kroonlaan.example"
    assert sorted(letter.to[0].rpartition(" ")[2] for letter in mail.outbox) == [
        "<ilse@kroonlaan.example>", "<sanne@verbruggen.example>",
    ]  # fmt: skip


def test_the_copy_says_who_filled_in_for_whom(company):
    ilse = Adviser(language="nl")
    ilse.fill_in()
    ilse.send(declared="on")
    given.work(company)
    with given.inside(company):
        told = text_of(pdf(Document.objects.get(kind="application")))
        entry = TrailEntry.objects.get(code="application.submitted")
    assert "Ilse Ilse-Markus, adviseur, namens Sanne Verbruggen" in told
    assert "Ik heb alle vragen" not in told
    assert (entry.actor_kind, entry.user.email) == ("adviser", "ilse@kroonlaan.example")


def test_adviser_hands_over_and_the_client_declares(company):
    ilse = Adviser()
    ilse.fill_in()
    ilse.press("hand-over")
    assert "is being mailed" in ilse.text
    given.work(company)
    ilse.get(ilse.url)
    assert "The application is with the client" in ilse.text
    letter = mail.outbox[-1]
    assert letter.to == ["Sanne Verbruggen <sanne@verbruggen.example>"] and "Ilse Ilse-Markus" in letter.body
    address = re.search(r"http\S+(/duinhaven/apply/a/\S{43}/)", letter.body)[1]
    client = Visitor(language="en")
    client.get(address)
    assert client.url.endswith("/review/") and "Your adviser: Ilse Ilse-Markus" in client.text
    client.send(declared="on")
    given.work(company)
    client.get(client.url)
    assert "is in your mail" in client.text
    application = the(Application, company)
    assert (application.filled_in_by, application.declared_by) == ("adviser", "visitor")
    with given.inside(company):
        told = text_of(pdf(Document.objects.get(kind="application")))
    assert "Ilse Ilse-Markus, adviser, on behalf of Sanne Verbruggen" in told
    assert "Confirmed by Sanne Verbruggen" in told
