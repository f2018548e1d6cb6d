"""The order of a quotation: plan, a fact that stands in no mail, and the will to pay (S0-22)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms import SignedForm
from common.forms import DayField

FIRST_BIRTH = date(1900, 1, 1)


class OrderForm(SignedForm):
    """What the customer decides. `shown` in its ticket are the papers that stood on the page, by hash."""

    plan = forms.ChoiceField(
        label=_("How do you want to pay?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a payment plan."),
            "invalid_choice": _("Expected one of the payment plans of this quotation, found “%(value)s”."),
        },
    )
    birth_date = DayField(
        label=_("Your date of birth"),
        help_text=_("As in the application. It stands in no mail, so it shows that it is you."),
        error_messages={"required": _("Expected your date of birth, found none.")},
    )
    agreed = forms.BooleanField(
        label=_("I have read the quotation, the information document and my application, and my answers still hold."),
        error_messages={"required": _("Read the papers first, then tick the box.")},
    )

    def __init__(
        self, *args: Any, plans: Sequence[tuple[str, str]], on: date, summarised: bool = False, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        if summarised:
            self.fields["agreed"].label = _(
                "I have read the quotation, the summary of cover and my application, and my answers still hold."
            )
        self.fields["plan"].choices = list(plans)  # type: ignore[attr-defined]
        born = self.fields["birth_date"]
        born.earliest, born.latest = FIRST_BIRTH, on  # type: ignore[attr-defined]
        born.widget.attrs |= {"min": FIRST_BIRTH.isoformat(), "max": on.isoformat(), "autocomplete": "bday"}
