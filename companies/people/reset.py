"""A forgotten password: known and unknown addresses get one mail each, by the same work (threats A18)."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm, default_token_generator
from django.http import HttpRequest
from django.urls import reverse

from companies.models import User


class ResetForm(ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Mail a link, or to an address without a login that it has none, after making a key that opens nothing."""
        if self.users:
            return str(super().save(request, **kwargs))
        email: str = self.cleaned_data["email"]
        key = default_token_generator.make_token(User(pk=0, email=email, password="!"))  # noqa: S106
        request.build_absolute_uri(reverse("account_reset_password_from_key", kwargs={"uidb36": "0", "key": key}))
        get_adapter().send_mail("account/email/unknown_account", email, {})
        return email
