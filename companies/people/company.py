"""The company's own page: what stands in its letterhead, and where its people and customers find help (S3-69)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from common.forms import LineField, MailField
from companies.models import Profile
from companies.people.base import AdministratorView, trail_of
from companies.services.founding import set_profile

LINES: dict[str, tuple[Any, int]] = {
    "street": (_("Street and number"), 120),
    "postcode": (_("Postcode"), 12),
    "city": (_("Place"), 80),
    "phone": (_("Phone"), 40),
    "website": (_("Website"), 120),
    "authorisation": (_("Authorisation"), 200),
    "insurance_tax_number": (_("Insurance tax number"), 40),
    "complaints": (_("Where complaints go"), 300),
    "help_phone": (_("Phone for help"), 40),
    "help_hours": (_("When help answers"), 120),
}
NEEDED = {"street", "postcode", "city"}
LETTERHEAD = [
    "street",
    "postcode",
    "city",
    "phone",
    "email",
    "website",
    "authorisation",
    "insurance_tax_number",
    "complaints",
]
HELP = ["help_email", "help_phone", "help_hours"]


class CompanyForm(forms.Form):
    """Letterhead and help address. Bank account and creditor id belong to the books and aren't changed here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (*LETTERHEAD, *HELP):
            self.fields[name] = line_of(name)

    @property
    def letterhead(self) -> list[Any]:
        return [self[name] for name in LETTERHEAD]

    @property
    def help(self) -> list[Any]:
        return [self[name] for name in HELP]


def line_of(name: str) -> forms.Field:
    """The form field of a letterhead's line."""
    if name in LINES:
        label, most = LINES[name]
        missing = {"required": _("Expected a line for the letterhead, found none.")}
        return LineField(label=label, max_length=most, required=name in NEEDED, error_messages=missing)
    label = _("E-mail for help") if name == "help_email" else _("E-mail")
    wrong = {"invalid": _("Expected an e-mail address such as sanne@example.nl, found something else.")}
    return MailField(label=label, max_length=254, required=False, error_messages=wrong)


class CompanyView(AdministratorView):
    """One form; what changed is trailed by name."""

    template_name = "companies/company.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        profile = Profile.objects.first()
        return self.shown(CompanyForm(initial={name: getattr(profile, name, "") for name in (*LETTERHEAD, *HELP)}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = CompanyForm(request.POST)
        if not form.is_valid():
            return self.shown(form, status=422)
        profile = Profile.objects.first()
        changed = {name: value for name, value in form.cleaned_data.items() if getattr(profile, name, "") != value}
        if changed:
            set_profile(on=self.today, actor=self.actor, **changed)
        messages.success(request, now("The company’s data are saved."))
        return redirect("admin:company", company=self.company.slug)

    def shown(self, form: CompanyForm, status: int = 200) -> HttpResponse:
        history = trail_of(Profile._meta.label_lower)
        return self.render_to_response(self.get_context_data(form=form, history=history), status=status)
