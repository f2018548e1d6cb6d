"""The wall as the operator's process stands before it: the console, and the office's pages of a company that lets him
look, which he reads and never writes.
"""

import re

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils import timezone

from common.formats import written_for
from companies.middleware import ADDRESS, Wall
from companies.operator.entrance import Standing, actor_of, enter_console, enter_window
from companies.signing import ask
from companies.signins import to_second_factor

CONSOLE = re.compile(r"^/operator/(?:companies/(?P<slug>[a-z0-9-]+)/)?")
READING = ["GET", "HEAD"]


class OperatorWall(Wall):
    """Takes the place of `Wall` in the operator's process."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        own = ADDRESS.match(request.path) or CONSOLE.match(request.path)
        if own is not None and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return super().__call__(request)

    def outside(self, request: HttpRequest) -> HttpResponseBase:
        match = CONSOLE.match(request.path)
        if match is None:
            return super().outside(request)
        return self.standing(request, self.at(request, match["slug"]))

    def inside(self, request: HttpRequest, match: "re.Match[str]") -> HttpResponseBase:
        if match["segment"] != "office":
            return self.refuse(request)
        return self.standing(request, self.at(request, match["slug"]), looks=True)

    def at(self, request: HttpRequest, slug: str | None) -> Standing | None:
        key, user_id = request.session.session_key or "", request.user.pk
        if slug:
            return enter_window(slug, session_key=key, user_id=user_id)
        return enter_console(session_key=key, user_id=user_id)

    def standing(self, request: HttpRequest, found: Standing | None, *, looks: bool = False) -> HttpResponseBase:
        """Answer for who stands there: log in, prove a factor, see nothing, or read."""
        if found is None:
            return self.refuse(request)
        if found.sign_in is None:
            logout(request)
            return redirect_to_login(request.get_full_path())
        if found.sign_in.verified_at is None:
            return to_second_factor(request)
        request.sign_in, request.operator = found.sign_in, found  # type: ignore[attr-defined]
        return self.look_in(request, found) if looks else self.get_response(request)

    def look_in(self, request: HttpRequest, found: Standing) -> HttpResponseBase:
        """Show a page of the office, after it was written down that he opened it."""
        company = found.company
        if found.look is None or company is None:
            return self.refuse(request)
        if request.method not in READING:
            return HttpResponseNotAllowed(READING)
        ask("SELECT sec.look(%s)", [request.path])
        request.company, request.link, request.look = company, None, found.look  # type: ignore[attr-defined]
        request.actor = actor_of(int(request.user.pk or 0))  # type: ignore[attr-defined]
        with timezone.override(company.time_zone), written_for(company.country):  # he reads the company's own times
            response = self.get_response(request)
        if response.streaming:
            raise TypeError("A streamed answer would be read after the wall has closed (traps 14).")
        return response
