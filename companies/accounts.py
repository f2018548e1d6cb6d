"""How allauth behaves here: nobody signs up by himself; a login is made by an invitation."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from companies.signins import enter_login


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def set_password(self, user: Any, password: str) -> None:
        """Only this column: at a public door the rest of a login can't be written."""
        enter_login(user.pk)
        user.set_password(password)
        user.save(update_fields=["password"])
