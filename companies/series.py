"""Numbers of things. Gap-free ones are locked until commit, so take them last; others may have gaps."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from django.db import connection

GAPLESS = {"invoice", "credit_note", "statement"}
PREFIX = {
    "case": "C", "application": "A", "quotation": "O", "policy": "P", "party": "R", "product": "K",
    "invoice": "F", "credit_note": "N", "statement": "S",
}  # fmt: skip


def next_number(kind: str, *, on: date) -> str:
    """The next number of the company's series, such as P-2026-000417. A gap-free one waits for others of its kind."""
    return next_numbers(kind, days=[on])[0]


def next_numbers(kind: str, *, days: Sequence[date]) -> list[str]:
    """A number for each day, in their order; each year's in one statement, the years ascending."""
    numbers: dict[int, Iterator[int]] = {}
    for year, count in sorted(Counter(day.year for day in days).items()):
        numbers[year] = iter(draw(kind, year, count))
    return [f"{PREFIX[kind]}-{day.year}-{next(numbers[day.year]):06d}" for day in days]


def draw(kind: str, year: int, count: int) -> Sequence[int]:
    """The next numbers of one year."""
    with connection.cursor() as cursor:
        if kind in GAPLESS:
            cursor.execute(
                "INSERT INTO companies_series (company_id, kind, year, last) VALUES (sec.company(), %s, %s, %s) "
                "ON CONFLICT (company_id, kind, year) DO UPDATE SET last = companies_series.last + EXCLUDED.last "
                "RETURNING last",
                [kind, year, count],
            )
            (last,) = cursor.fetchone()
            return range(last - count + 1, last + 1)
        cursor.execute("SELECT sec.loose_number(%s, %s) FROM generate_series(1, %s)", [kind, year, count])
        return [row[0] for row in cursor.fetchall()]
