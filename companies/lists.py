"""Lists of the office and the extranet: filter, sort, pages of 50, export as CSV, and the rows alone for htmx."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.csvs import export_csv
from common.formats import number
from companies.doors import Door
from companies.models import Right
from companies.saved_views import Kept, address_of, conditions_of, counts, kept_of, tabs
from companies.views import RoomView

PAGE = 50
MOST_LISTED = 20_000  # rows of a list that are counted, paged and exported; of more a list says “20,000+”


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export: its head, and the value of a row (text, Decimal, date, int).

    `key`: a person may hide it; `at`: its place in the page's table, from 1, not counting the ticks (0: export alone).
    """

    title: "str | Promise"
    value: Callable[[Any], object]
    key: str = ""
    at: int = 0


class ListFilter(forms.Form):
    """The conditions of a list. `narrow` cuts the rows to what the cleaned conditions hold."""

    q = forms.CharField(label=gettext_lazy("Number or name"), required=False, max_length=200)
    read_at: Door | None = None  # the door of who reads the list

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that meet the conditions; called on a valid form only."""
        raise NotImplementedError


def rows_of(shown: Any, rows: Any) -> list[Any]:
    """The rows of one page with all they show, out of all `rows` in their order. Their keys are found first, by the
    list's own table: the planner takes a company's rows of joined tables for far fewer than they are, so it would read
    and sort all to show fifty.
    """
    if not isinstance(rows, QuerySet):
        return list(shown)
    return list(rows.filter(pk__in=list(shown.values_list("pk", flat=True) if isinstance(shown, QuerySet) else shown)))


def paged(form: ListFilter, rows: Any) -> Any:
    """What the pages of a list are cut from: of a search, whose hits are few, the keys, so that it is asked once."""
    if isinstance(rows, QuerySet) and form.is_valid() and form.cleaned_data.get("q"):
        return list(rows.values_list("pk", flat=True)[: MOST_LISTED + 1])
    return rows


class Pages(Paginator):  # type: ignore[type-arg]
    """The pages of a list. No more than MOST_LISTED rows are counted: a list doesn't grow slow with the company."""

    def __init__(self, rows: Any, size: int = PAGE) -> None:
        super().__init__(rows, size)

    @cached_property
    def found(self) -> int:
        """How many there are; MOST_LISTED and one where there are more."""
        rows: Any = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows) if isinstance(rows, Sequence) else int(rows.count())
        return rows.order_by().values("pk")[: MOST_LISTED + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self.found, MOST_LISTED)

    @property
    def more(self) -> bool:
        """Whether there are rows that no page shows."""
        return self.found > self.count

    @property
    def shown(self) -> str:
        """How many, as a list says it: 1,204 or 20,000+."""
        return f"{number(self.count)}+" if self.more else number(self.count)


