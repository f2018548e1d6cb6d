from dataclasses import dataclass
from decimal import Decimal

from ledger.roles import Control
from ledger.selectors.items import OPEN
from ledger.selectors.rows import rows_of

OF_CASE = f"""
SELECT * FROM (
  SELECT i.id, {OPEN} AS left_open
  FROM ledger_openitem i
  JOIN ledger_account c ON c.company_id = i.company_id AND c.id = i.account_id AND c.control = %(control)s
  JOIN ledger_entry e ON e.company_id = i.company_id AND e.id = i.entry_id AND e.case_id = %(case)s
) x WHERE x.left_open * %(sign)s > 0 ORDER BY x.id
"""  # noqa: S608 (constant parts only)


@dataclass(slots=True)
class Left:
    """What is open of an item, signed: debit positive."""

    item_id: int
    left: Decimal


def open_credits(*, case_id: int) -> list[Left]:
    """What the company owes the debtor of a case, item by item, oldest first; for services, which know what they may
    touch.
    """
    return _of_case(case_id, -1)


def open_debits(*, case_id: int) -> list[Left]:
    """What the debtor of a case owes, item by item, oldest first."""
    return _of_case(case_id, 1)


def _of_case(case_id: int, sign: int) -> list[Left]:
    # nosemgrep: sql-put-together (constant parts)
    return rows_of(Left, OF_CASE, {"case": case_id, "sign": sign, "control": str(Control.DEBTORS)})
