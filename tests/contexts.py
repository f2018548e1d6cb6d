"""How tests stand in a context: raw connections by the proof that workers give, browsers by a login."""

from typing import Any

import psycopg
from django.db import connection
from django.http import HttpRequest
from django.test import Client

from companies.doors import Door
from companies.entrance import Entrance, enter_by_login
from companies.models import User
from companies.sessions import SessionStore, hashed
from companies.signing import ask, prove
from companies.signins import sign_in, verify_sign_in

PLACES = ("company", "door", "party", "case", "link", "membership", "login")


def set_context(raw: psycopg.Connection[Any], /, **settings: Any) -> None:
    """The context of the running transaction on a raw connection, entered with a proof."""
    place = [settings.get(name) for name in PLACES]
    raw.execute("select sec.enter(%s, %s, %s, %s, %s, %s, %s, %s, %s)", [*place, *prove("service", "enter", *place)])


def in_company(owner: psycopg.Connection[Any], company: int | None) -> None:
    """The owner of the tables in a company's context, which he gets only as the guard."""
    owner.execute("set local role sec_guard")
    owner.execute("select sec.sign(%s, 'worker', null, null, null, null, null, null)", [company])
    owner.execute("reset role")


def session_of(user: User, *, verified: bool = False) -> str:
    """The key of a session that this login began just now, with a second factor proved or not."""
    request = HttpRequest()
    request.session = SessionStore()
    sign_in(User, request=request, user=user)
    if verified:
        verify_sign_in(request, "totp")
    return str(request.session.session_key)


def entrance_of(user: User, slug: str, door: Door = Door.OFFICE, *, verified: bool = False) -> Entrance | None:
    """What a company's door answers to a login's new session; the context is set if it opens."""
    key = session_of(user, verified=verified)
    with connection.cursor() as cursor:  # each process enters its own doors only
        cursor.execute("SET ROLE bo_app" if door == Door.OFFICE else "SET ROLE bo_public")
        try:
            return enter_by_login(slug, door, session_key=key, user_id=user.pk)
        finally:
            cursor.execute("SET ROLE bo_app")


def browser_of(user: User) -> Client:
    """A browser in which this login is in, its second factor proved."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    key = str(client.session.session_key)
    values = [key, "totp", *prove("entrance", "verified", hashed(key), "totp")]
    ask("SELECT sec.verify_sign_in(%s, %s, %s, %s)", values)
    return client
