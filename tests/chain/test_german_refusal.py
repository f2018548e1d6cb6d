"""A German customer is declined by the robot, asks for a person, and is declined again: all he reads is German."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from companies.models import Company
from documents.models import Document
from tests import given
from tests.acceptance import scenes as people
from tests.chain import scenes
from tests.chain.test_german import ANSWERS, HOLDER, left_in

pytestmark = pytest.mark.django_db
GLASS_ALONE: dict[str, Any] = {
    "contents": False, "glass": True, "living_area_m2": "140", "dwelling_type": "house", "other_glass_buildings": False,
    "conservatory": False, "contents_policy_elsewhere": False, "payment_frequency": "half_yearly",
    "direct_debit": False,
}  # fmt: skip
TOLD = "Zwei Wasserschäden in drei Jahren sind uns zu viel."
ROBOTS = [
    "Wir können Ihnen diese Versicherung nicht anbieten", "Guten Tag Mara Feldhoff", "Warum wir ablehnen",
    "Glas versichern wir nur neben einer Hausratversicherung", "Regel D01 von Hausrat- und Glasversicherung",
    "automatisch", "Artikel 22 DSGVO", "10 Arbeitstagen", "Versicherungsombudsmann", "BaFin",
    "Ilse Ilse-Markus", "Ihre Daten", "bis zum 31. Dezember 2029", "Mit freundlichen Grüßen",
]  # fmt: skip
PERSONS = [TOLD, "Guten Tag Mara Feldhoff", "von Maud", "DSGVO", "Warum wir ablehnen", "Mit freundlichen Grüßen"]


@pytest.fixture
def company() -> Company:
    made = given.provider("lindenquell-test", "products/catalogue/de-contents-glass.json", at=given.GERMAN)
    given.adviser(made, language="de")
    return made


def applied(company: Company, answers: dict[str, Any]) -> Any:
    found = people.applied(company, answers, holder=HOLDER, language="de", code="ilse-markus")
    given.work(company)
    return found


def letters(company: Company) -> list[str]:
    with given.inside(company):
        rows = Document.objects.select_related("file").filter(kind="decision").order_by("pk")
        return [scenes.text_of(scenes.pdf(row)).replace("\xa0", " ") for row in rows]


def mails() -> list[str]:
    return [f"{letter.subject}\n{letter.body}" for letter in mail.outbox]


def missing(words: list[str], text: str) -> list[str]:
    return [word for word in words if word not in text]


def words_of(page: Any) -> str:
    assert page["Content-Language"] == "de"
    return re.sub(r"<[^>]+>", " ", page.content.decode())


def test_the_robots_refusal_is_german_in_letter_and_both_mails(company):
    applied(company, GLASS_ALONE)
    (letter,) = letters(company)
    assert (missing(ROBOTS, letter), left_in(letter)) == ([], [])
    assert len(mails()) == 2
    for told in mails():
        assert left_in(told) == [] and "Dear" not in told and "Guten Tag" in told


def test_the_page_that_asks_for_a_person_is_german_before_and_after(company, settings):
    settings.ROOT_URLCONF = "config.urls.public"
    applied(company, GLASS_ALONE)
    found = re.search(r"https?://[^/]+(/lindenquell-test/c/[^/\s]+/)", "\n".join(mails()))
    assert found
    client = Client(headers={"accept-language": "de"})
    page = client.get(found[1], follow=True)
    token = re.search(r'name="token" value="([^"]+)"', page.content.decode())
    assert token and left_in(words_of(page)) == []
    client.post(page.redirect_chain[-1][0], {"token": token[1], "view": "Der Hausrat ist anderswo versichert."})
    given.work(company)
    after = client.get(found[1], follow=True)
    assert left_in(words_of(after)) == [] and "Sie haben am" in words_of(after)


def test_a_persons_refusal_is_german_at_first_and_on_review(company):
    referred = applied(company, {**ANSWERS, "other_glass_buildings": True})
    declined = applied(company, GLASS_ALONE)
    maud = people.person(company, "maud")
    for application in (referred, declined):
        people.decided(company, application, maud, **people.REFUSING | {"told": TOLD})
    given.work(company)
    _robots, first, reviewed = letters(company)
    assert (missing(PERSONS, first), left_in(first)) == ([], [])
    assert (missing([*PERSONS, "Erneut geprüft"], reviewed), left_in(reviewed)) == ([], [])
    assert all(left_in(told) == [] and "Guten Tag" in told for told in mails())
