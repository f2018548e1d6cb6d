"""The table of sessions holds hashes; neither its key nor its content opens a session (foundation, section 6)."""

from hashlib import sha256

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from companies.sessions import SessionStore, hashed
from tests import given

pytestmark = pytest.mark.django_db


def signed_in() -> tuple[Client, str]:
    """A browser with a login, and the key in its cookie."""
    member = given.member(given.company("alpha"), "clerk@alpha.example")
    client = Client()
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client, client.session.session_key or ""


def test_table_holds_the_hash_of_the_key_alone() -> None:
    _, key = signed_in()
    (row,) = Session.objects.all()
    assert row.session_key == hashed(key) == sha256(key.encode()).hexdigest()[:40] != key
    assert key not in row.session_data


def test_value_of_the_table_is_no_ticket() -> None:
    signed_in()
    (row,) = Session.objects.all()
    assert SessionStore(row.session_key).load() == {}
    assert not SessionStore(row.session_key).exists(row.session_key)


def test_content_copied_under_a_key_of_ones_own_is_no_ticket() -> None:
    """Whoever may write the table can't take over a session by copying it: its signature holds for one key."""
    _, key = signed_in()
    assert SessionStore(key).load()["_auth_user_id"]
    row = Session.objects.get()
    Session.objects.create(session_key=hashed("k" * 32), session_data=row.session_data, expire_date=row.expire_date)
    assert SessionStore("k" * 32).load() == {}


def test_session_lives_and_dies_by_its_key() -> None:
    _, key = signed_in()
    session = SessionStore(key)
    session["seen"] = "1"
    session.save()
    assert SessionStore(key).load()["seen"] == "1"
    session.cycle_key()
    assert SessionStore(key).load() == {}
    assert SessionStore(session.session_key).load()["seen"] == "1"
    SessionStore(session.session_key).flush()
    assert not Session.objects.exists()
