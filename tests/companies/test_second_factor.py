"""The second factor at the doors: asked at login, set up where it is missing, proved again, lost and found."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from companies.doors import Door
from companies.models import DoorRule, Membership, SignIn
from companies.sessions import hashed
from tests import factors, given, world

pytestmark = pytest.mark.django_db(transaction=True)
OFFICE = "/duinhaven/office/"
ADMINISTRATOR, CLERK = "maud@duinhaven.example", "clerk@duinhaven.example"


@pytest.fixture
def administrator() -> Membership:
    return given.member(given.company(), ADMINISTRATOR, administrator=True)


def logged_in(email: str, following: str = OFFICE) -> tuple[Client, str]:
    """A browser after the password, and where that led."""
    client = Client()
    form = {"login": email, "password": given.PASSWORD, "next": following}
    return client, client.post("/accounts/login/", form)["Location"]


def sign_in_of(client: Client) -> SignIn:
    """The row of the browser's session, as its owner sees it."""
    with world.as_guard():
        return SignIn.objects.get(key=hashed(client.session.session_key or ""))


def with_code(client: Client, code: str, page: str = "/accounts/authenticate/") -> object:
    return client.post(page, {"code": code})


def test_login_with_an_authenticator_asks_its_code_and_is_verified(administrator: Membership) -> None:
    factors.with_authenticator(administrator.user)
    client, led = logged_in(ADMINISTRATOR)
    assert led == "/accounts/authenticate/"
    assert client.get(OFFICE).status_code == 302  # by password alone nobody is in
    before = client.session.session_key
    response = client.post(led, {"code": factors.code_of(administrator.user)})
    assert (response.status_code, response["Location"]) == (302, OFFICE)
    assert client.session.session_key != before
    assert client.get(OFFICE).status_code == 200


def test_wrong_code_tells_why_and_lets_nobody_in(administrator: Membership) -> None:
    factors.with_authenticator(administrator.user)
    client, led = logged_in(ADMINISTRATOR)
    response = client.post(led, {"code": factors.another_code(administrator.user)})
    assert response.status_code == 200 and "the code your phone shows now" in response.content.decode()
    assert client.get(OFFICE)["Location"].startswith("/accounts/login/")


def test_who_must_and_has_none_sets_one_up_and_lands_where_he_wanted(administrator: Membership) -> None:
    client, led = logged_in(ADMINISTRATOR, "/duinhaven/office/jobs/")
    assert led == "/duinhaven/office/jobs/"
    led = client.get(led)["Location"]
    assert led == "/accounts/totp/activate/?next=%2Fduinhaven%2Foffice%2Fjobs%2F"
    page = client.get(led)
    assert page.status_code == 200  # his password of a moment ago is enough
    secret = page.context["form"].secret
    before = client.session.session_key
    response = client.post(led, {"code": factors.code_by(secret)})
    assert response["Location"] == "/accounts/recovery-codes/?next=%2Fduinhaven%2Foffice%2Fjobs%2F"
    assert client.session.session_key != before
    codes = client.get(response["Location"])
    assert len(codes.context["unused_codes"]) == 10 and 'href="/duinhaven/office/jobs/"' in codes.content.decode()
    assert client.get("/duinhaven/office/jobs/").status_code == 200
    assert "****" in client.get("/accounts/recovery-codes/").context["unused_codes"]
