"""Template filters that write values in the active language, and the pieces of the widgets that need Python."""

from collections.abc import Container
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms, template
from django.db.models import QuerySet
from django.forms import Form
from django.forms.boundfield import BoundField, BoundWidget
from django.http import QueryDict
from django.template import Context
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from common import formats
from common.forms import MoneyInput
from common.languages import base_language

register = template.Library()

_KINDS: dict[str, tuple[type[forms.Widget], ...]] = {  # in this order: several inherit from another
    "checks": (forms.CheckboxSelectMultiple,),
    "choice": (forms.RadioSelect,),
    "check": (forms.CheckboxInput,),
    "select": (forms.Select,),
    "area": (forms.Textarea,),
    "file": (forms.FileInput,),
}


@register.filter
def dialled(phone: str) -> str:
    """A telephone number as `tel:` takes it (RFC 3966): its digits, behind the plus of a number with its country; there
    the 0 in brackets isn't dialled.
    """
    abroad = phone.strip().startswith("+")
    told = phone.replace("(0)", "") if abroad else phone
    return "+" * abroad + "".join(sign for sign in told if sign in "0123456789")


@register.filter
def holds(rights: Container[tuple[str, str]], code: str) -> bool:
    """`{% if rights|holds:"products:view" %}`: whether the reader has a right; what he hasn't, no link leads to."""
    part, _colon, right = code.partition(":")
    return (part, right) in rights


@register.filter
def within_a_sentence(title: object) -> str:
    """`{{ title|within_a_sentence }}`: a title in small letters, but in German, whose nouns keep their capitals."""
    return str(title) if base_language() == "de" else str(title).lower()


@register.filter
def money(value: Decimal | int | None, currency: str = "EUR") -> str:
    """`{{ premium|money }}` in a sentence, with the currency's sign."""
    return formats.money(value, currency or "EUR")


@register.filter
def whole_money(value: Decimal | int | None, currency: str = "EUR") -> str:
    """`{{ limit|whole_money }}`: an insured sum without cents where it is whole."""
    return formats.whole_money(value, currency or "EUR")


@register.filter
def amount(value: Decimal | int | None) -> str:
    """`{{ premium|amount }}` in a column whose head names the currency."""
    return formats.amount(value)


@register.filter
def percent(rate: Decimal | int | None) -> str:
    """`{{ rate|percent }}`: 0.21 is 21 %."""
    return formats.percent(rate)


@register.filter
def per_mille(rate: Decimal | int | None) -> str:
    """`{{ rate|per_mille }}`: 0.00245 is 2.45 ‰."""
    return formats.per_mille(rate)


@register.filter
def number(value: Decimal | int | None) -> str:
    """`{{ count|number }}`: thousands, no needless decimals."""
    return formats.number(value)


@register.filter
def day(value: date | None) -> str:
    """`{{ starts|day }}` in lists and facts."""
    return formats.day(value)


@register.filter
def day_in_prose(value: date | None) -> str:
    """`{{ starts|day_in_prose }}` in sentences."""
    return formats.day_in_prose(value)


@register.filter
def day_with_weekday(value: date | None) -> str:
    """`{{ business_day|day_with_weekday }}` in the top bar."""
    return "" if value is None else formats.day_with_weekday(value)


@register.filter
def from_today(value: date | None, today: date) -> str:
    """`{{ renews|from_today:today }}`: the day, with “in 3 days” where it lies under a week ahead."""
    return formats.day_and_distance(value, today=today)


@register.filter
def moment(value: datetime | None) -> str:
    """`{{ recorded_at|moment }}` in the active time zone."""
    return formats.moment(value)


@register.filter
def time_of_day(value: datetime | None) -> str:
    """`{{ seen_at|time_of_day }}`: the hour and minute of a moment in the active time zone."""
    return formats.time_of_day(value)


@register.filter
def language_name(code: str) -> str:
    """`{{ paper.language|language_name }}`: nl is Dutch."""
    return formats.language_name(code)


@register.filter
def country_name(code: str) -> str:
    """`{{ address.country|country_name }}`: DE is Germany."""
    return formats.country_name(code)


