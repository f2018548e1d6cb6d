"""A refusal is told with its reasons, and a person looks at it when the customer asks (GDPR art. 22, S0-12)."""

import re
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from acceptance.models import Decision, ReviewRequest, Stage
from acceptance.rules import promised_by
from acceptance.selectors import waiting
from applications.models import Application
from companies.clock import today
from companies.doors import Door
from companies.links import open_link
from companies.models import Command, Job, Link, LinkKind
from companies.models.trail import TrailEntry
from companies.trail import words
from documents.models import Document
from quotations.models import Quotation
from tests import given, world
from tests.acceptance import scenes
from tests.chain import scenes as chain

pytestmark = pytest.mark.django_db
RULES: list[dict[str, Any]] = [
    {"key": "D01_TOO_HIGH", "when": "insured_sum > 200000", "outcome": "decline",
     "customer": {"nl": "Boven € 200.000 verzekeren wij niet.", "en": "We don't insure above €200,000."},
     "underwriter": scenes.TEXTS},
]  # fmt: skip

TERM = {"key": "T01_STANDARD", "names": scenes.TEXTS, "text": scenes.TEXTS}


@pytest.fixture
def company(tmp_path):
    return given.provider("duinhaven", scenes.limits(tmp_path, acceptance=RULES, terms=[TERM]))


def letters(company):
    """The letters in the file as text, oldest first."""
    with given.inside(company):
        rows = Document.objects.select_related("file").filter(kind="decision").order_by("pk")
        return [chain.text_of(chain.pdf(row)) for row in rows]


def link_of(body: Any) -> str:
    """The path of the secret page in a mail."""
    found = re.search(r"https?://[^/]+(/duinhaven/c/[^/\s]+/)", str(body))
    assert found
    return found[1]


def asked(path: str, view: str = "Mijn alarm is nieuw.") -> Any:
    """The customer asks for a person on the page of the letter's mail."""
    client = Client(headers={"accept-language": "en"})
    page = client.get(path, follow=True)
    token = re.search(r'name="token" value="([^"]+)"', page.content.decode())
    assert token
    return client.post(page.redirect_chain[-1][0], {"token": token[1], "view": view}, follow=True)


def asks(company: Any, link: Link, door: Door) -> Command:
    """The request of a link, stored as its door stores it."""
    return given.knocked(company, "ask_person", case_id=link.case_id, link_id=link.pk, door=door, payload={})


def test_robots_refusal_is_told_with_fact_rule_way_out_and_review(company):
    given.adviser(company)
    scenes.applied(company, scenes.sum_of("300000"), code="ilse-markus")
    given.work(company)
    (letter,) = letters(company)
    for told in (
        "Geachte Sanne Verbruggen", "€ 300.000,00", "Boven € 200.000 verzekeren wij niet.", "Regel D01",
        "met het antwoord € 200.000,00", "geautomatiseerde beoordeling", "artikel 22 AVG", "tien werkdagen", "Kifid",
        "31 december 2029", "Ilse",
    ):  # fmt: skip
        assert told.replace("tien", "10") in letter.replace("\xa0", " "), told
    customer, adviser = sorted(mail.outbox, key=lambda sent: "Ilse" in sent.body)
    assert (customer.to[0].count("sanne@"), adviser.to[0].count("ilse@")) == (1, 1)
    assert "/c/" in customer.body and "/c/" not in adviser.body
    assert [sent.attachments[0][0] for sent in mail.outbox] == ["decision-A-2026-000001.pdf"] * 2


def test_the_way_out_is_what_that_answer_really_costs(company):
    scenes.applied(company, scenes.sum_of("300000"))
    application = scenes.applied(company, scenes.sum_of("200000"))
    given.work(company)
    with given.inside(company):
        total = Quotation.objects.get(case=application.case_id).total
    (letter,) = letters(company)
    assert f"€ {total:,.2f}".translate(str.maketrans(",.", ".,")) in letter.replace("\xa0", " ")


def test_every_robots_refusal_waits_for_review_and_a_request_brings_the_customers_view(company):
    application = scenes.applied(company, scenes.sum_of("300000"))
    given.work(company)
    with given.inside(company):
        assert [row.asked_id for row in waiting(Stage.REVIEW)] == [None]
    page = asked(link_of(mail.outbox[0].body))
    assert page.status_code == 200
    given.work(company)
    with given.inside(company):
        request = ReviewRequest.objects.get()
        assert (request.view, request.application_id) == ("Mijn alarm is nieuw.", application.pk)
        assert [row.asked_id for row in waiting(Stage.REVIEW)] == [request.pk]
        assert any("asks that a person looks" in words(row) for row in TrailEntry.objects.all())
    again = Client(headers={"accept-language": "en"}).get(link_of(mail.outbox[0].body), follow=True)
    assert "You have an answer by" in again.content.decode() and 'name="token"' not in again.content.decode()


