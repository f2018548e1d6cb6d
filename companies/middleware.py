"""The edge of every request: headers, language, and the wall, which is innermost: transaction, context, rendering."""

import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.core.handlers.exception import response_for_exception
from django.db import DataError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from common.formats import written_for
from companies.doors import BY_LOGIN, PROCESS_OF, SEGMENTS, Door
from companies.entrance import Entrance, actor_at, enter_by_login, enter_openly
from companies.languages import keep_language
from companies.signins import enter_account, to_second_factor

GetResponse = Callable[[HttpRequest], HttpResponseBase]
ADDRESS = re.compile(rf"^/(?P<slug>[a-z0-9-]+)/(?P<segment>{'|'.join(SEGMENTS)})/(?P<rest>.*)$")
SECRET = re.compile(r"^(?:a/)?(?P<secret>[A-Za-z0-9_-]{43})/")
RULES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
)
CSP = RULES + "'none'"
ZONE, COUNTRY = "time_zone", "country"  # in a session: where the company stands at which its owner was last


class Headers:
    """Headers that every answer carries; pages behind a secret aren't kept and tell no referrer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
        response.headers["Cache-Control"] = "no-store"  # files of ours are answered before: WhiteNoise stands outside
        if (match := ADDRESS.match(request.path)) and match["segment"] in {"c", "apply"}:
            response.headers["Referrer-Policy"] = "no-referrer"
        return response


class OneAlphabet:
    """Forms come in UTF-8. Another alphabet, or a word that only looks like one, would be read by a codec that the
    sender chooses: one that fails, or makes characters that no database holds.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        found = request.encoding or "utf-8"
        if found.lower() not in {"utf-8", "utf8", "us-ascii"}:
            request.encoding = "utf-8"  # the page that says so may read the form
            raise BadRequest(f"Expected a form in UTF-8, found {found}.")
        return self.get_response(request)


class Language:
    """The reader's language: chosen by cookie, else the browser's, else English; each place speaks some of them.

    The front office takes it from `?language=nl` too, since its pages may stand in a frame where no cookie is kept.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        match = ADDRESS.match(request.path)
        door = SEGMENTS[match["segment"]] if match else None
        request.is_public = door is not None and door not in BY_LOGIN  # type: ignore[attr-defined]
        request.languages = settings.LANGUAGES  # type: ignore[attr-defined]
        asked = self.asked(request)
        language = asked or language_of(request, {code for code, _name in request.languages})  # type: ignore[attr-defined]
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        if asked:
            keep_language(response, asked)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response

    def asked(self, request: HttpRequest) -> str:
        """The language a front office's address asks for, if we speak it."""
        match = ADDRESS.match(request.path)
        code = request.GET.get("language", "") if match and match["segment"] == "apply" else ""
        return code if code in dict(settings.LANGUAGES) else ""


def language_of(request: HttpRequest, spoken: set[str]) -> str:
    """The language a reader prefers among those spoken here."""
    if (language := translation.get_language_from_request(request)) in spoken:
        return language
    wanted = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    return next((code for code, _weight in wanted if code in spoken), settings.LANGUAGE_CODE)


class Wall:
    """Finds company, door and principal of an address, and runs the view inside that context, in one transaction.

    Outside a company's door (start, accounts) the context of somebody who is in holds his login alone.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        match = ADDRESS.match(request.path)
        if match is None and not request.user.is_authenticated:
            return self.get_response(request)
        with transaction.atomic(), timezone.override(settings.TIME_ZONE):
            response = self.inside(request, match) if match else self.outside(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """A page looked up a word with the sign NUL as it came, which no database holds: refused, and nothing stays."""
        if not isinstance(exception, DataError) or "NUL (0x00)" not in str(exception):
            return None
        response = response_for_exception(request, BadRequest("Expected text, found the sign NUL in it."))
        if connection.in_atomic_block:
            transaction.set_rollback(True)
        return response

    def outside(self, request: HttpRequest) -> HttpResponseBase:
        request.sign_in = enter_account(request)  # type: ignore[attr-defined]
        if request.sign_in is None:  # type: ignore[attr-defined]
            logout(request)
        timezone.activate(request.session.get(ZONE, settings.TIME_ZONE))
        with written_for(request.session.get(COUNTRY, "")):
            return self.get_response(request)

    def inside(self, request: HttpRequest, match: "re.Match[str]") -> HttpResponseBase:
        door = SEGMENTS[match["segment"]]
        if settings.PROCESS not in {"manage", PROCESS_OF[door]}:
            return self.refuse(request)
        user_id = request.user.pk if door in BY_LOGIN else None
        entrance = self.enter(request, match, door)
        if entrance is None:
            return self.refuse(request)
        if door in BY_LOGIN:
            if entrance.sign_in is None:
                if user_id is not None:
                    logout(request)  # ended meanwhile: by its owner, an administrator or time
                return redirect_to_login(request.get_full_path())
            if entrance.membership_id is None:
                return self.refuse(request)
            if entrance.needs_factor:
                return to_second_factor(request)
        elif door == Door.LINK and entrance.link is None:
            return self.refuse(request)
        request.company, request.link, request.sign_in = entrance.company, entrance.link, entrance.sign_in  # type: ignore[attr-defined]
        request.actor = actor_at(entrance, door, user_id=user_id)  # type: ignore[attr-defined]
        timezone.activate(entrance.company.time_zone)  # until the request is over
        place = {ZONE: entrance.company.time_zone, COUNTRY: entrance.company.country}
        if door in BY_LOGIN and place != {key: request.session.get(key) for key in place}:
            request.session.update(place)  # one's own pages tell days and times as the same place does
        # Django renders a lazy template in here, so a failing one rolls back (traps 6).
        with written_for(entrance.company.country):
            response = self.get_response(request)
        if response.streaming:
            raise TypeError("A streamed answer would be read after the wall has closed (traps 14).")
        return response

    def enter(self, request: HttpRequest, match: "re.Match[str]", door: Door) -> Entrance | None:
        if door in BY_LOGIN:
            key = request.session.session_key or ""
            return enter_by_login(match["slug"], door, session_key=key, user_id=request.user.pk)
        secret = SECRET.match(match["rest"])
        return enter_openly(match["slug"], door, secret["secret"] if secret else "")

    def refuse(self, request: HttpRequest) -> HttpResponseBase:
        """One answer for every door that isn't there, so that nobody learns which companies, links or people exist."""
        return response_for_exception(request, Http404())
