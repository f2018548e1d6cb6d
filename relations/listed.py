"""Lists narrowed by the words of the search index (docs/search.md)."""

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from companies.doors import Door
from companies.lists import ListFilter

LONGEST = 100  # signs that are looked at, as in the search box: some are written out as six, and a lexeme has an end
MOST_FOUND = 100_000  # things that hold the words, of which the list's other conditions and its order then take theirs
FOUND = "SELECT sec.search_list(%s, %s, %s, %s)"


def holding(form: ListFilter, rows: QuerySet[Any], *, kind: str, plain: Q, private: bool = False) -> QuerySet[Any]:
    """The rows of a list that hold the words asked for, as the search box finds them: in any order, begun or from
    within, numbers with or without hyphens.

    `kind`: of the rows in the index; `private`: mail, phone and account find too. To whom the index tells nothing (the
    operator in a window, docs/wall.md), `plain` is the condition.
    """
    words = form.cleaned_data.get("q")
    if not words:
        return rows
    if form.read_at != Door.OFFICE:
        return rows.filter(plain)
    # nosemgrep: raw-query (a function of schema sec)
    return rows.filter(pk__in=RawSQL(FOUND, [words[:LONGEST], kind, private, MOST_FOUND]))  # noqa: S611 (a constant)
