"""A new password, by a mailed link or by the old one: allauth's forms, in the words of our pages."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, ResetPasswordKeyForm
from django.utils.translation import gettext_lazy as _

WORDS = {
    "oldpassword": _("Password until now"),
    "password1": _("New password"),
    "password2": _("New password, once more"),
}


class InOurWords:
    """Gives the fields of a form our labels."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields  # type: ignore[attr-defined]
        for name, field in fields.items():
            field.label = WORDS.get(name, field.label)


class NewPasswordForm(InOurWords, ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    """By the link of a mail."""


class OtherPasswordForm(InOurWords, ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    """By whoever knows the old one."""
