"""The forms of an application: questions of a product, the declaration. Each is signed and has an age."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common import formats
from common.forms import DayInput, MailField, MoneyInput
from products.language.product import FieldPart

OLDEST = timedelta(hours=24)  # a form that stood open longer is shown again with what was typed
FASTEST = timedelta(seconds=2)  # nobody reads and fills in a first page sooner
MOST_RADIOS = 6


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a form carries signed: the id of the command it may become, and what stood on the page."""

    command_id: uuid.UUID
    shown: Any


class SignedForm(forms.Form):
    """A form whose hidden token we signed for one purpose; forged, foreign, stale and hasty ones are refused.

    The token is no field: a form shown again after errors carries a new one, so no command id serves two wills.
    """

    def __init__(
        self, *args: Any, purpose: str, shown: Any = None, fastest: timedelta | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.purpose, self.shown, self.fastest = purpose, shown, fastest
        self.ticket: Ticket | None = None

    @property
    def token(self) -> str:
        """A new token for the page."""
        return signer(self.purpose).sign_object({"id": uuid.uuid4().hex, "shown": self.shown})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.ticket = self.read_ticket(str(self.data.get("token", "")))
        return cleaned

    def read_ticket(self, token: str) -> Ticket | None:
        try:
            told = signer(self.purpose).unsign_object(token, max_age=OLDEST)
        except SignatureExpired:
            self.refuse("stale")
            return None
        except (BadSignature, ValueError):
            self.refuse("token")
            return None
        if self.fastest and is_younger(self.purpose, token, self.fastest):
            self.refuse("hasty")
            return None
        return Ticket(uuid.UUID(told["id"]), told["shown"])

    def refuse(self, code: str) -> None:
        self.add_error(None, ValidationError(TOKEN_ERRORS[code], code=code))

    @property
    def typed(self) -> dict[str, Any]:
        """What was sent for the fields of this form, good or not, by their names; nothing else that came along."""
        found = {(name := self.add_prefix(key)): entry_of(self.data, name) for key in self.fields}
        return {name: entry for name, entry in found.items() if entry is not None}


def entry_of(data: Mapping[str, Any], name: str) -> Any:
    """What a form sent under a name: one entry or several; None where it sent nothing."""
    if not isinstance(data, QueryDict):
        return data.get(name)
    found = data.getlist(name)
    return found if len(found) > 1 else found[0] if found else None


TOKEN_ERRORS = {
    "stale": _("This page stood open for more than a day. Check it and send it again."),
    "token": _("Expected the form of this page, found another one. Send it again."),
    "hasty": _("That was faster than one can read. Check the page and send it again."),
}


def signer(purpose: str) -> TimestampSigner:
    """Signs for one purpose only: a form of another page or another file doesn't fit."""
    return TimestampSigner(salt=f"polisdesk.form:{purpose}")


def is_younger(purpose: str, token: str, age: timedelta) -> bool:
    try:
        signer(purpose).unsign(token, max_age=age)
    except SignatureExpired:
        return False
    return True


def question_field(part: FieldPart, currency: str, language: str) -> forms.Field:
    """The field of a question with its label, help and unit in a language; it takes whatever is typed."""
    spec = part.spec
    field = forms.Field(
        label=spec.label[language],
        help_text=(spec.help or {}).get(language, ""),
        required=False,
        widget=widget_of(part, currency, language),
    )
    choices = [(choice.key, choice.label[language]) for choice in spec.choices]
    if spec.type == "yes_no":
        choices = [("yes", str(_("Yes"))), ("no", str(_("No")))]
    field.choices = choices  # type: ignore[attr-defined]  # which is how `c-field` knows few short ones
    field.why = (spec.why or {}).get(language, "")  # type: ignore[attr-defined]
    field.unit = (spec.unit or {}).get(language, "")  # type: ignore[attr-defined]
    field.open = spec.optional  # type: ignore[attr-defined]
    return field


def widget_of(part: FieldPart, currency: str, language: str) -> forms.Widget:
    """The control that fits a question's type; a long list of choices becomes a select."""
    spec = part.spec
    choices = [(choice.key, choice.label[language]) for choice in spec.choices]
    if spec.type == "money":
        return MoneyInput({"class": "short"}, currency=currency)
    if spec.type == "date":
        return DayInput({"min": bound(part.least), "max": bound(part.most)})
    if spec.type == "yes_no":
        return forms.RadioSelect(choices=[("yes", _("Yes")), ("no", _("No"))])
    if spec.type == "several_of":
        return forms.CheckboxSelectMultiple(choices=choices)
    if spec.type == "one_of":
        few = len(choices) <= MOST_RADIOS
        return forms.RadioSelect(choices=choices) if few else forms.Select(choices=[("", _("Choose")), *choices])
    if spec.type == "text" and (spec.length or 1000) > 200:
        return forms.Textarea({"rows": 4, "maxlength": spec.length or 2000})
    attrs: dict[str, Any] = {"autocomplete": "off", "class": "short"}
    if spec.type in {"integer", "year", "decimal"}:
        attrs["inputmode"] = "decimal" if spec.type == "decimal" else "numeric"
    if spec.length:
        attrs["maxlength"] = spec.length
    return forms.TextInput(attrs)


def bound(limit: Any) -> str | bool:
    """A day's limit as an attribute of the picker; False leaves it out."""
    return limit.isoformat() if isinstance(limit, date) else False


def as_typed(part: FieldPart, value: Any) -> Any:
    """A stored answer as the applicant would type it in his language."""
    if value is None:
        return None
    if part.spec.type == "money":
        return formats.amount(Decimal(str(value)))
    if part.spec.type == "decimal":
        return formats.number(Decimal(str(value)))
    if part.spec.type == "yes_no":
        return "yes" if value else "no"
    return value


class DeclarationForm(SignedForm):
    """The last word of an application: it is true and complete."""

    declared = forms.BooleanField(
        label=_("My answers are true and complete. I know that a wrong answer can have consequences when I claim."),
        error_messages={"required": _("Expected your declaration that the answers are true; tick the box.")},
    )


class SaveForm(SignedForm):
    """Where the address of an application is to be mailed."""

    email = MailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": _("Expected an e-mail address, found none."),
            "invalid": _("Expected an e-mail address such as name@example.nl."),
        },
    )


def spoken_language() -> str:
    """The visitor's language as two letters."""
    return (get_language() or "en")[:2]
