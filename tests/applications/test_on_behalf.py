"""An adviser fills in for his client, and sends it in or hands it over (S0-05)."""

import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import Application, Draft
from companies.actor import ROBOT
from companies.models import Command, Company, TrailEntry
from documents.models import Case, Document
from products.models import Channel, Product
from products.services.channels import switch_channel
from relations.models import Appointment
from relations.services.appointments import suspend_appointment
from tests import given, world
from tests.applications.walk import DETAILS, PAGE_ONE, Visitor
from tests.chain.scenes import pdf, text_of

pytestmark = pytest.mark.django_db
HOME = "/duinhaven/advisers/"
ADDRESS = re.compile(r"http\S+(/duinhaven/apply/a/\S{43}/)")


@pytest.fixture
def company() -> Company:
    made = given.provider()
    given.adviser(made)
    return made


class Adviser(Visitor):
    """An adviser's browser, logged in at his door."""

    def __init__(self, email: str = "ilse@kroonlaan.example", language: str = "en") -> None:
        super().__init__(language=language)
        self.client = world.client_of(email)
        self.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language

    def begin(self, product: str = "nl-horse-trailer") -> Any:
        self.page = self.client.post(f"{HOME}products/{product}/begin/", follow=True)
        self.url = self.page.redirect_chain[-1][0] if self.page.redirect_chain else ""
        return self.page

    def fill_in(self) -> Any:
        """Everything up to the review."""
        self.begin()
        self.send(**PAGE_ONE)
        self.send(bought_new="yes")
        return self.send(**DETAILS)

    @property
    def number(self) -> str:
        found = re.search(r"applications/(C-[0-9-]+)/", self.url)
        assert found is not None, self.url
        return found[1]

    def address(self, page: str = "") -> str:
        return f"{HOME}applications/{self.number}/{page}"

    def press(self, page: str, token: str | None = None) -> Any:
        """Send the form of one of the draft's acts, with its own token unless one is given."""
        found = re.search(rf'action="[^"]*/{page}/".*?name="token" value="([^"]+)"', self.text, re.DOTALL)
        return self.send(self.address(f"{page}/"), token=token or (found[1] if found else None))

    def hand_over(self, company: Company) -> "Visitor":
        """Mail it to the client; his browser, where the mailed address leads."""
        self.fill_in()
        self.press("hand-over")
        given.work(company)
        client = Visitor(language="en")
        client.get(mailed())
        return client


def mailed() -> str:
    """The address in the newest mail."""
    found = ADDRESS.search(str(mail.outbox[-1].body))
    assert found is not None, mail.outbox[-1].body
    return found[1]


def the(model: Any, company: Company, **conditions: Any) -> Any:
    with given.inside(company):
        return model.objects.get(**conditions)


def test_an_adviser_sends_in_and_both_get_the_quotation(company: Company) -> None:
    ilse = Adviser()
    ilse.fill_in()
    assert ilse.url.endswith("/review/") and "My client gave me these answers" in ilse.text
    assert "Filled in by Ilse Ilse-Markus on behalf of Sanne Verbruggen." in ilse.text
    ilse.send(declared="on")
    assert ilse.url.endswith("/outcome/") and ilse.page["Refresh"] == "2"
    given.work(company)
    ilse.get(ilse.url)
    assert "s••••@verbruggen.example" in ilse.text
    application = the(Application, company)
    assert (application.filled_in_by, application.declared_by, application.channel) == ("adviser", "adviser", "adviser")
    with given.inside(company):
        assert application.membership.user.email == "ilse@kroonlaan.example"
        assert application.adviser.name == "Ilse Ilse-Markus"
    assert sorted(letter.to[0].rpartition(" ")[2] for letter in mail.outbox) == [
        "<ilse@kroonlaan.example>", "<sanne@verbruggen.example>",
    ]  # fmt: skip


def test_without_his_declaration_nothing_is_sent(company: Company) -> None:
    ilse = Adviser()
    ilse.fill_in()
    ilse.send()
    assert "declared" in ilse.errors
    with given.inside(company):
        assert not Command.objects.exists()


