from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms import SignedForm
from common.forms import MailField

LONGEST_NAME = 120


class WithdrawForm(SignedForm):
    """What identifies a withdrawal and no more: who declares it, where the receipt goes. No reason is asked."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=LONGEST_NAME,
        error_messages={
            "required": _("Expected your name, found none."),
            "max_length": _("Expected at most %(limit_value)s signs, found %(show_value)s."),
        },
    )
    email = MailField(
        label=_("E-mail address for the receipt"),
        required=False,
        error_messages={"invalid": _("Expected an e-mail address such as name@example.com.")},
    )

    def __init__(self, *args: Any, known: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        if known:
            self.fields["email"].help_text = _("Leave it empty, and the receipt goes to %(known)s.") % {"known": known}
