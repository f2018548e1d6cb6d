"""Pages of figures: each answers a question by a chart, with its table one click away and as a file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from common import formats
from common.charts import Bar, Drawing, drawn
from common.csvs import export_csv
from common.forms import DayField
from companies.views import PageView

WEEKS = 12  # shown if no period is asked for


class PeriodFilter(forms.Form):
    """The days of a page of figures, both counted in."""

    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Up to and including"), required=False)


@dataclass(frozen=True)
class Figure:
    """One question and its answer: the table's heads and rows (a label, then numbers), and the bars drawn of them.

    `total`: the figure beside the question; `parts`: what the voices of a bar are, if there are two; `words`: what a
    label stands for, where it is a key; `cells`: the rows as they are read, each value behind its head.
    """

    key: str
    question: "str | Promise"
    total: str
    heads: Sequence[Any]
    rows: Sequence[Sequence[Any]]
    bars: Sequence[Bar]
    write: Callable[[Decimal], str] = formats.number
    parts: Sequence[Any] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    cells: list[tuple[str, str, list[tuple[Any, str]]]] = field(init=False)

    def __post_init__(self) -> None:
        heads = self.heads[1:]
        written = [
            (str(row[0]), self.words.get(row[0], ""), list(zip(heads, map(told, row[1:]), strict=True)))
            for row in self.rows
        ]
        object.__setattr__(self, "cells", written)

    @property
    def drawing(self) -> Drawing:
        return drawn(self.bars, figure=self.write)

    @property
    def lines(self) -> list[list[Any]]:
        """Head and rows of the file; what a label stands for comes last."""
        lines = [[str(head) for head in self.heads], *(list(row) for row in self.rows)]
        if self.words:
            last = [now("What it says"), *(self.words.get(row[0], "") for row in self.rows)]
            return [[*line, words] for line, words in zip(lines, last, strict=True)]
        return lines


def told(value: Any) -> str:
    """A cell of the table: an amount with cents, a count without."""
    return formats.amount(value) if isinstance(value, Decimal) else formats.number(value)


class FiguresView(PageView):
    """A page of figures over a period; `?export=<key>` gives one of its tables as CSV."""

    form_class: type[forms.Form] = PeriodFilter

    @cached_property
    def form(self) -> forms.Form:
        return self.form_class(self.request.GET)

    @cached_property
    def period(self) -> tuple[date, date]:
        """First and last day: as asked, else twelve whole weeks up to today."""
        asked = self.form.cleaned_data if self.form.is_valid() else {}
        until = asked.get("until") or self.today
        since = asked.get("since") or until - timedelta(days=until.weekday(), weeks=WEEKS - 1)
        return since, until

    def figures(self) -> list[Figure]:
        """The page's figures, each read in one query."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        figures = self.figures()
        if asked := request.GET.get("export"):
            found = next((figure for figure in figures if figure.key == asked), None)
            if found is None:
                raise Http404
            return self.export(found)
        since, until = self.period
        return self.render_to_response(self.get_context_data(figures=figures, form=self.form, since=since, until=until))

    def export(self, figure: Figure) -> HttpResponse:
        response = HttpResponse(export_csv(figure.lines), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{figure.key}-{self.period[1].isoformat()}.csv"'
        return response


def week_of(day: date) -> str:
    """A week as offices write it: “week 12, 2026”."""
    year, week, _weekday = day.isocalendar()
    return now("week %(week)s, %(year)s") % {"week": week, "year": year}
