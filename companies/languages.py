"""The language a reader chose, kept in his browser for a year.

Who logs in brings his own with him, whatever the browser spoke before; who never chose one is answered in the
browser's. The menu of a page changes it for this browser, until the next login.
"""

from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase

YEAR = 365 * 24 * 3600  # seconds


def keep_language(response: HttpResponseBase, code: str) -> None:
    """Have the browser that gets this answer ask for pages in the language from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, code, YEAR, secure=settings.SECURE, httponly=True, samesite="Lax"
    )


def bring_language(response: HttpResponseBase, user: Any) -> None:
    """Have the browser in which somebody logged in speak his own language, where he has one that we speak."""
    if user.language in dict(settings.LANGUAGES):
        keep_language(response, user.language)
