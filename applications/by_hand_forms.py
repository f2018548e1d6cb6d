"""What the office says before it fills in an application for a client."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from products.models import Channel, ProductVersion
from products.selectors import offered_versions, versions_sold_by
from relations.selectors import appointments_on


class NewApplicationForm(forms.Form):
    """A product that the office sells, and the adviser it is attributed to, if any; he must be appointed for it."""

    product = forms.ChoiceField(
        label=_("Product"), error_messages={"required": _("Choose what the client wants to insure.")}
    )
    adviser = forms.ChoiceField(
        label=_("Adviser"),
        required=False,
        help_text=_("The case stands in his portfolio, and he gets the papers too."),
    )
    party = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def __init__(self, *args: Any, on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.on = on
        language = (get_language() or "en")[:2]
        self.versions = {version.product.slug: version for version in offered_versions(channel=Channel.OFFICE)}
        self.appointments = {row.party.number: row for row in appointments_on(on)}
        fields: dict[str, Any] = self.fields
        fields["product"].choices = [
            ("", _("Choose")),
            *((slug, version.product.name(language)) for slug, version in self.versions.items()),
        ]
        fields["adviser"].choices = [
            ("", _("Direct, without adviser")),
            *((number, row.party.sort_name) for number, row in self.appointments.items()),
        ]

    @property
    def version(self) -> ProductVersion:
        """The version that was chosen."""
        return self.versions[self.cleaned_data["product"]]

    @property
    def adviser_id(self) -> int | None:
        """The party it is attributed to."""
        number = self.cleaned_data.get("adviser")
        return self.appointments[number].party_id if number else None

    def clean_adviser(self) -> str:
        number = str(self.cleaned_data["adviser"])
        slug = self.cleaned_data.get("product")
        if number and slug:
            appointment = self.appointments[number]
            sold = {version.product.slug for version in versions_sold_by(appointment, on=self.on)}
            if slug not in sold:
                message = _("Expected an adviser who sells this product, found %(name)s, who does not.")
                raise ValidationError(message, code="not_sold", params={"name": appointment.party.name})
        return number
