"""Help for each page of the office: what it is for, how the usual is done, which right it needs, what follows.

The texts stand in companies/help_texts/<language>.md, one section a page: a head with the page's name and its title,
one sentence, three things to do, one sentence on what happens after.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from companies.people.base import AdministratorView
from companies.views import RoomView

TEXTS = Path(__file__).parent / "help_texts"
SECTION = re.compile(
    r"^# (?P<page>\S+) (?P<title>.+)\n(?P<purpose>.+)\n(?P<acts>(?:- .+\n)+)(?P<after>.+)$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class HelpText:
    """The help of one page in one language."""

    page: str
    title: str
    purpose: str
    acts: list[str]
    after: str


@cache
def texts(language: str) -> dict[str, HelpText]:
    """All help in a language, by page; English for a language that has none."""
    file = TEXTS / f"{language}.md"
    text = (file if file.exists() else TEXTS / "en.md").read_text(encoding="utf-8")
    return {
        found["page"]: HelpText(
            found["page"],
            found["title"],
            found["purpose"],
            [line.removeprefix("- ") for line in found["acts"].splitlines()],
            found["after"],
        )
        for found in SECTION.finditer(text)
    }


def find_help(page: str) -> HelpText | None:
    """The help of a page in the reader's language."""
    return texts((get_language() or "en")[:2]).get(page)


@cache
def classes() -> dict[str, Any]:
    """The view class of every named page of the process, to know which right it asks for."""

    def walk(patterns: list[Any], space: str) -> Any:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space)
            elif isinstance(pattern, URLPattern):
                yield f"{space}{pattern.name}", getattr(pattern.callback, "view_class", None)

    return dict(walk(get_resolver().url_patterns, ""))


def right_in_words(page: str) -> str:
    """Which right opens a page, as the refusal names it."""
    kind = classes().get(page)
    if kind is None or not issubclass(kind, RoomView):
        return ""
    if issubclass(kind, AdministratorView):
        return _("This page is for administrators.")
    if kind.right is None:
        return _("Every employee sees this page; what it shows follows your rights.")
    named = _("“%(part)s: %(right)s”")
    pairs = [named % {"part": part.label, "right": right.label} for part, right in (kind.right, *kind.or_rights)]
    return _("This page needs %(rights)s.") % {"rights": _(" or ").join(pairs)}


class HelpView(RoomView):
    """The help of one page, for everybody in the office."""

    template_name = "companies/help.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = find_help(self.kwargs["page"])
        if found is None:
            raise Http404
        return self.render_to_response(
            self.get_context_data(text=found, right=right_in_words(found.page), of=self.address(found.page))
        )

    def address(self, page: str) -> str:
        """Where the page stands; nowhere where its address names a thing besides the company."""
        try:
            return reverse(page, kwargs={"company": self.company.slug})
        except NoReverseMatch:
            return ""
