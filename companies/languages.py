"""The language a reader chose, kept in his browser for a year."""

from django.conf import settings
from django.http.response import HttpResponseBase

YEAR = 365 * 24 * 3600  # seconds


def keep_language(response: HttpResponseBase, code: str) -> None:
    """Have the browser that gets this answer ask for pages in the language from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, code, YEAR, secure=settings.SECURE, httponly=True, samesite="Lax"
    )
