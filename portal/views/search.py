"""The search box of the office and of the advisers' door: a page, and as one types the same in short."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

from companies.doors import Door
from companies.models import PartCode, Right
from companies.views import RoomView
from documents.views import sees_cases
from portal.marking import marked, words_of
from portal.searching import ADVISERS_SEE, KINDS, LONGEST, MOST, Kind, Place, Row, asked_for, found, read, worth_asking
from portal.views.advisers import AdviserPage

SHOWN, SUGGESTED, PAGE = 5, 3, 20


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of a kind: the rows of this page, how many there are, and where the rest stands."""

    kind: Kind
    page: "Page[int]"
    rows: list[dict[str, Any]]
    count: int
    url: str

    @property
    def capped(self) -> bool:
        return self.count >= MOST

    @property
    def rest(self) -> bool:
        """Whether a page of this kind alone shows more."""
        return self.count > len(self.rows)


class SearchView(RoomView):
    """Everything of the company that the reader may view, by any part of a name, number, address, mail or account."""

    template_name = "portal/search.html"
    page_name = "office:search"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = asked_for(request.GET.get("q", ""))
        code = request.GET.get("kind", "")
        if code and code not in {kind.code for kind in self.kinds}:
            raise Http404
        groups = self.groups(asked, code)
        return self.render_to_response(
            self.get_context_data(
                asked=asked,
                cut=len(request.GET.get("q", "").strip()) > LONGEST,
                enough=worth_asking(asked),
                groups=groups,
                one=code,
                kinds=self.kinds,
                searched=self.actor.door != Door.OPERATOR,
                extranet=self.actor.door == Door.ADVISERS,
            )
        )

    @cached_property
    def kinds(self) -> list[Kind]:
        """The kinds whose part the reader may view; a part of a module that is off is nobody's."""
        return [kind for kind in KINDS if self.may(kind.part, Right.VIEW)]

    @property
    def place(self) -> Place:
        return Place(self.company.slug, self.today, self.actor, sees_cases(self.rights))

    def groups(self, asked: str, code: str) -> list[Group]:
        """What was found, the kinds in their order; of one kind alone page by page."""
        kinds = [kind for kind in self.kinds if code in {"", kind.code}]
        private = self.may(PartCode.RELATIONS, Right.VIEW)
        keys = found(asked, kinds=[kind.code for kind in kinds], actor=self.actor, private=private)
        words = words_of(asked)
        return [self.group(kind, keys[kind.code], words, whole=bool(code)) for kind in kinds if keys[kind.code]]

    def group(self, kind: Kind, keys: list[int], words: list[str], *, whole: bool) -> Group:
        size = PAGE if whole else SUGGESTED if self.short else SHOWN
        page = Paginator(keys, size).get_page(self.request.GET.get("page") if whole else 1)
        rows = [shown(row, words) for row in read(kind, list(page.object_list), self.place)]
        return Group(kind, page, rows, len(keys), self.url(kind))

    def url(self, kind: Kind) -> str:
        query = self.request.GET.copy()
        query["kind"] = kind.code
        query.pop("page", None)
        return f"{reverse(self.page_name, args=[self.company.slug])}?{query.urlencode()}"

    @property
    def short(self) -> bool:
        """Whether the search box asks while one types."""
        htmx: Any = getattr(self.request, "htmx", None)
        return bool(htmx) and htmx.target in {"bar-found", "palette-found"}

    def get_template_names(self) -> list[str]:
        if self.short:
            return ["portal/search_short.html"]
        htmx: Any = getattr(self.request, "htmx", None)
        island = htmx and not htmx.boosted and not htmx.history_restore_request
        return [f"{self.template_name}#found" if island else self.template_name]


class AdviserSearchView(SearchView, AdviserPage):
    """The same in an adviser's own portfolio."""

    doors = frozenset({Door.ADVISERS})
    page_name = "advisers:search"

    @cached_property
    def kinds(self) -> list[Kind]:
        return [kind for kind in KINDS if kind.code in ADVISERS_SEE]

    @property
    def place(self) -> Place:
        return Place(self.company.slug, self.today, self.actor)


def shown(row: Row, words: list[str]) -> dict[str, Any]:
    """A row with the letters that were met."""
    return {
        "row": row,
        "number": marked(row.number, words),
        "name": marked(row.name, words),
        "more": marked(row.more, words),
    }
