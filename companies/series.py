"""Numbers of things. Gap-free ones are locked until commit, so take them last; others may have gaps."""

from datetime import date

from django.db import connection

GAPLESS = {"invoice", "credit_note", "statement"}
PREFIX = {
    "case": "C", "application": "A", "quotation": "O", "policy": "P", "party": "R", "product": "K",
    "invoice": "F", "credit_note": "N", "statement": "S",
}  # fmt: skip


def next_number(kind: str, *, on: date) -> str:
    """The next number of the company's series, such as P-2026-000417. A gap-free one waits for others of its kind."""
    with connection.cursor() as cursor:
        if kind in GAPLESS:
            cursor.execute(
                "INSERT INTO companies_series (company_id, kind, year, last) VALUES (sec.company(), %s, %s, 1) "
                "ON CONFLICT (company_id, kind, year) DO UPDATE SET last = companies_series.last + 1 RETURNING last",
                [kind, on.year],
            )
        else:
            cursor.execute("SELECT sec.loose_number(%s, %s)", [kind, on.year])
        (number,) = cursor.fetchone()
    return f"{PREFIX[kind]}-{on.year}-{number:06d}"
