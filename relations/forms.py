"""Forms of the office for people and organisations."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.forms import DayField, LineField, MailField
from relations.models import Party, PartyKind, PartyRole, RoleCode
from relations.services.parties import Person

LANGUAGES = [(code, name) for code, name in settings.LANGUAGES]


class WhoForm(forms.Form):
    """Name and address of somebody new."""

    given_name = LineField(label=_("Given name"), max_length=60, required=False)
    family_name = LineField(label=_("Name"), max_length=80)
    email = MailField(label=_("E-mail"), max_length=254, required=False)
    phone = LineField(label=_("Phone"), max_length=40, required=False)
    street = LineField(label=_("Street"), max_length=120)
    house_number = LineField(label=_("House number"), max_length=12)
    postcode = LineField(label=_("Postcode"), max_length=12)
    city = LineField(label=_("Place"), max_length=80)
    country = LineField(
        label=_("Country"),
        max_length=2,
        help_text=_("Two letters, such as NL or DE."),
        validators=[RegexValidator(r"^[A-Za-z]{2}$", _("Expected two letters, such as NL or DE."))],
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    def person(self, *, kind: str, born: date | None = None) -> Person:
        """What was filled in, as the room registers it."""
        told: dict[str, Any] = {
            name: self.cleaned_data[name]
            for name in ("given_name", "family_name", "phone", "street", "house_number", "postcode", "city", "language")
        }
        email, country = self.cleaned_data["email"].lower(), self.cleaned_data["country"].upper()
        return Person(**told, email=email, country=country, kind=kind, birth_date=born)


class CustomerForm(WhoForm):
    """A new customer: a person, or an organisation."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PartyKind.choices)
    birth_date = DayField(label=_("Birth date"), required=False)
    field_order = ("kind", "given_name", "family_name", "birth_date")


class MemberForm(WhoForm):
    """A new customer of a pool in its role, and beneath whom it stands."""

    role = forms.ChoiceField(label=_("Role"), choices=RoleCode.choices, initial=RoleCode.COMPANY)
    beneath = forms.ModelChoiceField(
        label=_("Belongs to"),
        queryset=Party.objects.none(),
        required=False,
        to_field_name="number",
        help_text=_("A broker company to its group, an intermediary to his company."),
    )
    field_order = ("role", "beneath", "given_name", "family_name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = PartyRole.objects.filter(code__in=[RoleCode.GROUP, RoleCode.COMPANY], valid_until=None)
        field: Any = self.fields["beneath"]
        field.queryset = Party.objects.filter(pk__in=roles.values("party")).order_by("sort_key", "pk")


class WorkspaceForm(forms.Form):
    """A company of its own: its place in addresses, and its language."""

    slug = forms.SlugField(
        label=pgettext_lazy("of pages", "Address"),
        max_length=30,
        help_text=_("Small letters, digits and hyphens; it stands in every link."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower().replace("_", "-")


class FirstForm(forms.Form):
    """The first administrator of a company below."""

    name = LineField(label=_("Name"), max_length=120)
    email = MailField(label=_("E-mail"), max_length=254)
