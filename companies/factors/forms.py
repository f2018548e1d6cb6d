"""allauth's forms of a second factor, with our way of taking a code (MFA_FORMS)."""

from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.internal.flows.add import validate_can_add_authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from django import forms
from django.forms.fields import InvalidJSONInput
from django.utils.translation import gettext_lazy as _

from companies.factors.codes import CodeError, take_code, use_code_of
from companies.signins import enter_login

CODE = {"autocomplete": "one-time-code", "maxlength": 20, "autofocus": True}


def code_field(label: Any, **attributes: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=20,
        widget=forms.TextInput(attrs=CODE | attributes),
        error_messages={"required": _("Expected the code your phone shows, found none.")},
    )


class TakesCode(forms.Form):
    """A code of the authenticator or a recovery code; counted, and used up, by companies.factors.codes."""

    user: Any
    code = code_field(_("Six digits, or a recovery code"))

    def clean_code(self) -> str:
        enter_login(self.user.pk)
        code: str = self.cleaned_data["code"]
        try:
            self.authenticator = take_code(self.user, code)
        except CodeError as error:
            raise forms.ValidationError(str(error), code=error.code) from None
        return code


class LoginCodeForm(TakesCode, AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """At login, after the password."""


class FreshCodeForm(TakesCode, ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """Once more, before something that matters."""


class KeyAnswer(forms.JSONField):
    """What a security key answered. A number past the digits that Python reads, and a list too deep, are no answer."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Nothing: an answer holds once, so a form that is shown again asks the key again."""
        return InvalidJSONInput("")


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A security key by the name its owner gives it."""

    credential = KeyAnswer()
    name = forms.CharField(label=_("Name"), max_length=100, required=False)


class LoginKeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A security key at login, after the password."""

    credential = KeyAnswer()

    def save(self) -> None:
        enter_login(self.user.pk)
        super().save()


class FreshKeyForm(ReauthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A security key once more, before something that matters."""

    credential = KeyAnswer()


class SetUpForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """The first code of a new authenticator. Until then its secret lies in the session, encrypted as it will be."""

    code = code_field(_("Six digits"), inputmode="numeric")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        forms.Form.__init__(self, *args, **kwargs)
        session = context.request.session
        kept = session.get(SECRET_SESSION_KEY) if self.is_bound else None
        self.secret = decrypt(kept) if kept else generate_totp_secret()
        session[SECRET_SESSION_KEY] = kept or encrypt(self.secret)

    def clean_code(self) -> str:
        validate_can_add_authenticator(self.user)
        code: str = self.cleaned_data["code"]
        try:
            use_code_of(self.user, self.secret, code)
        except CodeError as error:
            raise forms.ValidationError(str(error), code=error.code) from None
        return code
