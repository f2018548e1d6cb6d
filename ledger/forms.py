from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.errors import BusinessError
from common.forms import DayField
from common.money import parse_amount
from companies.lists import ListFilter


def day_field(label: Any) -> DayField:
    return DayField(label=label, required=False)


class AsOfFilter(forms.Form):
    """The day of a trial balance, and whether accounts without any amount are shown."""

    on = day_field(_("As of"))
    empty = forms.BooleanField(label=_("Also accounts without amounts"), required=False)


class RawFilter(ListFilter):
    """A filter whose conditions a selector takes; the rows come narrowed already."""

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows


class CardFilter(RawFilter):
    """The period of an account card, and what to look for in it."""

    q = forms.CharField(label=_("Reference, party or its number"), required=False, max_length=60)
    since = day_field(_("From"))
    until = day_field(_("Up to and including"))
    amount = forms.CharField(label=_("Amount"), required=False, max_length=20)

    def clean_amount(self) -> int | None:
        """Cents of the amount, whatever its side."""
        typed = self.cleaned_data["amount"].strip()
        if not typed:
            return None
        try:
            return abs(int(parse_amount(typed) * 100))
        except BusinessError as error:
            raise forms.ValidationError(str(error)) from error


class DebtorFilter(RawFilter):
    """Who to show: by name or number, and whether also those who owe nothing."""

    q = forms.CharField(label=_("Name or number"), required=False, max_length=60)
    settled = forms.BooleanField(label=_("Also without a balance"), required=False)