def test_copy_and_trail_say_who_filled_in_for_whom(company: Company) -> None:
    ilse = Adviser(language="nl")
    ilse.fill_in()
    ilse.send(declared="on")
    given.work(company)
    with given.inside(company):
        told = text_of(pdf(Document.objects.get(kind="application", translates=None)))
        entry = TrailEntry.objects.get(code="application.submitted")
        assert (entry.actor_kind, str(entry.user)) == ("adviser", "Ilse")
    assert "Ilse Ilse-Markus, adviseur, namens Sanne Verbruggen" in told
    assert "De aanvrager heeft deze antwoorden gegeven" in told
    assert "Ik heb alle vragen" not in told


def test_an_adviser_hands_over_and_the_client_declares(company: Company) -> None:
    ilse = Adviser()
    client = ilse.hand_over(company)
    assert mail.outbox[-1].to == ["Sanne Verbruggen <sanne@verbruggen.example>"]
    assert "Ilse Ilse-Markus" in str(mail.outbox[-1].body)
    ilse.get(ilse.url)
    assert "The application is with the client" in ilse.text
    assert client.url.endswith("/review/") and "Your adviser: Ilse Ilse-Markus" in client.text
    assert "My answers are true" in client.text
    assert "Filled in by Ilse Ilse-Markus on behalf of you" in client.text
    client.send(declared="on")
    given.work(company)
    client.get(client.url)
    assert "is in your mail" in client.text
    application = the(Application, company)
    assert (application.filled_in_by, application.declared_by) == ("adviser", "visitor")
    with given.inside(company):
        told = text_of(pdf(Document.objects.get(kind="application", translates=None)))
    assert "Ilse Ilse-Markus, adviser, on behalf of Sanne Verbruggen" in told
    assert "Confirmed by Sanne Verbruggen" in told
    ilse.get(ilse.address())
    assert "Quotation" in ilse.text and application.number in ilse.text


def test_what_is_with_the_client_the_adviser_can_only_take_back(company: Company) -> None:
    ilse = Adviser()
    ilse.fill_in()
    review = ilse.url
    old = ilse.token
    ilse.press("hand-over")
    given.work(company)
    for url in (review, ilse.address("questions/")):
        ilse.get(url)
        assert ilse.url == ilse.address()
    ilse.send(review, token=old, declared="on")
    with given.inside(company):
        assert [command.kind for command in Command.objects.all()] == ["hand_over"]
        assert not Draft.objects.get().declared


def test_a_client_sees_that_the_adviser_took_it_back_and_gets_a_new_address(company: Company) -> None:
    ilse = Adviser()
    client = ilse.hand_over(company)
    old, review = client.token, client.url
    ilse.send(ilse.address("take-back/"), token=None)
    assert ilse.url.endswith("/review/")
    client.send(review, token=old, declared="on")
    assert "Your adviser has your application" in client.text
    ilse.press("hand-over")
    given.work(company)
    assert client.client.get(review).status_code == 404
    client.get(mailed())
    client.send(token=old, declared="on")
    assert client.errors and client.url.endswith("/review/")
    client.send(declared="on")
    given.work(company)
    assert the(Application, company).declared_by == "visitor"


def test_the_client_declares_what_he_saw(company: Company) -> None:
    ilse = Adviser()
    client = ilse.hand_over(company)
    old, review = client.token, client.url
    client.get(review.replace("review", "questions"))
    client.send(**{**PAGE_ONE, "catalogue_value": "9900"})
    client.send(review, token=old, declared="on")
    assert "€9,900.00" in client.text and client.errors
    with given.inside(company):
        assert not Command.objects.filter(kind="apply").exists()


def test_an_application_thrown_away_is_erased_with_its_trail(company: Company) -> None:
    ilse = Adviser()
    ilse.fill_in()
    number = ilse.number
    ilse.get(ilse.address("throw-away/"))
    assert "can't be brought back" in ilse.text
    ilse.send()
    given.work(company)
    draft = the(Draft, company)
    assert (draft.answers, draft.parties, draft.discarded_at is not None) == ({}, {}, True)
    assert the(TrailEntry, company, code="draft.discarded").actor_kind == "adviser"
    for path in ("", "applications/"):
        assert number not in ilse.client.get(HOME + path).content.decode()
    for page in ("", "questions/", "outcome/", "throw-away/"):
        assert ilse.client.get(f"{HOME}applications/{number}/{page}", follow=True).status_code == 404


