"""Lists that come from one statement of a selector instead of a queryset: counted, sliced and ordered as ListView
asks."""

from collections.abc import Callable
from typing import Any

from companies.lists import PAGE

# fetch(sort, descending, limit, offset) gives the rows of a slice
Fetch = Callable[[str, bool, int | None, int], list[Any]]


class Listing:
    """What a paginator and an export need of rows. `sort` is the first field of the list's order. Without a count each
    row tells it, and the first page is asked for once.
    """

    def __init__(self, fetch: Fetch, count: Callable[[], int] | None = None, order: tuple[str, ...] = ()) -> None:
        self.fetch, self.counted, self.ordering = fetch, count, order
        self.first: list[Any] | None = None

    def none(self) -> "Listing":
        return Listing(lambda _sort, _down, _limit, _offset: [], lambda: 0)

    def order_by(self, *fields: str) -> "Listing":
        return Listing(self.fetch, self.counted, fields)

    def count(self) -> int:
        if self.counted is not None:
            return self.counted()
        self.first = self[0:PAGE]
        return int(self.first[0].count) if self.first else 0

    def __getitem__(self, part: slice) -> list[Any]:
        field = self.ordering[0]
        start = part.start or 0
        limit = None if part.stop is None else part.stop - start
        if self.first is not None and start == 0 and limit is not None and limit <= PAGE:
            return self.first[:limit]
        return self.fetch(field.removeprefix("-"), field.startswith("-"), limit, start)
