"""A server of ours that gives no answer: each door says so, keeps what was typed, and goes on when it is back."""

import os
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import psycopg
import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError, ProgrammingError, connections
from django.test import Client
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn

from config.environment import database
from config.launch.walk.browser import Reader
from portal.views.errors import is_away
from tests import given, world
from tests.silence import WAIT, callers, silence

START = "/duinhaven/apply/nl-horse-trailer/?language=nl"
FORM = "application/x-www-form-urlencoded"
TYPED = [("token", "signed"), ("q-area_of_use", "NL"), ("q-area_of_use", "BE"), ("q-note", 'He said "1 < 2"\nand went')]


@pytest.fixture
def away(django_db_blocker: pytest.FixtureRequest, tmp_path: object) -> Iterator[None]:
    """No server listens where the database should be."""
    here = connections["default"].settings_dict
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connections["default"].close()
        was, here["HOST"] = here["HOST"], str(tmp_path)
        yield
        connections["default"].close()
        here["HOST"] = was


@pytest.fixture
def silent(django_db_blocker: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The database's host takes connections and never says a word."""
    with silence(monkeypatch) as listening, django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield listening


def read(response: object) -> Reader:
    reader = Reader()
    reader.feed(response.content.decode())  # type: ignore[attr-defined]
    return reader


def stranger(**headers: str) -> Client:
    return Client(raise_request_exception=False, headers=headers)


@pytest.mark.parametrize("path", [START, "/duinhaven/office/policies/", "/duinhaven/advisers/", "/"])
def test_page_says_that_the_records_are_away_and_tries_again_by_itself(away, path):
    client = stranger(**{"accept-language": "nl"})
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    response = client.get(path)
    assert (response.status_code, response["Retry-After"], response["Refresh"]) == (503, "5", "5")
    page = read(response)
    assert page.headings == ["Onze administratie is even niet bereikbaar"]
    assert [path, "Opnieuw proberen"] in page.links
    assert "Traceback" not in response.content.decode()


@pytest.mark.parametrize("path", [START, "/duinhaven/office/policies/", "/"])
def test_page_says_so_in_time_where_the_host_of_the_records_hangs(silent, path):
    client, began = stranger(), time.monotonic()
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    response = client.get(path)
    took = time.monotonic() - began
    assert (response.status_code, response["Refresh"]) == (503, "5")
    assert WAIT - 0.5 < took < WAIT + 1 and callers(silent) == 1, "it waits once"


def test_wait_is_five_seconds_unless_told_otherwise(monkeypatch):
    monkeypatch.delenv("POLISDESK_DATABASE_WAIT", raising=False)
    assert database("postgresql://bo_app@host/polisdesk")["OPTIONS"]["connect_timeout"] == 5


def test_connection_that_stands_is_given_up_where_its_host_vanished():
    told = database("postgresql://bo_app@host/polisdesk")["OPTIONS"]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        asked = make_conninfo(host="127.0.0.1", port=listening.getsockname()[1], **told)
        pending = PGconn.connect_start(asked.encode())
        with socket.socket(fileno=os.dup(pending.socket)) as line:
            assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
            kept = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)
            assert [line.getsockopt(socket.IPPROTO_TCP, each) for each in kept] == [30, 5, 3, 15_000]
        pending.finish()


def test_form_is_kept_in_time_where_the_host_of_the_records_hangs(silent):
    began = time.monotonic()
    (form,) = read(stranger().post(START, urlencode(TYPED), content_type=FORM)).forms
    assert form.filled({}) == TYPED and time.monotonic() - began < WAIT + 1


def test_form_is_kept_whole_and_sent_again_by_the_page(away):
    response = stranger().post(START, urlencode(TYPED), content_type=FORM)
    (form,) = read(response).forms
    assert response.status_code == 503 and "Refresh" not in response
    assert (form.action, form.method, form.filled({})) == (START, "post", TYPED)


@pytest.mark.parametrize(
    ("path", "kind", "headers"),
    [
        ("/accounts/login/", FORM, {}),
        (START, "multipart/form-data; boundary=x", {}),
        (START, FORM, {"origin": "https://elsewhere.example"}),
    ],
)
def test_password_files_and_a_foreign_page_s_form_are_not_kept(away, path, kind, headers):
    body = urlencode([("login", "a@b.example"), ("password", "secret-word")])
    response = stranger(**headers).post(path, body, content_type=kind)
    assert response.status_code in {403, 503} and not read(response).forms
    assert "secret-word" not in response.content.decode()


def caused_by(state: str) -> OperationalError:
    error = OperationalError("said")
    error.__cause__ = psycopg.errors.lookup(state)("said") if state else psycopg.OperationalError("said")
    return error


@pytest.mark.parametrize("state", ["", "08006", "53300", "57P01", "57P02", "57P03"])
def test_database_that_went_or_has_no_room_is_away(state):
    assert is_away(caused_by(state))


@pytest.mark.parametrize("state", ["57014", "40P01", "55P03"])
def test_refused_statement_is_a_fault_of_ours(state):
    assert not is_away(caused_by(state))
    assert not is_away(ProgrammingError("said")) and not is_away(ValueError("said"))
    assert is_away(InterfaceError("connection already closed"))


@pytest.mark.django_db
def test_nobody_logs_in_while_tries_can_t_be_counted_and_who_is_in_goes_on(settings, tmp_path):
    given.member(given.company(), "sanne@verbruggen.example")
    inside = world.client_of("sanne@verbruggen.example")
    there = {**settings.CACHES["default"], "LOCATION": f"unix://{tmp_path}/none"}
    settings.CACHES = {**settings.CACHES, "default": there}
    form = urlencode({"login": "sanne@verbruggen.example", "password": given.PASSWORD})
    response = stranger().post("/accounts/login/", form, content_type=FORM)
    assert response.status_code == 503 and ["/accounts/login/", "Try again"] in read(response).links
    assert inside.get("/duinhaven/office/").status_code == 200
