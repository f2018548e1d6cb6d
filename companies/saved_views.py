"""What a person keeps of a list, as its page shows it: saved views as tabs with their counts, and columns to choose."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import QueryDict

from companies.actor import Actor
from companies.models import ListChoice, SavedView

MOST_COUNTED = 1000  # rows of a view that are counted; beyond, the tab says “1,000+”
LONGEST = 1500  # characters of the conditions of a view


@dataclass(frozen=True, slots=True)
class Tab:
    """A view of a list as a tab: where it leads, how many rows it holds (None: not counted), whether it's shown now."""

    name: str
    url: str
    current: bool
    count: int | None = None
    shared: bool = False

    @property
    def more(self) -> bool:
        """Whether there are more rows than are counted."""
        return self.count is not None and self.count > MOST_COUNTED


@dataclass(frozen=True, slots=True)
class Kept:
    """What a person kept of one list: views that stand (own and shared), hidden columns, the view it opens with."""

    views: Sequence[SavedView] = ()
    hidden: frozenset[str] = frozenset()
    default_id: int | None = None

    @property
    def default(self) -> SavedView | None:
        return next((view for view in self.views if view.pk == self.default_id), None)

    def shown(self, conditions: str) -> SavedView | None:
        """The view whose conditions are those of the page; of two alike the person's own, which stand first."""
        return next((view for view in self.views if view.conditions == conditions), None)


def kept_of(list_name: str, *, actor: Actor) -> Kept:
    """Own views, then what others share, and what was chosen; nothing for the computing centre, which keeps nothing."""
    if actor.membership_id is None:
        return Kept()
    mine = Q(membership_id=actor.membership_id)
    found = SavedView.objects.filter(mine | Q(shared=True), list_name=list_name, removed_at=None).order_by("pk")
    views = sorted(found, key=lambda view: (view.membership_id != actor.membership_id, view.pk))
    choice = ListChoice.objects.filter(mine, list_name=list_name).first()
    return Kept(views, frozenset(choice.hidden), choice.default_id) if choice else Kept(views)


def conditions_of(query: Mapping[str, Any], *, names: Sequence[str], sorts: Mapping[str, Any]) -> str:
    """The conditions and the order in an address, in one spelling: known names that hold something, sorted."""
    asked = QueryDict(mutable=True)
    for name in sorted(names):
        values = query.getlist(name) if isinstance(query, QueryDict) else [query.get(name, "")]
        if kept := [value for value in values if value and "\0" not in value]:
            asked.setlist(name, kept)
    if (sort := query.get("sort", "")).removeprefix("-") in sorts:
        asked["sort"] = sort
    return asked.urlencode()


def narrowed(form: Form, conditions: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows of a view, by the page's own form: what it looked up for its choices isn't looked up again."""
    other: Any = copy(form)
    other.data, other.is_bound, other._errors, other._bound_fields_cache = QueryDict(conditions), True, None, {}
    narrow: QuerySet[Any] = other.narrow(rows) if other.is_valid() else rows.none()
    return narrow


def counts(views: Sequence[SavedView], *, form: Form, rows: Any) -> dict[int, int]:
    """How many rows each view holds, in one statement; nothing for a list that isn't a queryset."""
    if not views or not isinstance(rows, QuerySet):
        return {}
    parts: list[str] = []
    params: list[Any] = []
    keys: list[int] = []
    for view in views:
        limited = narrowed(form, view.conditions, rows).order_by().values("pk")[: MOST_COUNTED + 1]
        try:
            sql, own = limited.query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608 (Django's own statement)
        params.extend(own)
        keys.append(view.pk)
    found = {view.pk: 0 for view in views}
    if parts:
        with connection.cursor() as cursor:
            # nosemgrep: sql-put-together (statements of querysets, their values apart)
            cursor.execute("SELECT " + ", ".join(parts), params)
            found |= dict(zip(keys, cursor.fetchone(), strict=True))
    return found


def tabs(kept: Kept, *, path: str, conditions: str, numbers: Mapping[int, int], everything: str) -> list[Tab]:
    """All rows first, then each view; none where nothing was saved."""
    if not kept.views:
        return []
    now = kept.shown(conditions)
    return [
        Tab(everything, f"{path}?view=all", not conditions),
        *(
            Tab(
                view.name,
                f"{path}?{address_of(view)}",
                now == view,
                numbers.get(view.pk),
                view.shared,
            )
            for view in kept.views
        ),
    ]


def address_of(view: SavedView) -> str:
    """The query that shows a view; its mark keeps the list from opening with another once a condition is taken away."""
    return f"view={view.public_id}" + (f"&{view.conditions}" if view.conditions else "")
