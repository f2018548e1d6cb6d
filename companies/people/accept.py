"""Taking an invitation by its mailed address; opening the page changes nothing (threats A5)."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, password_validation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from common.errors import BusinessError
from common.forms import LineField
from companies.doors import PROCESS_OF
from companies.entrance import address_of
from companies.helps import help_of
from companies.languages import bring_language
from companies.models import User
from companies.services.invitations import Invited, base_of, find_invitation, path_of, take_invitation
from companies.views import show_error

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class NewLoginForm(forms.Form):
    """The name and password of a login in the making."""

    name = LineField(
        label=_("Your name"), max_length=120, error_messages={"required": _("Expected your name, found none.")}
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Expected a password, found none.")},
    )

    def __init__(self, *args: Any, invited: Invited, **kwargs: Any) -> None:
        kwargs["initial"] = {"name": invited.name}
        super().__init__(*args, **kwargs)
        self.invited = invited
        self.fields["password"].help_text = " ".join(password_validation.password_validators_help_texts())

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        person = User(email=self.invited.email, name=self.cleaned_data.get("name", ""))
        password_validation.validate_password(password, person)
        return password


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Who invites and to what; a new person sets name and password, one with a login accepts with it. What was taken,
    called back, has lapsed or never was is one page.
    """
    invited = None if settings.PROCESS == "operator" else find_invitation(secret)  # none leads to the console
    if invited is None:
        return render(request, "account/invitation_gone.html", status=404)
    if settings.PROCESS not in {"manage", PROCESS_OF[invited.door]}:
        return redirect(base_of(invited.door) + path_of(secret))
    form = NewLoginForm(request.POST or None, invited=invited) if invited.login is None else None
    if request.method == "POST" and may_take(request, invited, form):
        try:
            return take(request, secret, invited, form)
        except BusinessError as error:
            if form is not None:
                show_error(form, error)
            else:
                messages.error(request, str(error))
    return shown(request, invited, form)


def may_take(request: HttpRequest, invited: Invited, form: NewLoginForm | None) -> bool:
    """A new person with a well filled form, nobody else being in; or the invited login itself."""
    if form is not None:
        return not request.user.is_authenticated and form.is_valid()
    return request.user.pk == invited.login


def take(request: HttpRequest, secret: str, invited: Invited, form: NewLoginForm | None) -> HttpResponse:
    """Take it and go through the door; where that asks for a second factor, it leads there first."""
    language = invited.language or request.LANGUAGE_CODE
    if form is None:
        take_invitation(secret=secret)
    else:
        asked = form.cleaned_data
        user = take_invitation(secret=secret, name=asked["name"], language=language, password=asked["password"])
        login(request, User.objects.get(pk=user), backend=BACKEND)
    messages.success(request, now("You are in: %(company)s") % {"company": invited.company})
    response = redirect(address_of(invited.slug, invited.door))
    bring_language(response, request.user)
    return response


def shown(request: HttpRequest, invited: Invited, form: NewLoginForm | None) -> HttpResponse:
    """The page, with what the reader can do: fill in, log in, accept, or log out first."""
    another = request.user.is_authenticated and request.user.pk != invited.login
    context = {
        "invited": invited,
        "form": form,
        "another": another,
        "days": settings.INVITATION_DAYS,
        "company": {"name": invited.company},
        "door": invited.door,
        "helps": help_of(invited.slug),
    }
    return render(request, "account/invitation.html", context, status=422 if form and form.errors else 200)