class ListView(RoomView):
    """A page that lists rows. A room's list says which rows, how they sort, what an export holds and how a row looks.

    Addresses: `?q=...&state=...` conditions, `?sort=-total` order, `?page=2`, `?export=csv` the whole list as a file.
    A condition that isn't one (a state that doesn't exist) is met by no row.
    """

    name: ClassVar[str]  # of the export's file
    form_class: ClassVar[type[ListFilter]]
    sorts: ClassVar[Mapping[str, tuple[str, ...]]]
    default_sort: ClassVar[str]
    columns: ClassVar[Sequence[Column]]

    def rows(self) -> QuerySet[Any]:
        """All rows the reader may see, with everything a row shows; no query a row."""
        raise NotImplementedError

    def dress(self, row: Any) -> None:
        """Put on a row what its template shows beside its columns."""

    @cached_property
    def list_name(self) -> str:
        """Under which name a person's views and columns of this list are kept."""
        return str(self.request.resolver_match.view_name) if self.request.resolver_match else ""

    @cached_property
    def kept(self) -> Kept:
        return kept_of(self.list_name, actor=self.actor)

    @property
    def may_share(self) -> bool:
        """Whether the actor may show his views of this list to all who open it: with edit on its part."""
        if self.actor.door != Door.OFFICE:
            return False
        return self.may(self.right[0], Right.EDIT) if self.right else self.actor.administrator

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.GET and self.kept.default is not None:
            return HttpResponseRedirect(f"{request.path}?{address_of(self.kept.default)}")
        form = self.form_class(request.GET)
        form.read_at = self.actor.door
        everything = self.rows()
        rows = form.narrow(everything) if form.is_valid() else everything.none()
        rows = rows.order_by(*self.order())
        if request.GET.get("export") == "csv":
            return self.export(rows)
        page = Pages(paged(form, rows)).get_page(request.GET.get("page"))
        page.object_list = rows_of(page.object_list, everything.order_by(*self.order()))
        for row in page.object_list:
            self.dress(row)
        saved = self.saved(form, everything) if self.whole else {}
        return self.render_to_response(
            self.get_context_data(page=page, filter_form=form, sort=self.sort(), hidden_at=self.hidden_at(), **saved)
        )

    def hidden_at(self) -> list[int]:
        """Places of the table's columns that stay away."""
        return [column.at for column in self.columns if column.at and column.key in self.kept.hidden]

    def saved(self, form: ListFilter, everything: Any) -> dict[str, Any]:
        """Views as tabs, the one that is shown, and columns to choose from; nothing for whom nothing is kept."""
        if self.actor.membership_id is None:
            return {}
        kept, path = self.kept, self.request.path
        conditions = conditions_of(self.request.GET, names=list(form.fields), sorts=self.sorts)
        numbers = counts(kept.views, form=form, rows=everything)
        door = "advisers" if self.actor.door == Door.ADVISERS else "office"
        return {
            "views": tabs(kept, path=path, conditions=conditions, numbers=numbers, everything=_("All")),
            "view_shown": kept.shown(conditions) if conditions else None,
            "view_default": kept.default,
            "views_url": reverse(f"{door}:views", kwargs={"company": self.company.slug}),
            "list_back": f"{path}?{conditions}" if conditions else path,
            "may_share": self.may_share,
            "column_choices": [(c.key, c.title, c.key not in kept.hidden) for c in self.columns if c.key],
            "view_removed": self.request.GET.get("removed", ""),
        }

    def sort(self) -> str:
        """The order asked for, as `key` or `-key`; the list's own where there is none or an unknown one."""
        asked = self.request.GET.get("sort", "")
        return asked if asked.removeprefix("-") in self.sorts else self.default_sort

    def order(self) -> list[str]:
        """Fields to order by; the key last, so that pages neither lose nor repeat a row."""
        sort = self.sort()
        sign = "-" if sort.startswith("-") else ""
        return [sign + field for field in self.sorts[sort.removeprefix("-")]] + [sign + "pk"]

    def export(self, rows: QuerySet[Any]) -> HttpResponse:
        """The whole list as CSV, all or nothing."""
        found: list[Model] = list(rows[: MOST_LISTED + 1])
        if len(found) > MOST_LISTED:
            messages.warning(
                self.request,
                _("An export holds at most %(most)s rows, this list is longer. Narrow it by a filter.")
                % {"most": number(MOST_LISTED)},
            )
            query = self.request.GET.copy()
            query.pop("export")
            return HttpResponseRedirect(f"{self.request.path}?{query.urlencode()}")
        for row in found:
            self.dress(row)
        columns = [column for column in self.columns if column.key not in self.kept.hidden]
        head = [str(column.title) for column in columns]
        content = export_csv([head, *([column.value(row) for column in columns] for row in found)])
        response = HttpResponse(content, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.name}-{self.today.isoformat()}.csv"'
        return response

    @property
    def whole(self) -> bool:
        """Whether the whole page is asked for, and not by htmx the rows alone."""
        htmx: Any = getattr(self.request, "htmx", None)
        return not (htmx and not htmx.boosted and not htmx.history_restore_request)

    def get_template_names(self) -> list[str]:
        """The rows alone where htmx asks for them, else the whole page."""
        return [str(self.template_name) if self.whole else f"{self.template_name}#rows"]
