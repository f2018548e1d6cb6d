"""Login, reset and invitation tell nobody which addresses have a login, by words or by time, and hold up who tries
(threats A18).
"""

import re
import time
from datetime import timedelta
from statistics import median

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from companies.models import Invitation, User
from companies.people.reset import ask_reset
from companies.signing import ask
from tests import given, operators, people, world
from tests.conftest import role_connection

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
        given.become("bo_app")
        people.mail_resets()
        (path,) = re.findall(rf"{settings.OFFICE_URL}(\S+)", str(people.mail_to(mail.outbox, KNOWN).body))
        given.become(role)
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
    assert mail.outbox == [], "the page mails nothing itself"
    assert people.mail_resets() == 2 and people.mail_resets() == 0
    known, other = people.mail_to(mail.outbox, KNOWN), people.mail_to(mail.outbox, unknown(0))
    assert "/accounts/password/reset/key/" in known.body
    assert "/accounts/password/reset/key/" not in other.body and "no login has this address" in other.body


@pytest.mark.parametrize("role", ["bo_app", "bo_public"])
def test_a_reset_takes_the_same_statements_for_known_and_unknown(company, unlimited, role, figure):
    client, asked = Client(), []
    given.become(role)
    try:
        for email in (KNOWN, unknown(0)):
            with CaptureQueriesContext(connection) as found:
                client.post(RESET, {"email": email}, REMOTE_ADDR="192.0.2.52")
            asked.append([re.sub(r'"s\d+_x\d+"', "", query["sql"]).replace(email, "") for query in found])
    finally:
        given.become("bo_app")
    figure("statements of a reset", len(asked[0]), least=1)
    assert asked[0] == asked[1] and not [sql for sql in asked[0] if "_user" in sql or "emailaddress" in sql]


def test_a_mail_that_does_not_leave_waits_and_leaves_once(company, unlimited, settings):
    Client().post(RESET, {"email": KNOWN}, REMOTE_ADDR="192.0.2.53")
    settings.EMAIL_BACKEND = "tests.companies.test_people_alike.Down"
    with pytest.raises(OSError, match="down"):
        people.mail_resets()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert people.mail_resets() == 1 and len(mail.outbox) == 1


def test_what_was_asked_an_hour_ago_is_dropped(company):
    late = "insert into companies_resetmail (email, language, process, asked_at) values (%s, 'nl', 'office', %s)"
    with role_connection("bo_owner") as owner:
        for email, minutes in ((KNOWN, 61), (unknown(0), 59)):
            owner.execute(late, [email, timezone.now() - timedelta(minutes=minutes)])
    with transaction.atomic():
        assert people.mail_resets() == 1 and [message.to for message in mail.outbox] == [[unknown(0)]]
        transaction.set_rollback(True)
    with role_connection("bo_owner") as owner:
        owner.execute("delete from companies_resetmail")


def test_nobody_reads_takes_or_writes_mails_of_others_without_proof(company, unlimited):
    Client().post(RESET, {"email": KNOWN}, REMOTE_ADDR="192.0.2.55")
    for statement, error in (
        ("SELECT email FROM companies_resetmail", "permission denied"),
        ("SELECT sec.open_resets(9, 0, '')", "no proof"),
        ("SELECT sec.take_reset(gen_random_uuid(), 0, '')", "no proof"),
        ("SELECT sec.ask_reset('a@b.example', 'nl', 'office', 0, '')", "no proof"),
    ):
        for role in ("bo_app", "bo_public", "bo_operator"):
            given.become(role)
            with pytest.raises(DatabaseError, match=f"{error}|permission denied"), transaction.atomic():
                ask(statement, [])
            given.become("bo_app")


@pytest.mark.parametrize(("process", "email", "link"), [
    ("public", KNOWN, "http://localhost:8001/accounts/password/reset/key/"),
    ("operator", KNOWN, None),
    ("operator", "rens@rekencentrum.example", "http://localhost:8002/accounts/password/reset/key/"),
])  # fmt: skip
def test_the_link_leads_to_the_process_that_was_asked(company, settings, process, email, link):
    operators.operator("rens@rekencentrum.example")
    settings.PROCESS = process
    ask_reset(email=email, language="de")
    settings.PROCESS = "manage"
    people.mail_resets()
    (message,) = mail.outbox
    assert (link in message.body) if link else ("password/reset/key" not in message.body)


class Down(BaseEmailBackend):
    """A mail server that isn't there."""

    def send_messages(self, messages):
        raise OSError("down")


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
