"""The operator's forms."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.forms import MailField
from common.text import one_line
from companies.models import CompanyKind, ModuleCode, Protocol
from companies.models.company import RESERVED_SLUGS

MODULES = [choice for choice in ModuleCode.choices if choice[0] != ModuleCode.BASE]
SLUG = RegexValidator(r"^[a-z][a-z0-9-]{1,28}$", _("Expected 2 to 29 small letters, digits or hyphens."))
CURRENCY_OF = {"NL": "EUR", "DE": "EUR", "BE": "EUR", "US": "USD"}
COUNTRIES = [("NL", _("Netherlands")), ("DE", _("Germany")), ("BE", _("Belgium")), ("US", _("United States"))]
LANGUAGES = [("nl", _("Dutch")), ("de", _("German")), ("en", _("English"))]


class FoundForm(forms.Form):
    """A new company."""

    name = forms.CharField(label=_("Name"), max_length=120)
    slug = forms.CharField(
        label=pgettext_lazy("of pages", "Address"),
        max_length=29,
        validators=[SLUG],
        help_text=_("Its pages stand under this word."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=CompanyKind.choices)
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    time_zone = forms.CharField(label=_("Time zone"), max_length=40, initial="Europe/Amsterdam")

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        if slug in RESERVED_SLUGS:
            raise ValidationError(_("“%(slug)s” is taken by the site itself."), params={"slug": slug})
        return slug

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"])
        if zone not in available_timezones():
            raise ValidationError(
                _("Expected a time zone such as Europe/Amsterdam, found “%(zone)s”."), params={"zone": zone}
            )
        return zone

    def company(self) -> dict[str, Any]:
        """What the service takes."""
        asked = self.cleaned_data
        return {**asked, "kind": CompanyKind(asked["kind"]), "currency": CURRENCY_OF[asked["country"]]}


class AskForm(forms.Form):
    """A window asked for: why, what, how long."""

    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("The administrators read this; name no customer."),
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip
    modules = forms.MultipleChoiceField(
        label=_("What you need to see"), choices=MODULES, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Administration and relations are always part of it."),
    )  # fmt: skip
    imports = forms.BooleanField(label=_("Import as well"), required=False)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=480, initial=60)

    def clean_reason(self) -> str:
        return one_line(self.cleaned_data["reason"])

    def clean_modules(self) -> list[str]:
        return [ModuleCode.BASE.value, *self.cleaned_data["modules"]]


class InviteForm(forms.Form):
    """An employee, or the first administrator."""

    email = MailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=120)
    post = forms.CharField(label=_("Post"), max_length=80, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=[row for row in LANGUAGES if row[0] != "de"])
    administrator = forms.BooleanField(label=_("Administrator"), required=False)
    protocols = forms.MultipleChoiceField(label=_("Protocols"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, protocols: list[Protocol], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["protocols"].choices = [(row.pk, row.name) for row in protocols]  # type: ignore[attr-defined]

    def clean_protocols(self) -> list[int]:
        return [int(number) for number in self.cleaned_data["protocols"]]
