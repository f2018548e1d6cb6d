"""How long a session lasts, and what asks who is in once more: settings.SESSION_IDLE, SESSION_COOKIE_AGE, and the five
minutes after which one's own factors, password and sessions are changed only by who proves himself again.
"""

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client

from companies.doors import Door
from companies.models import Membership
from tests import factors, given
from tests.conftest import role_connection

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL = "sanne@duinhaven.example"
DOORS = {Door.OFFICE: "/duinhaven/office/", Door.ADVISERS: "/duinhaven/advisers/"}
SESSIONS = "/accounts/sessions/"


@pytest.fixture
def sanne() -> Membership:
    company = given.company()
    given.adviser(company, email=EMAIL)
    return given.member(company, EMAIL)


def logged_in() -> Client:
    client = Client()
    assert client.post("/accounts/login/", {"login": EMAIL, "password": given.PASSWORD}).status_code == 302
    return client


def let_pass(seconds: int, *columns: str) -> None:
    """All sessions are as they would be so many seconds later."""
    moved = ", ".join(f"{column} = {column} - interval '{seconds} seconds'" for column in columns)
    with role_connection("bo_owner") as owner, owner.transaction():
        owner.execute("set local role sec_guard")
        assert owner.execute(f"update companies_signin set {moved}").rowcount >= 1


@pytest.mark.parametrize("door", DOORS)
def test_a_session_without_a_page_for_half_an_hour_is_over(sanne: Membership, door: Door) -> None:
    client = logged_in()
    let_pass(settings.SESSION_IDLE - 60, "seen_at")
    assert client.get(DOORS[door]).status_code == 200, "a page within that time begins it anew"
    let_pass(settings.SESSION_IDLE - 60, "seen_at")
    assert client.get(DOORS[door]).status_code == 200
    let_pass(settings.SESSION_IDLE + 1, "seen_at")
    assert client.get(DOORS[door])["Location"].startswith("/accounts/login/")
    assert client.get("/accounts/profile/")["Location"].startswith("/accounts/login/")
    assert settings.SESSION_IDLE == 30 * 60


@pytest.mark.parametrize("door", DOORS)
def test_a_session_of_twelve_hours_is_over_however_busy(sanne: Membership, door: Door) -> None:
    client = logged_in()
    let_pass(settings.SESSION_COOKIE_AGE - 60, "started_at", "expires_at")
    assert client.get(DOORS[door]).status_code == 200
    let_pass(61, "started_at", "expires_at")
    assert client.get(DOORS[door])["Location"].startswith("/accounts/login/")
    assert settings.SESSION_COOKIE_AGE == 12 * 3600


def grow_old(client: Client, seconds: int = 301) -> None:
    """The browser's last proof of who sits there lies so far back."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= seconds
    session["account_authentication_methods"] = session["account_authentication_methods"]
    session.save()


def test_ending_sessions_asks_for_the_password_again_and_then_goes_on(sanne: Membership) -> None:
    others, client = [logged_in(), logged_in()], logged_in()
    grow_old(client)
    assert client.get(SESSIONS).status_code == 200, "to look at them nothing is asked"
    asked = client.post(SESSIONS, {"end": "others"})
    assert asked["Location"] == f"/accounts/reauthenticate/?next={SESSIONS.replace('/', '%2F')}"
    assert {other.get(DOORS[Door.OFFICE]).status_code for other in others} == {200}
    assert client.post(asked["Location"], {"password": "wrong horse battery"}).status_code == 200
    assert {other.get(DOORS[Door.OFFICE]).status_code for other in others} == {200}
    assert client.post(asked["Location"], {"password": given.PASSWORD})["Location"] == SESSIONS
    assert {other.get(DOORS[Door.OFFICE]).status_code for other in others} == {302}
    assert client.get(DOORS[Door.OFFICE]).status_code == 200


def test_who_proved_himself_just_now_ends_them_at_once(sanne: Membership) -> None:
    other, client = logged_in(), logged_in()
    grow_old(client, 280)
    assert client.post(SESSIONS, {"end": "others"})["Location"] == SESSIONS
    assert other.get(DOORS[Door.OFFICE]).status_code == 302


def test_proving_oneself_again_by_password_gives_a_new_key_and_the_one_before_opens_nothing(sanne: Membership) -> None:
    client, thief = logged_in(), Client()
    grow_old(client)
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    asked = client.post(SESSIONS, {"end": "others"})
    assert client.post(asked["Location"], {"password": given.PASSWORD}).status_code == 302
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before
    thief.cookies[settings.SESSION_COOKIE_NAME] = before
    assert thief.get(DOORS[Door.OFFICE])["Location"].startswith("/accounts/login/")
    assert client.get(DOORS[Door.OFFICE]).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["factor/totp/activate/", "factor/webauthn/add/", "factor/recovery-codes/generate/", "factor/totp/deactivate/"],
)
def test_ones_factors_are_changed_only_after_proving_oneself_again(sanne: Membership, path: str) -> None:
    if path != "factor/totp/activate/":
        factors.with_authenticator(sanne.user)
    client = Client()
    led = client.post("/accounts/login/", {"login": EMAIL, "password": given.PASSWORD})["Location"]
    if "authenticate" in led:
        client.post(led, {"code": factors.code_of(sanne.user)})
    before = list(Authenticator.objects.filter(user=sanne.user).values())
    grow_old(client)
    for method in (client.get, client.post):
        asked = method(f"/accounts/{path}", {"code": "000000"})
        assert asked.status_code == 302 and "reauthenticate" in asked["Location"]
    assert list(Authenticator.objects.filter(user=sanne.user).values()) == before


def test_a_new_password_needs_the_old_one_and_the_address_stays_what_it_is(sanne: Membership) -> None:
    client = logged_in()
    new = {"password1": "violet harbour 77", "password2": "violet harbour 77"}
    for old in ({}, {"oldpassword": ""}, {"oldpassword": "wrong horse battery"}):
        client.post("/accounts/password/change/", old | new)
    client.post("/accounts/profile/", {"name": "Sanne", "language": "nl", "email": "other@duinhaven.example"})
    assert client.get("/accounts/email/").status_code == 404
    sanne.user.refresh_from_db()
    assert sanne.user.check_password(given.PASSWORD) and sanne.user.email == EMAIL
