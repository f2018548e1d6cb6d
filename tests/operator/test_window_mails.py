"""Mails about windows in the reader's language, else in the company's: a German company reads German."""

from typing import Any

import pytest
from django.core import mail
from django.db import transaction

from companies.models import Company, User, Window
from companies.signins import enter_login
from tests import factors, given
from tests.contexts import browser_of
from tests.operator.conftest import ASKED, CONSOLE, opening

pytestmark = pytest.mark.django_db
PAGE = "/duinhaven/office/access/"
SUBJECTS = {
    "de": [
        "Das Rechenzentrum bittet um Einsicht bei Duinhaven", "Das Rechenzentrum nimmt Einsicht bei Duinhaven",
        "Das Rechenzentrum hat länger Einsicht bei Duinhaven",
        "Das Rechenzentrum hat keine Einsicht mehr bei Duinhaven",
    ],
    "nl": [
        "Het rekencentrum vraagt om mee te kijken bij Duinhaven", "Het rekencentrum kijkt mee bij Duinhaven",
        "Het rekencentrum kijkt langer mee bij Duinhaven", "Het rekencentrum kijkt niet meer mee bij Duinhaven",
    ],
    "en": [
        "The computing centre asks to look in at Duinhaven", "The computing centre looks in at Duinhaven",
        "The computing centre looks in at Duinhaven for longer", "The computing centre looks in at Duinhaven no more",
    ],
}  # fmt: skip


@pytest.fixture
def company(db: None) -> Company:
    return given.company(at=given.GERMAN)


@pytest.mark.parametrize(("language", "spoken"), [("", "de"), ("nl", "nl"), ("en", "en")])
def test_a_window_is_told_in_the_language_of_its_reader(language: str, spoken: str, company: Company, op: Any) -> None:
    first, second = (given.member(company, f"{who}@duinhaven.example", administrator=True) for who in ("ada", "bea"))
    given.handed_over(company, first)
    factors.with_authenticator(second.user)
    third = given.member(company, "cleo@duinhaven.example", administrator=True)
    factors.with_authenticator(third.user)
    with transaction.atomic():
        enter_login(second.user_id)
        User.objects.filter(pk=second.user_id).update(language=language)
    op.post(CONSOLE, ASKED)
    with given.inside(company):
        window = Window.objects.get()
    given.work(company)
    browser_of(second.user).post(PAGE, opening(window, factors.code_of(second.user)))
    given.work(company)
    page = browser_of(third.user)
    page.post(PAGE, {"step": "extend", "window": window.pk, "code": factors.code_of(third.user)})
    given.work(company)
    page.post(PAGE, {"step": "close", "window": window.pk})
    given.work(company)
    hers = [message for message in mail.outbox if message.to == ["bea@duinhaven.example"]]
    assert [message.subject for message in hers] == SUBJECTS[spoken]
    if spoken == "de":
        words = "\n".join(str(message.body) for message in hers)
        assert "computing centre" not in words and "window" not in words.lower()
        assert words.count("Rechenzentrum") >= 4 and words.count(f"http://localhost{PAGE}") + words.count(PAGE) >= 4
