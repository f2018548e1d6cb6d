"""Form fields in the office's words: amounts, days, yes or no, outcomes with their consequence.

They write and read values in the active language and refuse with what was expected and what was found.
"""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from common import formats
from common.money import AmountError, parse_amount
from common.text import LineError, check_line, clean_line


class MoneyInput(forms.TextInput):
    """A field for an amount with its currency in front; `c-field` draws the currency."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, currency: str = "EUR") -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})
        self.currency = currency


class AmountField(forms.Field):
    """An amount typed in the reader's language, between two limits where given. Cleans to Decimal with two decimals."""

    widget = MoneyInput

    def __init__(
        self,
        *,
        currency: str = "EUR",
        at_least: Decimal | None = None,
        at_most: Decimal | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**{"widget": MoneyInput(currency=currency), **options})
        self.currency, self.at_least, self.at_most = currency, at_least, at_most

    def prepare_value(self, value: Any) -> Any:
        return formats.amount(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return parse_amount(str(value))
        except AmountError as error:
            raise ValidationError(str(error), code=error.code) from None

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if self.at_least is not None and value < self.at_least:
            params = {"least": formats.amount(self.at_least), "found": formats.amount(value)}
            raise ValidationError(_("Expected at least %(least)s, found %(found)s."), code="too_small", params=params)
        if self.at_most is not None and value > self.at_most:
            params = {"most": formats.amount(self.at_most), "found": formats.amount(value)}
            raise ValidationError(_("Expected at most %(most)s, found %(found)s."), code="too_large", params=params)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class DayInput(forms.DateInput):
    """The browser's own day picker; a browser without one takes the day as text."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


FIRST_DAY, LAST_DAY = date(1000, 1, 1), date(2999, 12, 31)  # a month more or less is a day of the calendar too
_TYPED_DAYS = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII),
    re.compile(r"(?P<day>\d{1,2})[-./ ](?P<month>\d{1,2})[-./ ](?P<year>\d{4})", re.ASCII),
)


class DayField(forms.Field):
    """A day: from the picker, or typed as 2026-11-24, 24-11-2026 or 24.11.2026. Cleans to a date within its limits."""

    widget = DayInput

    def __init__(self, *, earliest: date | None = None, latest: date | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.earliest, self.latest = earliest, latest
        for name, limit in (("min", earliest), ("max", latest)):
            if limit is not None:
                self.widget.attrs[name] = limit.isoformat()

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        typed = str(value).strip()
        for form in _TYPED_DAYS:
            if found := form.fullmatch(typed):
                try:
                    return date(int(found["year"]), int(found["month"]), int(found["day"]))
                except ValueError:
                    message = _("Expected a day of the calendar, found “%(found)s”.")
                    raise ValidationError(message, code="day", params={"found": typed}) from None
        message = _("Expected a day such as 24-11-2026, found “%(found)s”.")
        raise ValidationError(message, code="day", params={"found": typed[:40]})

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        earliest, latest = self.earliest or FIRST_DAY, self.latest or LAST_DAY
        if value < earliest:
            params = {"earliest": formats.day(earliest), "found": formats.day(value)}
            message = _("Expected %(earliest)s or later, found %(found)s.")
            raise ValidationError(message, code="too_early", params=params)
        if value > latest:
            params = {"latest": formats.day(latest), "found": formats.day(value)}
            raise ValidationError(_("Expected %(latest)s or earlier, found %(found)s."), code="too_late", params=params)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class YesNoField(forms.TypedChoiceField):
    """A question with two answers side by side; cleans to True, False, or None where it may stay open."""

    def __init__(self, **options: Any) -> None:
        standard: dict[str, Any] = {
            "choices": [("yes", _("Yes")), ("no", _("No"))],
            "coerce": lambda answer: answer == "yes",
            "empty_value": None,
            "widget": forms.RadioSelect,
        }
        super().__init__(**{**standard, **options})

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value

    def clean(self, value: Any) -> Any:
        return super().clean(self.prepare_value(value))


class OutcomeField(forms.ChoiceField):
    """2 to 6 outcomes of a decision, each with a word of consequence: (value, label, consequence) in `outcomes`."""

    def __init__(self, *, outcomes: Iterable[tuple[str, Any, Any]], **options: Any) -> None:
        rows = list(outcomes)
        self.consequences = {value: consequence for value, _label, consequence in rows if consequence}
        standard: dict[str, Any] = {
            "choices": [(value, label) for value, label, _c in rows],
            "widget": forms.RadioSelect,
        }
        super().__init__(**{**standard, **options})


class LineField(forms.CharField):
    """One line of text without control and direction marks; `strict` refuses them with their place."""

    def __init__(self, *, strict: bool = False, max_length: int = 200, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)
        self.strict = strict

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if not self.strict:
            return clean_line(text)
        try:
            return check_line(text)
        except LineError as error:
            raise ValidationError(str(error), code=error.code) from None


class MailField(forms.EmailField):
    """An address that a mail can be sent to. Django takes one with control characters in quotes, the mail doesn't."""

    def run_validators(self, value: Any) -> None:
        if not str(value).isprintable():
            raise ValidationError(self.error_messages.get("invalid", validate_email.message), code="invalid")
        super().run_validators(value)
