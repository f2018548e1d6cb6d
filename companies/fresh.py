"""Steps that raise somebody's rights ask for the second factor again, when it was last proved more than
`settings.FRESH_FACTOR` seconds ago; what the form held is kept meanwhile (docs/rights.md).
"""

from datetime import timedelta
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.generic.base import View

KEPT = "kept_form"


class FactorNeeded(Exception):
    """The step asks for the second factor anew."""


def is_fresh(request: HttpRequest) -> bool:
    """Whether the reader's session proved a second factor within the last `settings.FRESH_FACTOR` seconds."""
    sign_in = getattr(request, "sign_in", None)
    if sign_in is None or sign_in.verified_at is None:
        return False
    age: timedelta = timezone.now() - sign_in.verified_at
    return age <= timedelta(seconds=settings.FRESH_FACTOR)


class FreshFactor(View):
    """A page with a step that raises somebody's rights. Stands before the page's own base:
    `class GiveView(FreshFactor, RoomView)`; its `post` calls `check_fresh()` before it writes anything.
    """

    def check_fresh(self) -> None:
        """Go on only if the second factor was proved just now; else the reader proves it and sends the form again."""
        if not is_fresh(self.request):
            raise FactorNeeded

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except FactorNeeded:
            return ask_again(request)
        if request.method == "POST" and request.session.get(KEPT, {}).get("path") == request.get_full_path():
            del request.session[KEPT]
        return response


def ask_again(request: HttpRequest) -> HttpResponseRedirect:
    """Keep the form that was sent, and lead to the second factor; from there the reader comes to `go_on`."""
    fields = request.POST.copy()
    fields.pop("csrfmiddlewaretoken", None)
    request.session[KEPT] = {"path": request.get_full_path(), "fields": fields.urlencode()}
    page = "mfa_reauthenticate" if is_mfa_enabled(request.user) else "mfa_activate_totp"
    return HttpResponseRedirect(f"{reverse(page)}?{urlencode({'next': reverse('account_go_on')})}")


def go_on(request: HttpRequest) -> HttpResponse:
    """The kept form, to be sent once more by the reader himself; opening the page changes nothing."""
    kept = request.session.get(KEPT)
    if kept is None or not request.user.is_authenticated:
        return redirect("home")
    fields = [(name, value) for name, values in QueryDict(kept["fields"]).lists() for value in values]
    return render(request, "account/go_on.html", {"path": kept["path"], "fields": fields})