@register.simple_tag
def town(postcode: str, city: str, country: str) -> str:
    """`{% town profile.postcode profile.city company.country %}` in the order of the country's post."""
    return " ".join(formats.town_line(postcode, city, country).split())


@register.filter
def iban(value: str | None) -> str:
    """`{{ account|iban }}` in groups of four."""
    return formats.iban(value)


@register.filter
def sign(value: Any) -> str:
    """The class of an amount: `neg` below zero, `zero` at zero, nothing above."""
    if value is None or value > 0:
        return ""
    return "neg" if value < 0 else "zero"


@register.filter
def initial_of(name: str | None) -> str:
    """The letter in a company's mark."""
    return next((character.upper() for character in name or "" if character.isalnum()), "P")


@register.filter
def bare(label: Any) -> str:
    """A label without its closing point or question mark, to be followed by a colon."""
    return str(label).rstrip(" .:?")


@register.filter
def widget_kind(field: BoundField) -> str:
    """Which shape `c-field` gives a form field: hidden, check, choice, checks, select, area, file, money or input."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, MoneyInput):
        return "money"
    for kind, classes in _KINDS.items():
        if isinstance(widget, classes):
            return kind
    return "input"


@register.simple_tag
def first_control(field: BoundField) -> str:
    """The id of what takes the focus where a field is to be filled in: its control, of several choices the first."""
    chosen = widget_kind(field) in {"choice", "checks"}
    return next((str(one.data["attrs"]["id"]) for one in field.subwidgets), field.auto_id) if chosen else field.auto_id


@register.filter
def few(field: BoundField) -> bool:
    """Whether the choices are short enough to stand side by side: at most four labels of at most 18 letters."""
    labels = [str(label) for _value, label in getattr(field.field, "choices", [])]
    return len(labels) <= 4 and all(len(label) <= 18 for label in labels) and not consequences_of(field)


@register.filter
def consequence(choice: BoundWidget, field: BoundField) -> Any:
    """The word of consequence under a choice, empty where the field has none (`common.forms.OutcomeField`)."""
    return consequences_of(field).get(str(choice.data["value"]), "")


def consequences_of(field: BoundField) -> dict[str, Any]:
    found: dict[str, Any] = getattr(field.field, "consequences", {})
    return found


@register.simple_tag
def hint_of(field: BoundField, hint: Any = "", help: bool = True) -> Any:
    """The hint given at the place of use, else the field's own help text unless it is switched off."""
    return hint or (field.help_text if help else "")


@register.simple_tag
def described_by(field: BoundField, hint: Any = "") -> str:
    """The ids of the hint and the errors of a field, for `aria-describedby`; empty where it has neither."""
    own = field.field.widget.attrs.get("aria-describedby", "")
    ids = [
        own,
        f"{field.auto_id}_hint" if hint or field.help_text else "",
        f"{field.auto_id}_error" if field.errors else "",
    ]
    return " ".join(part for part in ids if part)


@register.simple_tag
def field_widget(field: BoundField, css: str = "", hint: Any = "", placeholder: bool = True) -> SafeString:
    """The control of a field with our class, joined to hint and errors, and marked invalid where it was refused."""
    widget = copy(field.field.widget)
    widget.attrs = {
        name: value
        for name, value in widget.attrs.items()
        if name != "aria-describedby" and (placeholder or name != "placeholder")
    }
    attrs: dict[str, Any] = {"class": " ".join(part for part in (css, widget.attrs.get("class", "")) if part)}
    if described := described_by(field, hint):
        attrs["aria-describedby"] = described
    return field.as_widget(widget=widget, attrs={name: value for name, value in attrs.items() if value})


@register.simple_tag(takes_context=True)
def query(context: Context, without: str = "", **changes: Any) -> str:
    """The page's own query with changes: `{% query page=2 %}`; `without` drops names, the page number always goes."""
    request = context.get("request")
    kept = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for name in [*without.split(), *([] if "page" in changes else ["page"])]:
        kept.pop(name, None)
    for name, value in changes.items():
        if value in (None, ""):
            kept.pop(name, None)
        else:
            kept[name] = str(value)
    return f"?{kept.urlencode()}"


