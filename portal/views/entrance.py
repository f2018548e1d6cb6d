"""The one entry for everybody: landing by membership, language, health (S2-03)."""

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST, require_safe

from companies.entrance import my_ways
from companies.languages import keep_language


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """Who isn't logged in reads what this is; who has one door is taken there, who has several chooses."""
    if not request.user.is_authenticated:
        return render(request, "portal/welcome.html")
    if settings.PROCESS == "operator":
        return redirect("operator:companies")
    ways = my_ways()
    if len(ways) == 1:
        return redirect(ways[0].url)
    return render(request, "portal/choice.html", {"ways": ways})


def with_language(request: HttpRequest, code: str, target: str) -> HttpResponse:
    """Remember the language for a year and go on to an address of this site, else to the start."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(target if safe else "/")
    keep_language(response, code)
    return response


@require_GET
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Change the language by a link: `/language/nl/?next=/duinhaven/apply/`."""
    return with_language(request, code, request.GET.get("next", "/"))


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language by the form in the frame of each page."""
    return with_language(request, request.POST.get("language", ""), request.POST.get("next", "/"))


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Whether this process answers and reaches its database; 503 where it doesn't."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # whatever the database says, the probe is answered
        return JsonResponse({"ok": False, "database": False}, status=503)
    return JsonResponse({"ok": True, "database": True})
