"""Who applies: the details of a role, as the product asks for them (S0-06), checked and stored in one shape.

Stored is {"kind", "given_names", "name", "birth_date" (ISO), "registration_number", "email", "phone",
"address": {"street", "house_number", "postcode", "city", "country"}}; what isn't asked isn't there.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applications.forms import SignedForm
from common.forms import DayField, LineField, MailField
from products.language import Product
from products.language.schema import PartyRole

PERSON, ORGANISATION = "person", "organisation"
POSTCODES = {
    "NL": (re.compile(r"([1-9]\d{3})\s?([A-Z]{2})", re.ASCII), r"\1 \2", "4381 AB"),
    "DE": (re.compile(r"(\d{5})", re.ASCII), r"\1", "20095"),
    "BE": (re.compile(r"([1-9]\d{3})", re.ASCII), r"\1", "2000"),
    "US": (re.compile(r"(\d{5}(?:-\d{4})?)", re.ASCII), r"\1", "63101"),
}
AMERICAN = {
    "postcode": (_("ZIP code"), _("Expected a ZIP code, found none.")),
    "city": (_("City and state"), _("Expected a city and its state, found none.")),
}
ADDRESS = ("street", "house_number", "postcode", "city")
PHONE = re.compile(r"\+?[0-9 ()./-]{6,30}", re.ASCII)
FIRST_BIRTH = date(1900, 1, 1)


class PartyForm(SignedForm):
    """Name, day of birth, address and ways to reach somebody; `details` is what the draft stores.

    E-mail and day of birth are always asked of the policyholder: the quotation goes to the one, and the order asks
    for the other, which stands in no mail.
    """

    kind = forms.ChoiceField(
        label=_("Who takes out the insurance?"),
        choices=[(PERSON, _("A person")), (ORGANISATION, _("An organisation"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a person or an organisation.")},
    )
    given_names = LineField(label=_("First name or initials"), max_length=60, strict=True, required=False)
    name = LineField(
        label=_("Family name"),
        max_length=80,
        strict=True,
        error_messages={"required": _("Expected a name, found none.")},
    )
    registration_number = LineField(
        label=_("Registration number in the trade register"), max_length=20, strict=True, required=False
    )
    birth_date = DayField(
        label=_("Date of birth"),
        help_text=_("You need it again to order; it stands in no mail."),
        error_messages={"required": _("Expected a date of birth, found none.")},
    )
    street = LineField(
        label=_("Street"), max_length=120, strict=True, error_messages={"required": _("Expected a street, found none.")}
    )
    house_number = LineField(
        label=_("House number"),
        max_length=12,
        strict=True,
        error_messages={"required": _("Expected a house number, found none.")},
    )
    postcode = LineField(
        label=_("Postcode"),
        max_length=12,
        strict=True,
        error_messages={"required": _("Expected a postcode, found none.")},
    )
    city = LineField(
        label=_("Town"), max_length=80, strict=True, error_messages={"required": _("Expected a town, found none.")}
    )
    email = MailField(
        label=_("E-mail"),
        help_text=_("The quotation goes to this address."),
        max_length=254,
        error_messages={
            "required": _("Expected an e-mail address, found none."),
            "invalid": _("Expected an e-mail address such as name@example.nl."),
        },
    )
    phone = LineField(label=_("Phone"), max_length=40, strict=True, required=False)

    def __init__(self, *args: Any, role: PartyRole, country: str, on: date, holder: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.role, self.country = role, country
        for name, (label, missing) in AMERICAN.items() if country == "US" else ():
            self.fields[name].label, self.fields[name].error_messages["required"] = label, missing
        asked = {str(row.field): row for row in role.fields}
        self.leave_out(asked, holder=holder)
        self.fields["name"].label = _("Name") if role.kinds == [ORGANISATION] else self.fields["name"].label
        if set(role.kinds) == {PERSON, ORGANISATION}:
            self.fields["name"].label = _("Family name, or the organisation's name")
            self.fields["kind"].initial = PERSON
            self.fields["given_names"].help_text = _("Of a person.")
            if "registration_number" in self.fields:
                self.fields["registration_number"].help_text = _("Of an organisation.")
        if "birth_date" in self.fields:
            self.fields["birth_date"].latest = on  # type: ignore[attr-defined]
            self.fields["birth_date"].earliest = FIRST_BIRTH  # type: ignore[attr-defined]
            self.fields["birth_date"].widget.attrs |= {
                "min": FIRST_BIRTH.isoformat(),
                "max": on.isoformat(),
                "autocomplete": "bday",
            }
        for name, token in AUTOCOMPLETE.items():
            if name in self.fields:
                self.fields[name].widget.attrs["autocomplete"] = token
        for name, field in self.fields.items():
            field.open = not field.required and name not in {"given_names", "registration_number"}  # type: ignore[attr-defined]
            field.css = WIDTHS.get(name, "")  # type: ignore[attr-defined]

    def leave_out(self, asked: Mapping[str, Any], *, holder: bool) -> None:
        """Take away what the product doesn't ask of this role; make optional what it leaves open."""
        kinds = self.role.kinds
        if len(kinds) == 1:
            del self.fields["kind"]
        if PERSON not in kinds:
            del self.fields["given_names"]
        if ORGANISATION not in kinds or "registration_number" not in asked:
            del self.fields["registration_number"]
        for name in ("birth_date", "email", "phone"):
            row = asked.get(name)
            kept = row is not None or (holder and name != "phone")
            if not kept:
                del self.fields[name]
            elif row is not None and not (holder and name != "phone"):
                self.fields[name].required = row.required
        if "address" not in asked and not holder:
            for name in ADDRESS:
                del self.fields[name]

    def clean_postcode(self) -> str:
        typed = str(self.cleaned_data["postcode"]).upper()
        known = POSTCODES.get(self.country)
        if known is None:
            return typed
        pattern, written, example = known
        if (found := pattern.fullmatch(typed)) is None:
            message = _("Expected a postcode such as %(example)s, found “%(found)s”.")
            raise ValidationError(message, code="postcode", params={"example": example, "found": typed})
        return found.expand(written)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_phone(self) -> str:
        typed = str(self.cleaned_data["phone"])
        if typed and PHONE.fullmatch(typed) is None:
            message = _("Expected a phone number such as 0118 123 456, found “%(found)s”.")
            raise ValidationError(message, code="phone", params={"found": typed})
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        person = PERSON in self.role.kinds and "kind" not in self.errors and self.kind_of(cleaned) == PERSON
        if person and "given_names" not in self.errors and not cleaned.get("given_names"):
            message = _("Expected a first name or initials, found none.")
            self.add_error("given_names", ValidationError(message, code="required"))
        if self.kind_of(cleaned) == ORGANISATION and self.needs_registration and not cleaned.get("registration_number"):
            message = _("Expected the number in the trade register, found none.")
            self.add_error("registration_number", ValidationError(message, code="required"))
        return cleaned

    def kind_of(self, cleaned: Mapping[str, Any]) -> str:
        return str(cleaned.get("kind") or self.role.kinds[0])

    @property
    def needs_registration(self) -> bool:
        return any(row.field == "registration_number" and row.required for row in self.role.fields)

    @property
    def details(self) -> dict[str, Any]:
        """The good details as a draft stores them; what belongs to the other kind is left out."""
        told = self.cleaned_data
        kind = self.kind_of(told)
        other = "registration_number" if kind == PERSON else "given_names"
        names = ("given_names", "name", "registration_number", "email", "phone")
        found: dict[str, Any] = {"kind": kind} | {
            name: told[name] for name in names if told.get(name) and name != other
        }
        if told.get("birth_date"):
            found["birth_date"] = told["birth_date"].isoformat()
        if "street" in told:
            found["address"] = {name: told[name] for name in ADDRESS} | {"country": self.country}
        return found


AUTOCOMPLETE = {
    "given_names": "given-name", "name": "family-name", "street": "address-line1", "house_number": "address-line2",
    "postcode": "postal-code", "city": "address-level2", "email": "email", "phone": "tel",
}  # fmt: skip

WIDTHS = {"street": "two-thirds", "house_number": "third", "postcode": "third", "city": "two-thirds"}


def role_of(product: Product, name: str) -> PartyRole:
    """The role of a definition."""
    return next(role for role in product.definition.parties if role.role == name)


def as_data(details: Mapping[str, Any]) -> dict[str, Any]:
    """Stored details as the form takes them."""
    flat = {name: value for name, value in details.items() if name != "address"}
    return flat | {name: value for name, value in (details.get("address") or {}).items() if name != "country"}
