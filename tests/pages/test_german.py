"""Which pages speak German: the front office where the product does, and every page behind a login."""

import pytest
from django.test import Client

from tests import given


@pytest.mark.django_db
@pytest.mark.parametrize(("wanted", "spoken"), [("de-AT,de;q=0.8", "de"), ("en", "en"), ("nl", "en"), ("fr", "en")])
def test_the_front_office_speaks_the_readers_language_where_the_product_does(wanted, spoken, settings):
    settings.ROOT_URLCONF = "config.urls.public"
    given.provider("lindenquell-test", "products/catalogue/de-contents-glass.json", at=given.GERMAN)
    page = Client().get("/lindenquell-test/apply/de-contents-glass/", headers={"accept-language": wanted})
    words = page.content.decode()
    assert page["Content-Language"] == spoken and f'<html lang="{spoken}"' in words
    assert ("Wie groß ist Ihre Wohnfläche?" in words) is (spoken == "de")
    assert ("Weiter" in words) is (spoken == "de") and ("Continue" in words) is (spoken == "en")
    assert "?language=de" in words and "?language=nl" not in words


@pytest.mark.django_db
def test_a_dutch_product_is_not_shown_in_a_german_frame(settings):
    settings.ROOT_URLCONF = "config.urls.public"
    given.provider()
    page = Client().get("/duinhaven/apply/nl-horse-trailer/", headers={"accept-language": "de"})
    assert page["Content-Language"] == "en" and "Continue" in page.content.decode()


@pytest.mark.parametrize(("wanted", "spoken"), [("de", "de"), ("de-AT, nl;q=0.5", "de"), ("nl", "nl"), ("fr", "en")])
@pytest.mark.django_db
def test_whoever_logs_in_is_served_in_his_language(wanted, spoken):
    page = Client().get("/accounts/login/", headers={"accept-language": wanted})
    assert page["Content-Language"] == spoken and 'value="de"' in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("de", "E-Mail-Adresse oder Passwort stimmt nicht."),
        ("nl", "E-mailadres of wachtwoord klopt niet."),
    ],
)
def test_what_an_installed_package_says_is_said_in_our_words(language, told):
    answer = {"login": "nobody@example.org", "password": "not the right one"}
    page = Client().post("/accounts/login/", answer, headers={"accept-language": language})
    assert told in page.content.decode()
