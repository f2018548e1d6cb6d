"""How allauth behaves here: nobody signs up by himself; a login is made by an invitation."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from companies.languages import bring_language
from companies.security_log import tell
from companies.signins import enter_login


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """After too many wrong passwords none is looked at, which is an event of the security log."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            tell("login.held_up", request)
            raise

    def is_safe_url(self, url: str | None) -> bool:
        """No place to go on to is an address that is none, such as `http://[`."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """His own language comes in with him."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        bring_language(response, user)
        return response

    def set_password(self, user: Any, password: str) -> None:
        """Only this column: at a public door the rest of a login can't be written."""
        enter_login(user.pk)
        user.set_password(password)
        user.save(update_fields=["password"])

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who proved himself in the last five minutes isn't asked again: by a second factor if he has one, else by his
        password.
        """
        user = context.request.user
        method, since = (
            "mfa" if is_mfa_enabled(user) else "password",
            time.time() - app_settings.REAUTHENTICATION_TIMEOUT,
        )
        records = get_authentication_records(context.request, user)
        return not any(record["method"] == method and record["at"] > since for record in records)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has a second factor proves himself by it, never by the password alone."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        by_factor = [method for method in methods if method["url"] != reverse("account_reauthenticate")]
        return by_factor or methods
