"""What customers read in German is whole: pages of the front office, of a quotation and of the folder with its way in,
mails, papers.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.test import Client

from tests import given
from tests.pages.sentences import Sentence, sentences
from tests.shared import CHECKOUT

PAGES = [
    "documents/**/*.html", "applications/*.html", "quotations/quotation.html", "quotations/ordered.html",
    "quotations/p*.html", "quotations/split.html", "quotations/due.html", "base_front.html", "404.html", "500.html",
    "portal/folder*.html", "account/invitation*.html", "account/login.html", "account/password_reset*.html",
    "account/profile.html", "account/sessions.html", "account/password_change.html", "account/go_on.html",
    "account/base_reauthenticate.html", "mfa/**/*.html", "mfa/**/*.txt", "base_account.html",
    "account/email/base_message.txt", "account/email/password_reset*.txt", "account/email/unknown_account*.txt",
    "common/language.html", "cotton/field.html", "cotton/errors.html", "cotton/notice.html", "cotton/empty.html",
]  # fmt: skip
CODE = [
    "applications/*forms.py", "applications/problems.py", "applications/views/*.py", "applications/services/*.py",
    "quotations/contents.py", "quotations/forms.py", "quotations/page.py", "quotations/views.py",
    "quotations/services/*.py", "policies/contents.py", "policies/services/send.py", "documents/models.py",
    "common/forms.py", "common/formats.py", "companies/commands.py", "companies/helps.py", "companies/people/accept.py",
    "companies/factors/codes.py", "companies/factors/forms.py", "companies/factors/lost_views.py",
    "companies/people/reset.py", "companies/people/passwords.py", "correspondence/services/invitations.py",
    "portal/folder.py", "portal/views/folder.py",
]  # fmt: skip
STAFF = ("office", "behalf", "by_hand", "draft", "websites")  # pages under a login, which speak the office's languages


def files() -> Iterator[Path]:
    for pattern in PAGES:
        yield from (CHECKOUT / "templates").glob(pattern)
    for pattern in CODE:
        yield from CHECKOUT.glob(pattern)


def test_each_sentence_for_a_customer_is_translated():
    with (CHECKOUT / "locale/de/LC_MESSAGES/django.po").open("rb") as file:
        known: set[Sentence] = {
            (message.context, message.id if isinstance(message.id, str) else message.id[0])
            for message in read_po(file)
            if message.id and message.string
        }
    told = {
        (path.name, *sentence) for path in files() if not path.name.startswith(STAFF) for sentence in sentences(path)
    }
    assert len(told) > 300
    assert sorted((name, text) for name, context, text in told if (context, text) not in known) == []


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


@pytest.mark.parametrize(("wanted", "spoken"), [("de", "en"), ("de, nl;q=0.5", "nl"), ("nl", "nl")])
@pytest.mark.django_db
def test_whoever_logs_in_is_served_in_a_language_of_the_office(wanted, spoken):
    page = Client().get("/accounts/login/", headers={"accept-language": wanted})
    assert page["Content-Language"] == spoken and 'value="de"' not in page.content.decode()
