"""Pages that answer where no page could: a form from elsewhere, a fault of ours, a server of ours that is away."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.views.defaults import server_error
from redis import exceptions as broker

from applications.views.base import sent_from_elsewhere
from companies.middleware import ADDRESS

SOON = 5  # seconds after which a page that got no answer tries again
FORM = "application/x-www-form-urlencoded"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere; nothing was done."""
    return render(request, "403_csrf.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours, which Django is handling (handler500). Where merely the database gives no answer, or the
    count of logins can't be kept, the page says so with status 503 and tries again; a form that was sent is kept in it.
    """
    error = sys.exception()
    if error is None or not is_away(error):
        return server_error(request)
    sent = request.method == "POST"
    told = {"sent": sent, "form": sent_form(request), "again": request.get_full_path(), "soon": SOON}
    with translation.override(getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)):
        # Without the request: what frames a page asks the database who is in.
        response = HttpResponse(render_to_string("503.html", told), status=503)
    response["Retry-After"] = str(SOON)
    if request.method == "GET":
        response["Refresh"] = str(SOON)
    return response


def is_away(error: BaseException) -> bool:
    """Whether the database can't be reached, has gone, starts or has no connection left; not a refused statement.

    Without Valkey no try at a login is counted, so none is made (docs/second-factor.md has the same of codes).
    """
    if isinstance(error, (broker.ConnectionError, broker.TimeoutError)):
        return True
    if not isinstance(error, (InterfaceError, OperationalError)):
        return False
    state = getattr(error.__cause__, "sqlstate", None)  # none: no server answered
    return state is None or state.startswith(("08", "53", "57P"))


def sent_form(request: HttpRequest) -> list[tuple[str, str]]:
    """The names and values of a form that was sent behind a company's door; nothing of a login, with its password, of
    files, or of a form that stood on a page of somebody else.
    """
    if request.method != "POST" or request.content_type != FORM or not ADDRESS.match(request.path):
        return []
    if sent_from_elsewhere(request):
        return []
    return [(name, str(value)) for name, values in request.POST.lists() for value in values]
