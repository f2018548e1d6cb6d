from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from companies.actor import Actor
from ledger.querysets import reads_books
from ledger.roles import Control
from ledger.selectors.rows import rows_of

# A debit item has allocations on its debit side only and a credit item on its credit side only, so both may be summed.
OPEN = """
i.amount
- coalesce((SELECT sum(a.amount) FROM ledger_allocation a WHERE a.company_id = i.company_id AND a.debit_item_id =
  i.id), 0)
+ coalesce((SELECT sum(a.amount) FROM ledger_allocation a WHERE a.company_id = i.company_id AND a.credit_item_id =
  i.id), 0)
"""


@dataclass(frozen=True, slots=True)
class OpenRow:
    """An open item as lists show it; `left` is what is still open, with the item's sign."""

    item_id: int
    number: int
    reference: str
    booked_on: date
    due_date: date
    amount: Decimal
    left: Decimal
    journal: str
    year: int
    entry_number: int

    @property
    def entry_name(self) -> str:
        return f"{self.journal}-{self.year}-{self.entry_number:06d}"

    def days_late(self, on: date) -> int:
        """Days past due of money to be received; 0 where nothing is late."""
        return max((on - self.due_date).days, 0) if self.left > 0 else 0


@dataclass(frozen=True, slots=True)
class _Left:
    item_id: int
    left: Decimal


def open_amounts(item_ids: Iterable[int]) -> dict[int, Decimal]:
    """What is still open of each item, signed as the item; for services, which know what they may touch."""
    sql = f"SELECT i.id, {OPEN} FROM ledger_openitem i WHERE i.id = ANY(%(ids)s)"  # noqa: S608 (constant parts only)
    # nosemgrep: sql-put-together (constant parts)
    return {row.item_id: row.left for row in rows_of(_Left, sql, {"ids": list(item_ids)})}


def open_items(*, party_id: int, control: Control, actor: Actor, settled: bool = False) -> list[OpenRow]:
    """The items of a party on one kind of control account, oldest due first; with `settled` also those of which
    nothing is open."""
    if not reads_books(actor):
        return []
    sql = f"""
        SELECT * FROM (
          SELECT i.id, i.number, i.reference, e.booked_on, i.due_date, i.amount, {OPEN} AS left_open,
            j.code, s.year, s.number AS entry_number
          FROM ledger_openitem i
          JOIN ledger_account c ON c.company_id = i.company_id AND c.id = i.account_id AND c.control = %(control)s
          JOIN ledger_entry e ON e.company_id = i.company_id AND e.id = i.entry_id
          JOIN ledger_journal j ON j.company_id = i.company_id AND j.id = e.journal_id
          JOIN ledger_seal s ON s.company_id = i.company_id AND s.entry_id = i.entry_id
          WHERE i.party_id = %(party)s
        ) x WHERE %(settled)s OR x.left_open <> 0 ORDER BY x.due_date, x.number
    """  # noqa: S608 (constant parts only)
    # nosemgrep: sql-put-together (constant parts)
    return rows_of(OpenRow, sql, {"party": party_id, "control": str(control), "settled": settled})