def test_overturned_refusal_becomes_a_quotation_by_the_same_tariff(company):
    application = scenes.applied(company, scenes.sum_of("300000"))
    given.work(company)
    asked(link_of(mail.outbox[0].body))
    given.work(company)
    scenes.decided(company, application, scenes.person(company, "maud"), on=today(company))
    given.work(company)
    with given.inside(company):
        quotation = Quotation.objects.get()
        assert quotation.evaluation["decision"] == "accept" and quotation.total > 0
        assert quotation.evaluation["sha256"] == scenes.assessment(application).definition_sha256
        assert Application.objects.get(pk=application.pk).case.retention_date is None
        assert not waiting(Stage.REVIEW)
    page = Client(headers={"accept-language": "en"}).get(link_of(mail.outbox[-1].body))
    assert page.status_code == 200 and "Order with obligation to pay" in page.content.decode()


def test_confirmed_refusal_is_told_again_and_contested_before_another(company):
    application = scenes.applied(company, scenes.sum_of("300000"))
    given.work(company)
    maud, joris = scenes.person(company, "maud"), scenes.person(company, "joris")
    scenes.refused(company, application, maud)
    given.work(company)
    first, second = letters(company)
    assert "Opnieuw bekeken" in second and "Maud" in second and "Opnieuw bekeken" not in first
    with given.inside(company):
        assert not waiting(Stage.REVIEW)
    assert "dat een medewerker ernaar kijkt" in mail.outbox[-2].body
    assert "dat een andere medewerker ernaar kijkt" in mail.outbox[-1].body
    asked(link_of(mail.outbox[-1].body))
    given.work(company)
    with given.inside(company):
        assert ReviewRequest.objects.get().decision_id == Decision.objects.get().pk
        assert waiting(Stage.REVIEW).count() == 1
    assert "You decided this application before" in scenes.why_not(company, application, maud)
    scenes.refused(company, application, joris)
    given.work(company)
    assert len(letters(company)) == 3


def test_letter_of_a_person_says_who_decided_and_names_no_rule_of_the_robot(tmp_path):
    company = given.provider("duinhaven", scenes.limits(tmp_path))
    application = scenes.applied(company, scenes.sum_of("250000"))
    scenes.refused(company, application, scenes.person(company, "maud"))
    given.work(company)
    (letter,) = letters(company)
    assert "Het bedrag is ons te hoog." in letter and "Maud" in letter
    assert "Zo hoog verzekeren wij niet." not in letter


def test_only_the_customer_of_a_declined_application_asks(company):
    given.adviser(company)
    declined = scenes.applied(company, scenes.sum_of("300000"), code="ilse-markus")
    given.work(company)
    with given.inside(company):
        link = Link.objects.get(case_id=declined.case_id, kind=LinkKind.CASE)
        adviser = open_link(
            kind=LinkKind.CASE, case_id=declined.case_id, addressee="adviser", expires_at=link.expires_at
        )
    command = given.knocked(
        company, "ask_person", case_id=declined.case_id, link_id=adviser.pk, door=Door.LINK, payload={}
    )
    given.work(company)
    assert chain.again(company, command).outcome["code"] == "not_customer"
    accepted = scenes.applied(company, scenes.sum_of("1000"))
    with given.inside(company):
        link = Link.objects.get(case_id=accepted.case_id, kind=LinkKind.APPLICATION)
    command = given.knocked(
        company, "ask_person", case_id=accepted.case_id, link_id=link.pk, door=Door.FRONT, payload={}
    )
    given.work(company)
    assert chain.again(company, command).outcome["code"] == "not_declined"
    with given.inside(company):
        assert not ReviewRequest.objects.exists()
        assert not Job.objects.filter(state="failed").exists() and Command.objects.exists()


def test_the_adviser_finds_the_letter_among_his_papers_and_no_other_adviser_does(company):
    given.adviser(company)
    given.adviser(company, "rami-bos", "rami@bos.example")
    application = scenes.applied(company, scenes.sum_of("300000"), code="ilse-markus")
    given.work(company)
    with given.inside(company):
        letter = Document.objects.get(kind="decision")
        number = application.case.number
    ilse, rami = (world.client_of(email) for email in ("ilse@kroonlaan.example", "rami@bos.example"))
    address = f"/duinhaven/advisers/documents/{letter.public_id}/"
    page = ilse.get(f"/duinhaven/advisers/cases/{number}/")
    assert address in page.content.decode() and "/c/" not in page.content.decode()
    assert "Regel D01" in chain.text_of(ilse.get(address).content)
    assert rami.get(address).status_code == 404


@pytest.mark.parametrize(
    ("at", "stage", "since", "by"),
    [
        (given.DUTCH, Stage.REFERRAL, date(2026, 4, 24), date(2026, 4, 28)),
        (given.GERMAN, Stage.REFERRAL, date(2026, 4, 30), date(2026, 5, 4)),
        (given.AMERICAN, Stage.SPECIAL, date(2026, 11, 24), date(2026, 11, 30)),
        (given.AMERICAN, Stage.REVIEW, date(2026, 12, 23), date(2027, 1, 8)),
    ],
)
def test_an_answer_is_promised_by_the_working_days_of_the_companys_country(at, stage, since, by):
    assert promised_by(stage, since, country=at["country"]) == by
