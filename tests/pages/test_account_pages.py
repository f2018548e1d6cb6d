"""One's own login: where one is in, ending what one doesn't know, name and language, a new password (S3-67)."""

import pytest
from django.test import Client

from companies.doors import Door
from companies.models import SignIn, User
from companies.sessions import hashed
from companies.signins import enter_login
from tests import given, world

pytestmark = pytest.mark.django_db
SANNE = "sanne@duinhaven.example"
DOORS = {"/duinhaven/office/": Door.OFFICE, "/duinhaven/advisers/": Door.ADVISERS}


@pytest.fixture
def sanne():
    company = given.company()
    given.adviser(company, email=SANNE)
    return given.member(company, SANNE)


def logged_in():
    """A browser that just proved who sits there."""
    client = Client()
    client.post("/accounts/login/", {"login": SANNE, "password": given.PASSWORD})
    return client


def key_of(client):
    return hashed(client.session.session_key)


def test_own_sessions_are_listed_with_this_one_first_and_no_one_elses(sanne):
    given.member(sanne.company, "bas@duinhaven.example")
    world.client_of("bas@duinhaven.example")
    other, client = world.client_of(SANNE), world.client_of(SANNE)
    response = client.get("/accounts/sessions/")
    keys = [row["key"] for row in response.context["sessions"]]
    assert keys == [key_of(client), key_of(other)]
    text = response.content.decode()
    assert "this one" in text
    assert str(client.session.session_key) not in text and str(other.session.session_key) not in text


def test_another_session_is_ended_and_only_ones_own_can_be(sanne):
    given.member(sanne.company, "bas@duinhaven.example")
    bas = world.client_of("bas@duinhaven.example")
    other, client = world.client_of(SANNE), logged_in()
    assert client.post("/accounts/sessions/", {"end": key_of(other)}).status_code == 302
    assert other.get("/duinhaven/office/").status_code == 302
    assert client.post("/accounts/sessions/", {"end": key_of(bas)}).status_code == 404
    assert client.post("/accounts/sessions/", {"end": "nonsense"}).status_code == 404
    assert bas.get("/duinhaven/office/").status_code == 200
    assert client.get("/duinhaven/office/").status_code == 200


def test_all_others_end_at_once_and_this_one_goes_on(sanne):
    others, client = [world.client_of(SANNE) for _each in range(3)], logged_in()
    client.post("/accounts/sessions/", {"end": "others"})
    assert {other.get("/duinhaven/office/").status_code for other in others} == {302}
    assert client.get("/duinhaven/office/").status_code == 200


def test_opening_the_page_ends_nothing(sanne):
    other, client = world.client_of(SANNE), world.client_of(SANNE)
    client.get("/accounts/sessions/", {"end": key_of(other)})
    assert other.get("/duinhaven/office/").status_code == 200


@pytest.mark.parametrize("door", DOORS)
def test_a_new_password_ends_every_other_session_at_every_door(sanne, door):
    others, client = [world.client_of(SANNE) for _each in range(2)], world.client_of(SANNE)
    assert {each.get(door).status_code for each in (*others, client)} == {200}
    form = {"oldpassword": given.PASSWORD, "password1": "violet harbour 77", "password2": "violet harbour 77"}
    assert client.post("/accounts/password/change/", form).status_code == 302
    assert {other.get(door).status_code for other in others} == {302}
    assert client.get(door).status_code == 200
    enter_login(sanne.user_id)
    assert SignIn.objects.filter(user=sanne.user_id, ended_at=None).count() == 1


def test_a_wrong_old_password_changes_nothing(sanne):
    other, client = world.client_of(SANNE), world.client_of(SANNE)
    form = {"oldpassword": "wrong", "password1": "violet harbour 77", "password2": "violet harbour 77"}
    assert client.post("/accounts/password/change/", form).status_code == 200
    assert other.get("/duinhaven/office/").status_code == 200
    assert User.objects.get(email=SANNE).check_password(given.PASSWORD)


@pytest.mark.parametrize("role", ["bo_app", "bo_public"])
def test_name_and_language_are_ones_own_at_every_process(sanne, role):
    client = world.client_of(SANNE)
    given.become(role)
    try:
        response = client.post("/accounts/profile/", {"name": "Sanne V.", "language": "nl"})
        assert response.status_code == 302 and response.cookies["language"].value == "nl"
        assert 'lang="nl"' in client.get("/accounts/profile/").content.decode()
        assert client.post("/accounts/profile/", {"name": "", "language": "xx"}).status_code == 422
        assert client.get("/accounts/sessions/").status_code == 200
    finally:
        given.become("bo_app")
    user = User.objects.get(email=SANNE)
    assert (user.name, user.language, user.email) == ("Sanne V.", "nl", SANNE)


def test_a_stranger_is_led_to_the_login():
    for page in ("sessions", "profile"):
        assert Client().get(f"/accounts/{page}/")["Location"] == f"/accounts/login/?next=/accounts/{page}/"


def test_a_body_that_nobody_can_read_breaks_no_page_that_isn_t_there(here):
    client = world.client_of("all@duinhaven.example")
    client.raise_request_exception = False
    for address in ("/accounts/factor/totp/deactivate/", "/accounts/factor/recovery-codes/download/"):
        response = client.generic("POST", address, b"--x\r\nabc", content_type="multipart/form-data")
        assert response.status_code == 404, address
