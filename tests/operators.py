"""The operator's process in a test: its settings, URLs, sessions and database role, on the test's connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.test import Client, override_settings

from companies.models import Company, Membership, ModuleCode, User, Window
from companies.operator.people import add_operator
from companies.operator.sessions import SessionStore
from companies.operator.windows import close_window, open_window
from companies.signins import sign_in, verify_sign_in
from tests import factors, given
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
    """The operator's process on this connection; many requests share one, since entering builds all addresses anew."""
    if PROCESS["PROCESS"] == settings.PROCESS:
        yield
        return
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


ALL_MODULES = [code for code in ModuleCode.values if code != ModuleCode.BASE]


def let_in(company: Company, client: OperatorClient, *, modules: list[str] = ALL_MODULES, by: str) -> Window:
    """The operator asks, and an administrator made for it opens: a window of these modules, for eight hours."""
    asked = {"step": "ask", "reason": "A run stopped", "modules": modules, "minutes": "480"}
    assert client.post(f"/operator/companies/{company.slug}/", asked, follow=True).status_code == 200
    chief = given.member(company, f"{by}@{company.slug}.example", administrator=True)
    factors.with_authenticator(chief.user)
    with at_office(company, chief):
        window = Window.objects.filter(reason=asked["reason"], opened_at=None).latest("pk")
        open_window(
            window=window.pk, modules=["base", *modules], imports=False, minutes=480, user=chief.user,
            code=factors.code_of(chief.user),
        )  # fmt: skip
    return window


def shut(company: Company, window: Window) -> None:
    """An administrator closes the window."""
    with given.inside(company):
        window.refresh_from_db()
        assert window.opened_by_id is not None
        opener = Membership.objects.get(pk=window.opened_by_id)
    with at_office(company, opener):
        assert close_window(window=window.pk)


def at_office(company: Company, chief: Membership) -> Any:
    """In the company's context as one of its administrators."""
    return given.inside(company, replace(given.actor_of(chief), administrator=True))