def test_another_advisers_application_is_not_there(company: Company) -> None:
    given.adviser(company, "rami-bos", "rami@bos.example")
    ilse, rami = Adviser(), Adviser("rami@bos.example")
    ilse.fill_in()
    for page in ("", "questions/", "details/", "review/", "outcome/", "throw-away/"):
        assert rami.client.get(ilse.address(page)).status_code == 404
    for page in ("questions/", "review/", "hand-over/", "take-back/", "throw-away/"):
        assert rami.client.post(ilse.address(page)).status_code == 404
    assert ilse.number not in rami.client.get(f"{HOME}applications/").content.decode()


def test_a_visitors_answers_by_his_link_stay_the_visitors(company: Company) -> None:
    visitor = Visitor()
    visitor.start("ilse-markus")
    number = the(Case, company).number
    for page in ("", "questions/", "throw-away/"):
        assert Adviser().client.get(f"{HOME}applications/{number}/{page}", follow=True).status_code == 404


def test_an_acts_token_fits_its_draft_only(company: Company) -> None:
    first, second = Adviser(), Adviser()
    first.fill_in()
    second.fill_in()
    found = re.search(r'hand-over/".*?name="token" value="([^"]+)"', first.text, re.DOTALL)
    assert found is not None
    for token in ("forged", found[1]):
        second.press("hand-over", token=token)
        assert "changed since this page was opened" in second.text
        second.get(second.address("review/"))
    with given.inside(company):
        assert not Command.objects.exists()


@pytest.mark.parametrize("closed", ["channel", "distributor", "suspended", "line"])
def test_what_he_may_not_sell_is_neither_listed_nor_begun(company: Company, closed: str) -> None:
    ilse = Adviser()
    assert b"Horse trailer" in ilse.client.get(f"{HOME}products/").content
    with given.inside(company):
        appointment = Appointment.objects.select_related("party").get()
        if closed in {"channel", "distributor"}:
            switch_channel(
                product=Product.objects.get(), channel=Channel.ADVISER, on=False, actor=ROBOT, day=given.DAY,
                appointment=appointment if closed == "distributor" else None,
            )  # fmt: skip
        elif closed == "suspended":
            suspend_appointment(appointment=appointment, on=given.DAY, actor=ROBOT)
        else:
            Appointment.objects.update(lines_of_business=["boats"])
    assert b"Horse trailer" not in ilse.client.get(f"{HOME}products/").content
    assert ilse.begin().status_code == 404
    with given.inside(company):
        assert not Case.objects.exists()


def test_his_products_show_insurer_documents_and_commission(company: Company) -> None:
    text = Adviser().client.get(f"{HOME}products/").content.decode()
    for told in ("Duinhaven", "Insurance product information document", "15%"):
        assert told in text.replace("\u202f", "").replace("\xa0", ""), told


def test_the_list_says_state_days_and_what_comes_next(company: Company) -> None:
    ilse = Adviser()
    ilse.fill_in()
    assert "You are filling it in" in ilse.client.get(f"{HOME}applications/").content.decode()
    ilse.press("hand-over")
    given.work(company)
    assert "With the client" in ilse.client.get(f"{HOME}applications/").content.decode()
    client = Visitor(language="en")
    client.get(mailed())
    client.send(declared="on")
    assert "being assessed" in ilse.client.get(f"{HOME}applications/").content.decode()
    given.work(company)
    text = ilse.client.get(f"{HOME}applications/").content.decode()
    assert "The client orders before" in text and the(Application, company).number in text


def test_products_take_the_same_queries_for_one_and_for_two(company: Company) -> None:
    def queries() -> int:
        ilse.client.get(f"{HOME}products/")
        with CaptureQueriesContext(connection) as seen:
            ilse.client.get(f"{HOME}products/")
        return len(seen)

    ilse = Adviser()
    one = queries()
    author, approver = (
        given.actor_of(given.member(company, f"{name}@two.example", protocol))
        for name, protocol in [("a", "product-developer"), ("b", "product-approver")]
    )
    given.live_product(company, given.PLANS, author=author, approver=approver)
    assert queries() == one
