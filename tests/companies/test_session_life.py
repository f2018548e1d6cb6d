"""A session by the pages themselves: a new key at each login, gone for good at logout, worthless for a login that is
switched off (threat A17). What a page says when it breaks tells nothing of the inside.
"""

import math
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from companies.models import Company, Membership
from tests import given
from tests.companies import pages
from tests.conftest import role_connection

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "/alpha/office/"


@pytest.fixture
def company() -> Company:
    return given.company("alpha")


@pytest.fixture
def member(company: Company) -> Membership:
    return given.member(company, "clerk@alpha.example")


def log_in(client: Client) -> str:
    """Log in by the page for it; the key in the cookie after it."""
    sent = {"login": "clerk@alpha.example", "password": given.PASSWORD}
    assert client.post("/accounts/login/", sent).status_code == 302
    return client.cookies["session"].value


def holder_of(key: str) -> Client:
    """A browser that has this key and nothing else."""
    client = Client()
    client.cookies["session"] = key
    return client


def test_key_set_before_the_login_opens_nothing_after_it(member: Membership) -> None:
    client = Client()
    session = client.session
    session["planted"] = "1"
    session.save()
    before = client.cookies["session"].value
    after = log_in(client)
    assert after != before and client.get(HOME).status_code == 200
    assert holder_of(before).get(HOME).status_code == 302
    assert log_in(Client()) != after, "a login of its own each time"


def test_logout_ends_the_session_on_the_server(member: Membership) -> None:
    client = Client()
    key = log_in(client)
    assert holder_of(key).get(HOME).status_code == 200
    assert client.post("/accounts/logout/").status_code == 302
    assert holder_of(key).get(HOME).status_code == 302
    assert not Session.objects.exists()


def test_session_past_its_end_is_none(member: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    key = log_in(Client())
    assert holder_of(key).get(HOME).status_code == 200
    Session.objects.update(expire_date="2020-01-01T00:00Z")
    assert holder_of(key).get(HOME).status_code == 302


def test_all_sessions_of_a_login_switched_off_are_worthless_at_once(member: Membership) -> None:
    keys = [log_in(Client()) for _browser in range(3)]
    assert [holder_of(key).get(HOME).status_code for key in keys] == [200] * 3
    with role_connection("bo_owner") as owner, owner.transaction():  # no door of ours switches a login off
        owner.execute("alter table companies_user no force row level security")
        owner.execute("update companies_user set is_active = false where id = %s", [member.user_id])
        owner.execute("alter table companies_user force row level security")
    assert [holder_of(key).get(HOME).status_code for key in keys] == [302] * 3


def test_keys_are_long_and_random(member: Membership) -> None:
    keys = {log_in(Client()) for _browser in range(5)}
    assert len(keys) == 5
    assert all(len(key) * math.log2(36) >= 128 and key.isalnum() for key in keys)


def test_a_page_that_breaks_says_nothing_of_the_inside(member: Membership, settings: Any) -> None:
    client = Client(raise_request_exception=False)
    log_in(client)
    settings.ROOT_URLCONF = "tests.companies.pages"
    pages.HOOKS.clear()
    for page in ("raises/", "lazy/", "dangling/"):
        answer = client.get(f"/alpha/office/{page}")
        assert answer.status_code == 500
        text = answer.content.decode()
        assert not [
            word for word in ("Traceback", "Error", "SELECT", "psycopg", ".py", "alpha.example") if word in text
        ]
