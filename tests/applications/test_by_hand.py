"""The office enters an application by hand, for itself or for an adviser (S2-36, S2-38)."""

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from applications.models import Application, Draft
from companies.actor import ROBOT
from companies.models import Command, Company, PartCode, Right, TrailEntry
from documents.models import Case, Document
from policies.models import Policy
from products.models import Channel, Product
from products.services.channels import switch_channel
from quotations.models import Quotation
from relations.models import Party, Proposal
from tests import given, world
from tests.applications.walk import DETAILS, PAGE_ONE, Visitor
from tests.chain.scenes import pdf, text_of

pytestmark = pytest.mark.django_db
HOME = "/duinhaven/office/applications/"


@pytest.fixture(autouse=True)
def office_process(settings: Any) -> None:
    settings.ROOT_URLCONF = "config.urls.everything"


@pytest.fixture
def company() -> Company:
    made = given.provider()
    given.adviser(made)
    given.member(made, "nora@duinhaven.example", "policy-clerk")
    return made


class Clerk(Visitor):
    """An employee's browser in the office."""

    def __init__(self, email: str = "nora@duinhaven.example", language: str = "en") -> None:
        super().__init__(language=language)
        self.client = world.client_of(email)
        self.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language

    def get(self, url: str) -> Any:
        with override_settings(ROOT_URLCONF="config.urls.office"):
            return super().get(url)

    def send(self, url: str | None = None, **data: Any) -> Any:
        with override_settings(ROOT_URLCONF="config.urls.office"):
            return super().send(url, **data)

    def begin(self, product: str = "nl-horse-trailer", **said: str) -> Any:
        self.get(f"{HOME}new/")
        return self.send(token=None, product=product, **said)

    def fill_in(self, **said: str) -> Any:
        """Everything up to the review."""
        self.begin(**said)
        self.send(**PAGE_ONE)
        self.send(bought_new="yes")
        return self.send(**DETAILS)


def the(model: Any, company: Company, **conditions: Any) -> Any:
    with given.inside(company):
        return model.objects.get(**conditions)


def test_an_application_by_hand_becomes_a_policy(company: Company) -> None:
    nora = Clerk()
    nora.fill_in()
    assert "The client gave us these answers" in nora.text
    nora.send(declared="on")
    given.work(company)
    nora.get(nora.url)
    assert "is on its way to the client at s••••@verbruggen.example" in nora.text
    application = the(Application, company)
    assert (application.channel, application.filled_in_by, application.declared_by) == (
        "office",
        "employee",
        "employee",
    )
    with given.inside(company):
        assert application.membership.user.email == "nora@duinhaven.example" and application.adviser_id is None
    assert [letter.to for letter in mail.outbox] == [["Sanne Verbruggen <sanne@verbruggen.example>"]]
    given.ordered(company, the(Quotation, company))
    given.work(company)
    assert the(Policy, company).adviser_id is None


def test_the_copy_names_the_employee_and_the_client(company: Company) -> None:
    nora = Clerk()
    nora.fill_in()
    nora.send(declared="on")
    given.work(company)
    with given.inside(company):
        told = text_of(pdf(Document.objects.get(kind="application")))
        assert str(TrailEntry.objects.get(code="application.submitted").user) == "Nora"
        number = Case.objects.get().number
    assert "Nora van Duinhaven namens Sanne Verbruggen" in told
    page = nora.client.get(f"/duinhaven/office/cases/{number}/").content.decode()
    assert "Nora on behalf of Sanne Verbruggen" in page


def test_it_is_attributed_to_an_adviser_who_gets_the_papers(company: Company) -> None:
    ilse = the(Party, company, email="ilse@kroonlaan.example")
    nora = Clerk()
    nora.fill_in(adviser=ilse.number)
    nora.send(declared="on")
    given.work(company)
    assert the(Application, company).adviser_id == ilse.pk
    assert len(mail.outbox) == 2
    page = world.client_of("ilse@kroonlaan.example").get(f"/duinhaven/advisers/cases/{the(Case, company).number}/")
    assert "Duinhaven" in page.content.decode() and "Nora" not in page.content.decode()


