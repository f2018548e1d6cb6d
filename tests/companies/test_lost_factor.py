"""A lost second factor: reset by an administrator, or asked for slowly in everybody's sight; never lifted silently."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from companies.actor import ROBOT
from companies.doors import Door
from companies.models import FactorReset, Membership, TrailEntry
from companies.signing import ask, prove
from companies.signins import enter_login
from tests import factors, given
from tests.companies.test_second_factor import after_code, after_password, set_up
from tests.conftest import role_connection

pytestmark = pytest.mark.django_db(transaction=True)
OFFICE = "/duinhaven/office/"
LOST = "/accounts/factor/lost/"
MAUD, SANNE, CLERK = "maud@duinhaven.example", "sanne@duinhaven.example", "clerk@duinhaven.example"


@pytest.fixture
def maud() -> Membership:
    """An administrator with an authenticator."""
    maud = given.member(given.company(), MAUD, administrator=True)
    factors.with_authenticator(maud.user)
    return maud


@pytest.fixture
def clerk(maud: Membership) -> Membership:
    """His employee, with an authenticator."""
    clerk = given.member(maud.company, CLERK)
    factors.with_authenticator(clerk.user)
    return clerk


def reset(client: Client, person: Membership) -> Any:
    """An administrator presses the button."""
    return client.post(page_of(person))


def page_of(person: Membership) -> str:
    """Where his factor is taken off."""
    with given.inside(person.company):
        person.refresh_from_db(fields=["public_id"])
    return f"{OFFICE}admin/second-factor/{person.public_id}/reset/"


def has_factor(person: Membership) -> bool:
    return Authenticator.objects.filter(user=person.user).exists()


def later(seconds: float) -> None:
    """So much time goes by for every request of a new factor."""
    with role_connection("bo_owner") as owner:
        owner.execute("alter table companies_factorreset no force row level security")
        owner.execute(
            "update companies_factorreset set asked_at = asked_at - make_interval(secs => %(s)s), "
            "due_at = due_at - make_interval(secs => %(s)s), until = until - make_interval(secs => %(s)s)",
            {"s": seconds},
        )
        owner.execute("alter table companies_factorreset force row level security")


def open_requests() -> int:
    with role_connection("bo_owner") as owner, owner.transaction():
        owner.execute("set local role sec_guard")
        row = owner.execute(
            "select count(*) from companies_factorreset where cancelled_at is null and used_at is null"
        ).fetchone()
    return int(row[0]) if row else -1


def test_administrator_resets_an_employees_factor_and_everybody_is_told(maud: Membership, clerk: Membership) -> None:
    inside = after_code(clerk)
    client = after_code(maud)
    assert "Reset" in client.get(f"{OFFICE}admin/second-factor/").content.decode()
    assert client.get(page_of(clerk)).status_code == 200 and has_factor(clerk)
    assert reset(client, clerk)["Location"] == f"{OFFICE}admin/second-factor/"
    assert not has_factor(clerk) and has_factor(maud)
    assert inside.get(OFFICE)["Location"].startswith("/accounts/login/")
    given.work(maud.company)
    told = {person for message in mail.outbox if "was reset" in message.subject for person in message.to}
    assert told == {MAUD, CLERK}
    with given.inside(maud.company):
        assert TrailEntry.objects.filter(code="factor.reset").count() == 1


def test_reset_waits_for_a_fresh_factor(maud: Membership, clerk: Membership, settings: Any) -> None:
    client = after_code(maud)
    settings.FRESH_FACTOR = -1
    response = reset(client, clerk)
    assert response["Location"].startswith("/accounts/factor/reauthenticate/") and has_factor(clerk)


def test_nobody_resets_his_own(maud: Membership) -> None:
    response = reset(after_code(maud), maud)
    assert response.status_code == 422 and "another administrator" in response.content.decode()
    assert has_factor(maud)


def test_login_of_another_company_too_is_reset_by_neither(maud: Membership, clerk: Membership) -> None:
    given.member(given.company("zandwijk"), CLERK, door=Door.ADVISERS)
    response = reset(after_code(maud), clerk)
    assert response.status_code == 422 and "used at another company too" in response.content.decode()
    assert has_factor(clerk)


def test_employee_resets_nobody(maud: Membership, clerk: Membership) -> None:
    assert reset(after_code(clerk), maud).status_code == 403
    assert has_factor(maud)


def test_person_of_another_company_is_not_found(maud: Membership) -> None:
    other = given.member(given.company("zandwijk"), "piet@zandwijk.example")
    factors.with_authenticator(other.user)
    assert reset(after_code(maud), other).status_code == 404


@pytest.mark.parametrize(
    ("who", "found"),
    [
        ("worker", "administrators reset a factor"),
        ("clerk", "administrators reset a factor"),
        ("stale", "a fresh factor is needed"),
        ("own", "isn't reset here"),
    ],
)
def test_database_refuses_a_reset_by_raw_sql(maud: Membership, clerk: Membership, who: str, found: str) -> None:
    by, whom = (clerk, maud) if who == "clerk" else (maud, maud if who == "own" else clerk)
    if who == "own":
        after_code(maud)
    actor = ROBOT if who == "worker" else given.actor_of(by)
    with pytest.raises(DatabaseError, match=found), given.inside(maud.company, actor):
        ask("SELECT sec.reset_factor(%s)", [whom.pk])
    assert has_factor(whom)


def test_who_can_be_helped_is_sent_to_his_administrator(maud: Membership, clerk: Membership) -> None:
    client, _led = after_password(CLERK)
    page = client.get(LOST).content.decode()
    assert "An administrator of your company can reset" in page and 'name="ask"' not in page
    assert "Ask him" in client.post(LOST, {"ask": "1"}, follow=True).content.decode()
    assert open_requests() == 0 and has_factor(clerk)


def test_only_administrator_asks_waits_and_sets_up_a_new_one(maud: Membership) -> None:
    client, _led = after_password(MAUD)
    assert 'name="ask"' in client.get(LOST).content.decode()
    client.post(LOST, {"ask": "1"})
    assert open_requests() == 1 and has_factor(maud)
    assert "Come back" in client.get(LOST).content.decode()
    assert client.post(LOST, {"take": "1"})["Location"] == LOST and has_factor(maud)  # not yet
    given.work(maud.company)
    assert [message.to for message in mail.outbox] == [[MAUD]]
    later(72 * 3600 + 1)
    client, _led = after_password(MAUD)
    assert 'name="take"' in client.get(LOST).content.decode() and has_factor(maud)  # opening it changes nothing
    assert client.post(LOST, {"take": "1"})["Location"] == OFFICE and not has_factor(maud)
    led = client.get(OFFICE)["Location"]
    assert led.startswith("/accounts/factor/totp/activate/")
    assert set_up(client, led).status_code == 302 and client.get(OFFICE).status_code == 200
    assert open_requests() == 0


def test_asking_twice_is_asking_once(maud: Membership) -> None:
    client, _led = after_password(MAUD)
    client.post(LOST, {"ask": "1"})
    client.post(LOST, {"ask": "1"})
    assert open_requests() == 1


def test_each_administrator_around_is_told_each_day(maud: Membership) -> None:
    broker = given.company("zandwijk")
    wim = given.member(broker, "wim@zandwijk.example", administrator=True)
    given.member(broker, MAUD, door=Door.ADVISERS)
    client, _led = after_password(MAUD)
    client.post(LOST, {"ask": "1"})
    told: list[list[str]] = []
    for _day in range(4):
        given.work(maud.company)
        given.work(broker)
        told.append(sorted(person for message in mail.outbox for person in message.to))
        mail.outbox.clear()
        make_due(maud)
        make_due(wim)
    assert told[0] == [MAUD, MAUD, "wim@zandwijk.example"] and all(day == told[0] for day in told[1:])


def make_due(person: Membership) -> None:
    """The next day's job of the person's company is due."""
    with role_connection("bo_owner") as owner, owner.transaction():
        owner.execute("alter table companies_job no force row level security")
        owner.execute(
            "update companies_job set due_at = due_at - interval '1 day' where company_id = %s", [person.company_id]
        )
        owner.execute("alter table companies_job force row level security")


def test_link_in_the_mail_stops_it(maud: Membership) -> None:
    client, _led = after_password(MAUD)
    client.post(LOST, {"ask": "1"})
    given.work(maud.company)
    link = next(word for word in str(mail.outbox[-1].body).split() if "/lost/keep/" in word)
    path = link[link.index("/accounts/") :]
    anybody = Client()
    assert anybody.get(path).status_code == 200 and open_requests() == 1
    assert "Stopped" in anybody.post(path, follow=True).content.decode() and open_requests() == 0
    assert "nothing to stop" in anybody.post(path, follow=True).content.decode()
    later(72 * 3600 + 1)
    assert client.post(LOST, {"take": "1"})["Location"] == LOST and has_factor(maud)
    anybody.post(path.replace("1:", "2:"))  # a signature of another request
    mail.outbox.clear()
    make_due(maud)
    given.work(maud.company)
    assert mail.outbox == []


def test_login_with_the_factor_stops_it(maud: Membership) -> None:
    client, _led = after_password(MAUD)
    client.post(LOST, {"ask": "1"})
    after_code(maud)
    assert open_requests() == 0


def test_request_left_lying_is_over(maud: Membership) -> None:
    client, _led = after_password(MAUD)
    client.post(LOST, {"ask": "1"})
    later(2 * 72 * 3600 + 1)
    client, _led = after_password(MAUD)
    client.post(LOST, {"take": "1"})
    assert has_factor(maud)


@pytest.mark.parametrize("path", [LOST, "/accounts/factor/authenticate/"])
def test_without_the_password_there_is_no_such_page(path: str) -> None:
    assert Client().get(path)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT sec.ask_factor_reset({user}, 0, 1, '\\x00')",
        "SELECT sec.take_factor_reset({user}, 1, '\\x00')",
        "SELECT sec.cancel_factor_reset(1, 1, '\\x00')",
    ],
)
def test_functions_believe_a_proof_only(maud: Membership, statement: str) -> None:
    with pytest.raises(DatabaseError, match="no proof"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(user=maud.user_id))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO companies_factorreset (user_id, asked_at, due_at, until) VALUES (1, now(), now(), now())",
        "UPDATE companies_factorreset SET due_at = now()",
        "DELETE FROM companies_factorreset",
        "SELECT sec.remove_factors(1)",
        "SELECT sec.helper_of(1)",
    ],
)
def test_no_door_writes_requests_itself(maud: Membership, statement: str) -> None:
    denied = pytest.raises(DatabaseError, match="permission denied")
    with denied, transaction.atomic(), connection.cursor() as cursor:
        enter_login(maud.user_id)
        cursor.execute(statement)


def test_proof_of_one_login_takes_nothing_of_another(maud: Membership, clerk: Membership) -> None:
    with pytest.raises(DatabaseError, match="no proof"), transaction.atomic():
        ask("SELECT sec.take_factor_reset(%s, %s, %s)", [clerk.user_id, *prove("entrance", "new-factor", maud.user_id)])


def test_request_is_used_after_waiting_only(maud: Membership) -> None:
    now = timezone.now()
    early = FactorReset(user=maud.user, asked_at=now, due_at=now + timedelta(1), until=now + timedelta(2), used_at=now)
    with pytest.raises(DatabaseError, match="factor_reset_after_waiting"), role_connection("bo_owner") as owner:
        try:
            owner.execute("set role sec_guard")
            owner.execute(
                "insert into companies_factorreset (user_id, asked_at, due_at, until, used_at) values (%s,%s,%s,%s,%s)",
                [early.user_id, early.asked_at, early.due_at, early.until, early.used_at],
            )
        except Exception as error:
            raise DatabaseError(str(error)) from error


def test_list_of_factors_is_for_administrators_and_asks_no_query_a_row(maud: Membership, clerk: Membership) -> None:
    page = f"{OFFICE}admin/second-factor/"
    assert after_code(clerk).get(page).status_code == 403
    client = after_code(maud)
    client.get(page)
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        counts.append(len(queries))
        for place in range(10):
            given.member(maud.company, f"more{number}{place}@duinhaven.example")
    assert counts[0] == counts[1]


def test_doors_that_ask_are_chosen_by_an_administrator(maud: Membership) -> None:
    client, page = after_code(maud), f"{OFFICE}admin/second-factor/"
    assert client.post(page, {"doors": ["office", "advisers"]})["Location"] == page
    text = client.get(page).content.decode()
    assert text.count("checked") == 2
    assert client.post(page, {"doors": ["worker"]}).status_code == 422
    client.post(page, {"doors": ["advisers"]})
    with given.inside(maud.company):
        told = TrailEntry.objects.filter(code="door.factor").order_by("pk")
        assert [(entry.details["door"], entry.details["asked"]) for entry in told] == [
            ("advisers", True), ("office", True), ("office", False),
        ]  # fmt: skip
