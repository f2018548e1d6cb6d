from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from companies.actor import Actor
from ledger.querysets import reads_books
from ledger.roles import Control
from ledger.selectors.items import OPEN
from ledger.selectors.rows import rows_of


@dataclass(frozen=True, slots=True)
class Age:
    """What debtors owe in items of one age: 0 not due, 1 up to 30 days late, 2 up to 60, 3 up to 90, 4 longer."""

    band: int
    items: int
    amount: Decimal


AGES = f"""
SELECT x.band, count(*), sum(x.open) FROM (
  SELECT CASE WHEN i.due_date >= %(on)s THEN 0 WHEN i.due_date >= %(on)s - 30 THEN 1
    WHEN i.due_date >= %(on)s - 60 THEN 2 WHEN i.due_date >= %(on)s - 90 THEN 3 ELSE 4 END AS band, {OPEN} AS open
  FROM ledger_openitem i WHERE i.amount > 0
    AND i.account_id IN (SELECT a.id FROM ledger_account a WHERE a.control = %(control)s)) x
WHERE x.open <> 0 GROUP BY x.band ORDER BY x.band
"""  # noqa: S608 (constant parts only)


def open_by_age(*, on: date, actor: Actor, control: Control = Control.DEBTORS) -> list[Age]:
    """Items to be received of which something is open, by the days since they were due; what is owed back isn't taken
    off (features S2-17)."""
    if not reads_books(actor):
        return []
    # nosemgrep: sql-put-together (constant parts)
    return rows_of(Age, AGES, {"on": on, "control": str(control)})