def test_a_known_clients_details_stand_ready_and_only_proposals_come_of_changes(company: Company) -> None:
    first = given.policy(company)
    with given.inside(company):
        known = Party.objects.get(pk=first.holder_id)
    nora = Clerk()
    nora.get(f"{HOME}new/?q=verbruggen")
    assert known.number in nora.text
    nora.begin(party=known.number)
    nora.send(**PAGE_ONE)
    nora.send(bought_new="yes")
    assert 'value="Dorpsstraat"' in nora.text and 'value="sanne@verbruggen.example"' in nora.text
    nora.send(**{**DETAILS, "street": "Nieuwstraat", "birth_date": "1987-05-18", "email": "s@nieuw.example"})
    nora.send(declared="on")
    given.work(company)
    with given.inside(company):
        application = Application.objects.latest("pk")
        quotation = Quotation.objects.latest("pk")
    assert application.known_id == known.pk
    given.ordered(company, quotation, birth_date="1987-05-18")
    given.work(company)
    with given.inside(company):
        assert Policy.objects.latest("pk").holder_id == known.pk
        again = Party.objects.get(pk=known.pk)
        assert (again.email, again.addresses.get().street) == ("sanne@verbruggen.example", "Dorpsstraat")
        assert Proposal.objects.latest("pk").changes["street"] == "Nieuwstraat"


def test_relations_are_searched_by_who_may_view_them(company: Company) -> None:
    given.policy(company)
    world.employee(company, "typist@duinhaven.example", (PartCode.APPLICATIONS, Right.INPUT))
    number = the(Party, company, email="sanne@verbruggen.example").number
    typist = Clerk("typist@duinhaven.example")
    typist.get(f"{HOME}new/?q=verbruggen&party={number}")
    assert "Sanne" not in typist.text and "Find the client" not in typist.text
    typist.begin(party=number)
    with given.inside(company):
        assert Draft.objects.get().known_id is None


def test_a_switched_off_office_begins_nothing(company: Company) -> None:
    with given.inside(company):
        switch_channel(product=Product.objects.get(), channel=Channel.OFFICE, on=False, actor=ROBOT, day=given.DAY)
    nora = Clerk()
    nora.get(f"{HOME}new/")
    assert "The office sells nothing at present" in nora.text
    nora.begin()
    with given.inside(company):
        assert not Draft.objects.exists()
    visitor = Visitor(language="en")
    visitor.start()
    assert visitor.url.endswith("/questions-2/")


def test_an_adviser_who_does_not_sell_it_is_refused(company: Company) -> None:
    ilse = the(Party, company, email="ilse@kroonlaan.example")
    with given.inside(company):
        switch_channel(product=Product.objects.get(), channel=Channel.ADVISER, on=False, actor=ROBOT, day=given.DAY)
    nora = Clerk()
    nora.begin(adviser=ilse.number)
    assert "who does not" in " ".join(nora.errors["adviser"])
    nora.begin()
    assert nora.url.endswith("/questions/")


def test_the_drafts_list_shows_facts_of_theirs_and_a_number_of_visitors(company: Company) -> None:
    with given.inside(company):
        ilse = Party.objects.select_related("membership").get(email="ilse@kroonlaan.example")
    hers = given.draft_on_behalf(company, adviser=ilse)
    visitors = [Visitor(), Visitor()]
    for visitor in visitors:
        visitor.start()
    nora = Clerk()
    nora.begin()
    page = nora.client.get(f"{HOME}drafts/")
    text = page.content.decode()
    assert hers.case.number in text and "Ilse" in text and "Verbruggen" not in text
    assert "2 visitors are filling in" in text
    assert page.context["page"].paginator.count == 2
    assert nora.client.get(f"{HOME}drafts/?channel=office").context["page"].paginator.count == 1
    assert nora.client.get(f"{HOME}drafts/?channel=adviser").context["page"].paginator.count == 1


