"""One's own login: where one is in, name and language; at every process, for everybody who is in."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from common.forms import LineField
from companies.languages import keep_language
from companies.models import SignIn
from companies.people.agents import browser_of
from companies.sessions import hashed
from companies.signing import ask
from companies.signins import session_key_of

PROCESSES = {"office": _("Office"), "public": _("Extranet and client folder"), "operator": _("Computing centre")}


def own_sessions(request: HttpRequest) -> list[dict[str, Any]]:
    """The reader's live sessions, this one first, then the latest."""
    moment = timezone.now()
    here = hashed(session_key_of(request))
    rows = SignIn.objects.filter(user=request.user.pk, ended_at=None, expires_at__gt=moment)
    live = [row for row in rows.order_by("-seen_at") if (moment - row.seen_at).total_seconds() < row.idle]
    return [
        {
            "key": row.key,
            "here": row.key == here,
            "process": PROCESSES.get(row.process, row.process),
            "browser": browser_of(row.agent),
            "row": row,
        }
        for row in sorted(live, key=lambda row: row.key != here)
    ]


@login_required
@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]  # allauth has no types
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is in; any other session, or all of them, can be ended by who proved himself in the last five minutes:
    whoever found a screen open can't throw its owner out.
    """
    if request.method == "POST":
        if request.POST.get("end") == "others":
            ask("SELECT sec.sign_out_others(%s)", [session_key_of(request)])
            messages.success(request, now("All other sessions have ended."))
        elif ask("SELECT sec.end_my_sign_in(%s)", [request.POST.get("end", "")]) == [(True,)]:
            messages.success(request, now("The session has ended."))
        else:
            raise Http404
        return redirect("account_sessions")
    return render(request, "account/sessions.html", {"sessions": own_sessions(request)})


class LoginForm(forms.Form):
    """What one is called, and the language one reads."""

    name = LineField(label=_("Name"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Change one's own name and language; the address stays, it was invited."""
    user: Any = request.user
    form = LoginForm(
        request.POST or None, initial={"name": user.name, "language": user.language or request.LANGUAGE_CODE}
    )
    if request.method == "POST" and form.is_valid():
        user.name, user.language = form.cleaned_data["name"], form.cleaned_data["language"]
        user.save(update_fields=["name", "language"])
        messages.success(request, now("Your name and language are saved."))
        response = redirect("account_profile")
        keep_language(response, user.language)
        return response
    return render(request, "account/profile.html", {"form": form}, status=422 if form.is_bound else 200)
