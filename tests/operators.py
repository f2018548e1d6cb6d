"""The operator's process in a test: its settings, URLs, sessions and database role, on the test's connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.test import Client, override_settings

from companies.models import User
from companies.operator.people import add_operator
from companies.operator.sessions import SessionStore
from companies.signins import sign_in, verify_sign_in
from tests.conftest import become

MIDDLEWARE = [
    "companies.operator.middleware.OperatorWall" if row == "companies.middleware.Wall" else row
    for row in settings.MIDDLEWARE
]
PROCESS = {
    "PROCESS": "operator", "ROOT_URLCONF": "config.urls.operator", "MIDDLEWARE": MIDDLEWARE,
    "SESSION_ENGINE": "companies.operator.sessions",
}  # fmt: skip


class OperatorClient(Client):
    """A browser at the operator's process: every request runs as bo_operator."""

    def request(self, **request: Any) -> Any:
        with as_operator():
            return super().request(**request)


@contextmanager
def as_operator() -> Iterator[None]:
    """The operator's process on this connection."""
    with override_settings(**PROCESS):
        become("bo_operator")
        try:
            yield
        finally:
            become("bo_app")


def operator(email: str = "op@centre.example") -> User:
    """A login of the computing centre."""
    return User.objects.get(pk=add_operator(email=email, name="Rens Achterberg", password="!"))


def browser_of(user: User, *, verified: bool = True) -> OperatorClient:
    """A browser in which an operator logged in, with a second factor proved or not."""
    client = OperatorClient()
    with as_operator():
        request = HttpRequest()
        request.session = SessionStore()
        request.session["_auth_user_id"] = str(user.pk)
        request.session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
        request.session["_auth_user_hash"] = user.get_session_auth_hash()
        request.session.save()
        sign_in(User, request=request, user=user)
        if verified:
            verify_sign_in(request, "totp")
    client.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
    return client