def test_the_office_throws_away_and_takes_over_with_trail(company: Company) -> None:
    with given.inside(company):
        ilse = Party.objects.select_related("membership").get(email="ilse@kroonlaan.example")
    gone, taken = (given.draft_on_behalf(company, adviser=ilse) for _ in range(2))
    nora = Clerk()
    nora.get(f"{HOME}drafts/{gone.case.number}/throw-away/")
    nora.send(token=None)
    nora.get(f"{HOME}drafts/{taken.case.number}/take-over/")
    assert "stays attributed" in nora.text
    nora.send(token=None)
    assert nora.url.endswith("/questions-2/") or nora.url.endswith("/review/")
    with given.inside(company):
        assert Draft.objects.get(pk=gone.pk).answers == {}
        assert Draft.objects.get(pk=taken.pk).filled_in_by == "employee"
        assert set(TrailEntry.objects.filter(code__startswith="draft.").values_list("code", flat=True)) == {
            "draft.discarded", "draft.read", "draft.taken_over",
        }  # fmt: skip
    extranet = world.client_of("ilse@kroonlaan.example")
    for draft in (gone, taken):
        assert extranet.get(f"/duinhaven/advisers/applications/{draft.case.number}/", follow=True).status_code == 404
    portfolio = extranet.get("/duinhaven/advisers/").content.decode()
    assert gone.case.number not in portfolio and taken.case.number in portfolio


def test_a_visitors_draft_is_neither_opened_nor_thrown_away_in_the_office(company: Company) -> None:
    visitor = Visitor()
    visitor.start()
    number = the(Case, company).number
    nora = Clerk()
    for page in ("", "questions/", "throw-away/", "take-over/"):
        assert nora.client.get(f"{HOME}drafts/{number}/{page}", follow=True).status_code == 404
    for page in ("throw-away/", "take-over/"):
        assert nora.client.post(f"{HOME}drafts/{number}/{page}").status_code == 404
    assert the(Draft, company).answers


def test_a_colleague_goes_on_and_is_who_filled_in(company: Company) -> None:
    given.member(company, "omar@duinhaven.example", "policy-clerk")
    nora, omar = Clerk(), Clerk("omar@duinhaven.example")
    nora.fill_in()
    omar.get(nora.url)
    omar.send(declared="on")
    given.work(company)
    with given.inside(company):
        assert str(Application.objects.get().membership.user) == "Omar"


def test_intake_shows_every_channel_and_who_filled_in(company: Company) -> None:
    nora = Clerk()
    nora.fill_in()
    nora.send(declared="on")
    given.quotation(company)
    given.quotation(company, code="ilse-markus")
    given.work(company)
    for channel, count in (("office", 1), ("direct", 1), ("adviser", 1), ("", 3)):
        page = nora.client.get(f"{HOME}?channel={channel}")
        assert page.context["page"].paginator.count == count, channel
    assert "Office" in page.content.decode() and "Nora" in page.content.decode()


def test_drafts_take_the_same_queries_at_2_and_12_rows(company: Company) -> None:
    def queries() -> int:
        nora.client.get(f"{HOME}drafts/")
        with CaptureQueriesContext(connection) as seen:
            assert nora.client.get(f"{HOME}drafts/").status_code == 200
        return len(seen)

    nora = Clerk()
    with given.inside(company):
        ilse = Party.objects.select_related("membership").get(email="ilse@kroonlaan.example")
    for _ in range(2):
        given.draft_on_behalf(company, adviser=ilse)
    few = queries()
    for _ in range(10):
        given.draft_on_behalf(company, adviser=ilse)
    assert queries() == few


def test_a_form_sent_twice_makes_one_application(company: Company) -> None:
    nora = Clerk()
    nora.fill_in()
    url, token = nora.url, nora.token
    nora.send(url, token=token, declared="on")
    nora.send(url, token=token, declared="on")
    given.work(company)
    with given.inside(company):
        assert Command.objects.count() == Application.objects.count() == 1
