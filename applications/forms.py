"""The forms of an application: questions of a product, the declaration. Each is signed and has an age."""

import uuid
from collections.abc import Mapping, Sequence
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

from applications.problems import sentence_of
from applications.steps import follow_ups, problems_with
from common import formats
from common.forms import DayInput, MoneyInput
from common.languages import base_language
from products.language import Product, read_form
from products.language.product import QuestionPart

OLDEST = timedelta(hours=24)  # a form that stood open longer is shown again with what was typed
FASTEST = timedelta(seconds=2)  # nobody reads and fills in a first page sooner
MOST_RADIOS = 6
MOST_CLAIMED = 200  # questions that a page may say stood on it


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


class QuestionForm(SignedForm):
    """One page of questions. `cleaned_answers` holds them as a draft stores them; one left open on purpose is None.

    The product language reads and judges what was typed, so that this page and the worker agree to the letter.

    Beside the page's own `keys` it asks what its answers make necessary and what stood on the page that was sent (its
    field `asked` names it): with script such a question appears in place, without it comes as a page of its own. What
    is asked at all, the product alone says. `before`: the answers of earlier pages. `typed`: what stands on a page
    that isn't sent yet; then nothing is judged.
    """

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        product: Product,
        keys: Sequence[str],
        answers: Mapping[str, Any],
        on: date,
        before: Mapping[str, Any] | None = None,
        typed: QueryDict | Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.product, self.own, self.answers, self.on = product, tuple(keys), answers, on
        self.before = before or {}
        self.language = base_language()
        self.cleaned_answers: dict[str, Any] = {}
        self.claimed = claimed(product, data if data is not None else typed, self.before)
        self.keys = (*self.own, *self.follow_ups(data, typed))
        spoken = product.language(self.language)
        for part in product.questions:
            key = part.spec.key
            if key in self.keys:
                field = self.fields[key] = question_field(part, product.definition.currency, spoken)
                field.css = "" if key in self.own else "follow"  # type: ignore[attr-defined]
                entry = entry_of(typed, key) if typed is not None else None
                self.initial[key] = entry if entry is not None else as_typed(part, answers.get(key))

    def follow_ups(self, data: QueryDict | None, typed: QueryDict | Mapping[str, Any] | None) -> list[str]:
        """The further questions of this page: all that are necessary as one types, else those that stood on it."""
        entries = data if data is not None else typed
        told = self.answers if entries is None else self.read(entries, [*self.own, *self.claimed])
        found = follow_ups(self.product, before=self.before, typed=told, keys=self.own, on=self.on)
        if entries is None:
            return [key for key in found if key in self.answers]
        return [key for key in found if data is None or key in self.claimed]

    def read(self, entries: QueryDict | Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
        """What can be read of these entries, good or not."""
        raw = {key: entry for key in keys if (entry := entry_of(entries, key)) is not None}
        raw |= {key: [] for key in keys if key not in raw and self.product.types[key].kind == "set"}
        return read_form(self.product, raw, self.language)[0]

    @property
    def slots(self) -> list[dict[str, Any]]:
        """The page's questions in the product's order, with an empty place for each that may still appear."""
        gone = {*self.before, *self.own}
        return [
            {"place": part.place, "field": self[part.spec.key] if part.spec.key in self.fields else None}
            for part in self.product.questions
            if part.spec.key in self.fields
            or (part.when is not None and not part.spec.set_by_system and part.spec.key not in gone)
        ]

    @property
    def changes(self) -> list[dict[str, Any]]:
        """The places whose question has appeared or gone since the page was drawn."""
        places = {part.place for part in self.product.questions if part.spec.key in set(self.keys) ^ self.standing}
        return [slot for slot in self.slots if slot["place"] in places]

    @property
    def standing(self) -> set[str]:
        """What stood on the page when it was drawn."""
        return {*self.own, *self.claimed}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        raw = {key: value for key in self.keys if (value := cleaned.get(key)) is not None}
        read, unread = read_form(self.product, raw, self.language)
        self.cleaned_answers = {key: read.get(key) for key in self.keys}
        unreadable = {problem.path for problem in unread}
        judged = problems_with(self.product, {**self.answers, **self.cleaned_answers}, self.on, self.keys)
        for problem in [*unread, *(row for row in judged if row.path not in unreadable)]:
            kind = self.product.types[problem.name].kind if problem.name in self.product.types else ""
            sentence = sentence_of(problem, kind, self.product.definition.currency)
            self.add_error(problem.question, ValidationError(sentence, code=problem.code))
        return cleaned


def claimed(product: Product, entries: Any, before: Mapping[str, Any]) -> tuple[str, ...]:
    """The questions that stood on a page by its own word; those that no visitor answers are left out."""
    told = str(entries.get("asked", "")).split() if entries is not None else []
    known = {part.spec.key for part in product.questions if not part.spec.set_by_system}
    return tuple(key for key in dict.fromkeys(told[:MOST_CLAIMED]) if key in known and key not in before)


def entry_of(entries: QueryDict | Mapping[str, Any], key: str) -> Any:
    """What a form sent for a question: one entry or several; None where it sent nothing."""
    if not isinstance(entries, QueryDict):
        return entries.get(key)
    found = entries.getlist(key)
    return found if len(found) > 1 else found[0] if found else None


def question_field(part: QuestionPart, currency: str, language: str) -> forms.Field:
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


def widget_of(part: QuestionPart, currency: str, language: str) -> forms.Widget:
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


def as_typed(part: QuestionPart, value: Any) -> Any:
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

    email = forms.EmailField(
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
