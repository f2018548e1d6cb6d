"""Login, reset and invitation tell nobody which addresses have a login, by words or by time, and hold up who tries
(threats A18).
"""

import re
import time
from statistics import median

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.test import Client
from django.utils import timezone

from companies.models import Invitation, User
from tests import given, people, world

pytestmark = pytest.mark.django_db
KNOWN, TIMES, MOST = "sanne@duinhaven.example", 200, 0.005
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
RESET, LOGIN = "/accounts/password/reset/", "/accounts/login/"


class Quick(PBKDF2PasswordHasher):
    """The hasher of production with fewer rounds: a missing hash would show just as well."""

    iterations = 20_000


@pytest.fixture
def company(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.Quick"]
    company = given.company()
    given.member(company, KNOWN)
    return company


@pytest.fixture
def unlimited(settings):
    settings.ACCOUNT_RATE_LIMITS = False


def unknown(number):
    return f"nobody{number}@duinhaven.example"


def answers(ask, undo=lambda: None):
    """The medians of asking for a known and an unknown address in turn, in seconds; undoing isn't measured."""
    took: dict[bool, list[float]] = {True: [], False: []}
    for number in range(TIMES):
        for known in (number % 2 == 0, number % 2 == 1):
            start = time.perf_counter()
            ask(KNOWN if known else unknown(0))
            took[known].append(time.perf_counter() - start)
            undo()
    return median(took[True]), median(took[False])


def told(name, known, other):
    print(f"\n{name}: median of {TIMES} known {known * 1000:.2f} ms, of {TIMES} unknown {other * 1000:.2f} ms")
    assert abs(known - other) < MOST


@pytest.mark.parametrize(
    ("path", "form"),
    [(LOGIN, {"login": "", "password": "wrong wrong wrong"}), (RESET, {"email": ""})],
    ids=["login", "reset"],
)
def test_known_and_unknown_are_answered_in_like_words_and_time(company, unlimited, path, form):
    client = Client()
    name = next(iter(form))
    pages = []
    for email in (KNOWN, unknown(0)):
        page = client.post(path, {**form, name: email})
        pages.append((page.status_code, page.get("Location"), CSRF.sub("", page.content.decode().replace(email, ""))))
    assert pages[0] == pages[1]
    told(path, *answers(lambda email: client.post(path, {**form, name: email})))


def test_inviting_takes_the_same_time_whether_the_address_has_a_login_elsewhere(company):
    other = given.company("zandwijk")

    def call_back():
        with given.inside(other):
            Invitation.objects.filter(revoked_at=None).update(revoked_at=timezone.now())

    told("invite()", *answers(lambda email: people.invited(other, email), call_back))


@pytest.mark.parametrize("role", ["bo_app", "bo_public"])
def test_the_mailed_link_sets_a_new_password_once_at_every_process(company, role):
    old = world.client_of(KNOWN)
    client = Client()
    given.become(role)
    try:
        client.post(RESET, {"email": KNOWN}, REMOTE_ADDR="192.0.2.51")
        (path,) = re.findall(r"http://testserver(\S+)", str(people.mail_to(mail.outbox, KNOWN).body))
        page = client.get(path, follow=True)
        form = {"password1": people.PASSWORD, "password2": people.PASSWORD}
        assert client.post(page.redirect_chain[-1][0], form).status_code == 302
        again = Client().get(path, follow=True)
    finally:
        given.become("bo_app")
    assert "This link no longer works" in again.content.decode()
    assert User.objects.get(email=KNOWN).check_password(people.PASSWORD)
    assert old.get("/duinhaven/office/").status_code == 302


def test_reset_mails_a_link_to_the_known_and_says_to_the_unknown_that_there_is_none(company):
    for email in (KNOWN, unknown(0)):
        Client().post(RESET, {"email": email}, REMOTE_ADDR="192.0.2.50")
    known, other = people.mail_to(mail.outbox, KNOWN), people.mail_to(mail.outbox, unknown(0))
    assert "/accounts/password/reset/key/" in known.body
    assert "/accounts/password/reset/key/" not in other.body and "no login has this address" in other.body


def test_five_wrong_passwords_hold_the_address_up_from_anywhere(company):
    form = {"login": KNOWN, "password": "wrong wrong wrong"}
    pages = [Client().post(LOGIN, form, REMOTE_ADDR=f"192.0.2.{number}").content.decode() for number in range(1, 8)]
    assert ["Too many failed login attempts" in page for page in pages] == [False] * 5 + [True] * 2
    right = Client().post(LOGIN, {"login": KNOWN, "password": given.PASSWORD}, REMOTE_ADDR="192.0.2.99")
    assert "Too many failed login attempts" in right.content.decode()


def test_an_unknown_address_is_held_up_alike(company):
    form = {"login": unknown("held"), "password": "wrong wrong wrong"}
    pages = [Client().post(LOGIN, form, REMOTE_ADDR=f"192.0.2.{number}").content.decode() for number in range(101, 108)]
    assert ["Too many failed login attempts" in page for page in pages] == [False] * 5 + [True] * 2


def test_one_machine_tries_ten_addresses_a_minute_and_no_more(company):
    codes = []
    for number in range(12):
        page = Client().post(LOGIN, {"login": unknown(f"x{number}"), "password": "wrong"}, REMOTE_ADDR="192.0.2.201")
        codes.append("Too many failed login attempts" in page.content.decode())
    assert codes == [False] * 10 + [True] * 2


def test_a_reset_is_asked_for_five_times_a_minute_and_no_more(company):
    codes = [
        Client().post(RESET, {"email": KNOWN}, REMOTE_ADDR=f"192.0.2.{number}").status_code
        for number in range(211, 218)
    ]
    assert codes == [302] * 5 + [429] * 2
