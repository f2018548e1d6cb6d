"""Help on every page of the office: in each language, with the right it needs, the contact and the version."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.utils.translation.trans_real import translation

from companies.doors import Door
from companies.help_pages import TEXTS, right_in_words, texts
from tests import world
from tests.permissions.pages import PAGES

pytestmark = pytest.mark.django_db
# Pages that show no frame of ours to stand a help beside: a file, or a paper.
FRAMELESS = {"products:definition", "imports:template", "documents:paper", "applications:file", "products:paper"}
OFFICE_PAGES = {name for name, page in PAGES.items() if page.door == Door.OFFICE and page.get == 200} - FRAMELESS


@pytest.fixture
def clerk(here):
    return world.client_of("all@duinhaven.example")


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_page_of_the_office_has_its_help(language):
    found = texts(language)
    assert OFFICE_PAGES - set(found) == set()
    assert set(found) - set(PAGES) == set()
    assert (TEXTS / f"{language}.md").read_text(encoding="utf-8").count("\n# ") + 1 == len(found)
    for text in found.values():
        assert len(text.acts) == 3 and text.purpose and text.after, text.page


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_what_a_help_puts_in_quotes_stands_on_a_page(language):
    words: Any = translation("nl" if language == "en" else language)
    said = {text for each in words._catalog._catalogs for text in (each if language == "en" else each.values())}
    english = {"language": "English" if language == "en" else words.gettext("English")}
    said.add(("In %(language)s" if language == "en" else words.gettext("In %(language)s")) % english)
    for text in texts(language).values():
        for quoted in re.findall("[“„]([^”“]*)[”“]", " ".join([text.purpose, *text.acts, text.after])):
            assert quoted in said, (text.page, quoted)


def test_help_names_the_right_a_page_needs():
    assert right_in_words("policies:list") == "This page needs “Policies: View”."
    assert right_in_words("admin:modules") == "This page is for administrators."
    assert right_in_words("office:today").startswith("Every employee")


def test_each_page_leads_to_its_help_with_contact_and_version(here, clerk):
    url = "/duinhaven/office/help/policies:list/"
    assert url in clerk.get("/duinhaven/office/policies/").content.decode()
    page = clerk.get(url).content.decode()
    assert "All policies with their premium." in page and "Policies: View" in page and settings.VERSION in page
    assert clerk.get("/duinhaven/office/help/no:page/").status_code == 404


def test_a_help_leads_back_to_its_page_or_to_the_start(here, clerk):
    page = clerk.get("/duinhaven/office/help/policies:list/").content.decode()
    assert '<li><a href="/duinhaven/office/policies/">Policies</a>' in page
    page = clerk.get("/duinhaven/office/help/office:case/").content.decode()
    assert '<li><a href="/duinhaven/office/">Today</a>' in page


def test_help_speaks_the_readers_language(here, clerk):
    clerk.cookies[settings.LANGUAGE_COOKIE_NAME] = "nl"
    page = clerk.get("/duinhaven/office/help/policies:list/", headers={"Accept-Language": "nl"}).content.decode()
    assert "Alle polissen met hun premie." in page
