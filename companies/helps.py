"""Where a company's people and customers find help: on the start page of each door and wherever one logs in (S3-69)."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import connection
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from companies.doors import SEGMENTS
from companies.requests import path_of

SLUG = re.compile(r"[a-z0-9-]+")
UNREADABLE = (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError)


@dataclass(frozen=True, slots=True)
class Help:
    """What a company says of itself to whoever can't get in."""

    company: str
    email: str
    phone: str
    hours: str

    @property
    def told(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.email or self.phone)


def help_of(slug: str) -> Help | None:
    """A company's help by its slug, which no context is needed for; None where there's no such company, and for the
    operator, who isn't helped by companies.
    """
    if settings.PROCESS == "operator":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, email, phone, hours FROM sec.help_of(%s)", [slug])
        row = cursor.fetchone()
    return Help(row[0], *(value or "" for value in row[1:])) if row else None


def help_for(request: HttpRequest) -> Help | None:
    """On the pages of logging in: the help of the company whose door the reader wants to go through."""
    if not request.path.startswith("/accounts/"):
        return None
    try:
        asked = request.POST.get("next", "") or request.GET.get("next", "")
    except UNREADABLE:
        return None  # the page says that what was sent can't be read
    wanted = path_of(asked).split("/")
    return help_of(wanted[1]) if len(wanted) > 3 and wanted[2] in SEGMENTS and SLUG.fullmatch(wanted[1]) else None
