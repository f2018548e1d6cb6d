"""A German customer buys contents and glass: every page, mail and paper is German, with the figures of the tariff."""

import re
from decimal import Decimal
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.test import Client

from companies.links import secret_of
from companies.models import Company
from correspondence.models import Message
from documents.models import Document
from policies.models import Policy
from quotations.models import Quotation
from quotations.wording import wording_of
from tests import given
from tests.chain import scenes
from tests.shared import CHECKOUT

pytestmark = pytest.mark.django_db
HOLDER: dict[str, Any] = {
    "kind": "person", "name": "Feldhoff", "given_names": "Mara", "birth_date": "1986-04-17",
    "email": "mara@feldhoff.example",
    "address": {"street": "Lindenhof", "house_number": "14", "postcode": "86150", "city": "Augsburg", "country": "DE"},
}  # fmt: skip
ANSWERS: dict[str, Any] = {
    "contents": True, "glass": True, "living_area_m2": "140", "dwelling_type": "house", "other_glass_buildings": False,
    "conservatory": False, "postcode": "86150", "occupancy": "permanent", "empty_over_60_days": False,
    "fire_hazard_business_within_10m": False, "construction_class": "I", "payment_frequency": "half_yearly",
    "direct_debit": False,
}  # fmt: skip
WANTED: dict[str, list[str]] = {
    "quotation": ["Ihr Angebot: Hausrat- und Glasversicherung", "91.000 €", "16,15 % auf 168,71 €", "251,12 €",
                  "Ihre Anzeigepflicht", "§§ 19 bis 22 VVG", "Freundliche Grüße"],
    "ipid": ["Informationsblatt zu Versicherungsprodukten", "Was ist versichert?", "Versicherungssumme von 91.000 €"],
    "application": ["Kopie Ihres Antrags", "Wie groß ist Ihre Wohnfläche?", "140 m²", "Haus"],
    "policy": ["Ihr Versicherungsschein", "Mara Feldhoff, Lindenhof 14, 86150 Augsburg", "Jahresbeitrag", "Widerruf"],
    "invoice": ["Beitragsrechnung", "Versicherungsteuer 16,15 % auf 168,71 €", "Versicherungsteuer 19 % auf 46,35 €",
                "Unsere Versicherungsteuernummer ist 000/V00000000000", "§ 4 Nr. 10 UStG", "2 × 125,56 €|125,56 €"],
}  # fmt: skip


def english() -> list[str]:
    """The English sentences without values that German says otherwise."""
    with (CHECKOUT / "locale/de/LC_MESSAGES/django.po").open("rb") as file:
        texts = [(m.id, m.string) for m in read_po(file) if isinstance(m.id, str) and isinstance(m.string, str)]
    return [text for text, german in texts if len(text) > 5 and "%(" not in text and text not in german]


def left_in(words: str) -> list[str]:
    """English that is left in a text, by whole words; the choice of a language calls it by its own name."""
    return [text for text in english() if text != "English" and re.search(rf"(?<!\w){re.escape(text)}(?!\w)", words)]


@pytest.fixture
def bought() -> tuple[Company, Policy]:
    company = given.provider("lindenquell-test", "products/catalogue/de-contents-glass.json", at=given.GERMAN)
    return company, given.policy(company, answers=ANSWERS, holder=HOLDER, language="de")


def test_each_paper_and_mail_is_german(bought):
    company, policy = bought
    with given.inside(company):
        papers = {
            row.kind: scenes.text_of(scenes.pdf(row))
            for row in Document.objects.select_related("file").filter(case=policy.case_id)
        }
        mails = [f"{row.subject}\n{row.body}" for row in Message.objects.filter(case=policy.case_id)]
    assert set(papers) == set(WANTED)
    for kind, wanted in WANTED.items():
        assert [words for words in wanted if not re.search(plain(words), papers[kind])] == [], kind
        assert left_in(papers[kind]) == [], kind
    assert len(mails) == 2
    assert all("Guten Tag Mara Feldhoff" in mail and left_in(mail) == [] for mail in mails)


def test_amounts_that_add_up_on_paper_are_those_of_the_net_premium(bought):
    company, _policy = bought
    with given.inside(company):
        premium = wording_of(Quotation.objects.get(), company).premium
    adding = [step.amount for step in premium.steps if not step.on_the_way]
    assert [step.amount for step in premium.steps if step.on_the_way] == [Decimal("163.80"), Decimal("45.00")]
    assert adding == [Decimal("168.71"), Decimal("46.35")] and sum(filter(None, adding)) == premium.net
    assert premium.has_way


def plain(words: str) -> str:
    """Wanted words as a pattern: any blank is a blank, a bar means either."""
    return "|".join(re.escape(part).replace(r"\ ", r"\s+") for part in words.split("|"))


def test_the_quotations_page_is_german(bought, settings):
    settings.ROOT_URLCONF = "config.urls.public"
    company, policy = bought
    with given.inside(company):
        quotation = Quotation.objects.get(case=policy.case_id)
        secret = secret_of(scenes.customer_link(quotation).nonce)
    page = Client(headers={"accept-language": "de"}).get(f"/{company.slug}/c/{secret}/")
    words = re.sub(r"<[^>]+>", " ", page.content.decode())
    assert page["Content-Language"] == "de"
    for wanted in ("ist bei uns versichert", "Was versichert ist und was nicht", "Hausrat", "Beitrag Glas"):
        assert wanted in words
    assert left_in(words) == []


def test_the_tax_of_two_sections_is_booked_by_its_own_rate(bought):
    company, policy = bought
    with given.inside(company):
        lines = policy.invoices.get().lines.order_by("position")
        told = [(line.names["de"], str(line.net), str(line.tax_percent), str(line.tax)) for line in lines]
    assert [(name, net, percent.rstrip("0").rstrip("."), tax) for name, net, percent, tax in told] == [
        ("Hausrat", "168.71", "16.15", "27.25"),
        ("Glas", "46.35", "19", "8.81"),
    ]
    assert scenes.books_are_right(company)