@register.filter
def conditions(form: Form) -> list[dict[str, Any]]:
    """The conditions a filter form holds now: label, value in words and name of each; never the search field."""
    if not form.is_bound:
        return []
    form.is_valid()
    found = []
    for field in form:
        value = form.cleaned_data.get(field.name)
        if field.name != "q" and not field.is_hidden and value not in (None, "", [], False):
            found.append({"label": field.label, "name": field.html_name, "value": _in_words(field, value)})
    return found


@register.simple_tag
def sort_state(key: str, sort: str | None) -> dict[str, str]:
    """How a column stands in the order: `aria` for aria-sort, `icon`, and the `next` value of the sort parameter."""
    if sort == key:
        return {"aria": "ascending", "icon": "arrow-up", "next": f"-{key}"}
    if sort == f"-{key}":
        return {"aria": "descending", "icon": "arrow-down", "next": key}
    return {"aria": "", "icon": "", "next": key}


@register.simple_tag
def fuse(share: Any, shown: str) -> SafeString:
    """The time left of a promise, drawn beside what is shown: `share` from 1 to 0; amber from a quarter down, red when
    broken. Rows of lists use it instead of its component, which takes ten times as long."""
    left = min(max(Decimal(str(share if share is not None else 1)), Decimal(0)), Decimal(1))
    state = "bad" if left == 0 else "warn" if left <= Decimal("0.25") else ""
    return format_html(
        '<span class="due{}"><svg class="fuse{}" viewBox="0 0 48 4" aria-hidden="true"><rect width="48" height="4"/>'
        '<rect class="left" width="{}" height="4"/></svg>{}</span>',
        f" due-{state}" if state else "",
        f" fuse-{state}" if state else "",
        48 if left == 0 else max(1, int(left * 48)),
        shown,
    )


@register.simple_tag
def time_of(value: date | None, today: date | None = None, prose: bool = False) -> SafeString:
    """A day as `<time>`: in a column, in a sentence, or with its distance from today. Rows of lists use it instead of
    its component, which takes ten times as long."""
    if not value:
        return SafeString()
    if today:
        shown = formats.day_and_distance(value, today=today)
    else:
        shown = formats.day_in_prose(value) if prose else formats.day(value)
    return format_html('<time datetime="{}">{}</time>', f"{value:%Y-%m-%d}", shown)


def _in_words(field: BoundField, value: Any) -> str:
    if value is True:
        return str(_("yes"))
    if isinstance(value, (list, tuple, QuerySet)):
        return ", ".join(_in_words(field, one) for one in value)
    if isinstance(value, date):
        return formats.day(value)
    if isinstance(value, Decimal):
        return formats.amount(value)
    named = {
        str(key): str(label)
        for key, label in getattr(field.field, "choices", [])
        if not isinstance(label, (list, tuple))
    }
    return named.get(str(value), str(value))


@register.simple_tag
def money_marked(value: Decimal | int | None, currency: str = "EUR") -> SafeString:
    """Money in a sentence with the currency's sign in the quiet colour."""
    symbol = formats.currency_sign(currency)
    quiet = format_html('<span class="cur">{}</span>', symbol)
    # nosemgrep: text-taken-as-markup (both parts are escaped)
    return mark_safe(escape(formats.money(value, currency)).replace(symbol, quiet, 1))  # noqa: S308  both parts are escaped


@register.filter
def currency_sign(currency: str) -> str:
    """`{{ "EUR"|currency_sign }}` is €."""
    return formats.currency_sign(currency)


@register.filter
def figure(value: Any) -> str:
    """A cell of a worksheet: an amount where it is a number, a text as it is, nothing where it is unknown."""
    return formats.amount(value) if isinstance(value, (Decimal, int)) else str(value or "")


@register.filter
def day_of(value: datetime | None) -> str:
    """The day of a moment in the active time zone."""
    return "" if value is None else formats.day(timezone.localtime(value).date())


@register.filter
def day_of_prose(value: datetime | None) -> str:
    """The same in a sentence: 26 december 2026."""
    return "" if value is None else formats.day_in_prose(timezone.localtime(value).date())
