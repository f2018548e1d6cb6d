from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from common.text import fold
from companies.actor import Actor
from ledger.querysets import reads_books
from ledger.roles import Control
from ledger.selectors.accounts import escaped
from ledger.selectors.items import OPEN, OpenRow, open_items
from ledger.selectors.rows import rows_of


@dataclass(frozen=True, slots=True)
class DebtorRow:
    """A party with what it owes: balance of its account, what of it is overdue on the day, and the oldest open due
    day."""

    party_id: int
    number: str
    name: str
    balance: Decimal
    overdue: Decimal
    oldest_due: date | None
    count: int  # of all rows that fit, whatever the page


OPEN_ALONE = "AND t.debit <> t.credit"  # found by an index of their own; the others add nothing to a balance
ORDERS = {
    "name": "p.sort_key",
    "number": "p.number",
    "balance": "balance",
    "overdue": "overdue",
    "due": "oldest_due",
}
DEBTORS = f"""
WITH accounts AS (
  SELECT a.id FROM ledger_account a WHERE a.control = %(control)s
), balances AS (
  SELECT x.party_id, sum(x.amount) AS balance FROM (
    SELECT t.party_id, t.debit - t.credit AS amount FROM ledger_total t
    WHERE t.party_id IS NOT NULL AND t.account_id IN (SELECT id FROM accounts) {{open}}
    UNION ALL SELECT d.party_id, d.debit - d.credit FROM ledger_delta d
    WHERE d.party_id IS NOT NULL AND d.account_id IN (SELECT id FROM accounts)) x
  GROUP BY x.party_id
)
SELECT p.id, p.number, CASE WHEN p.given_name = '' THEN p.family_name ELSE p.family_name || ', ' || p.given_name END,
  b.balance AS balance,
  (SELECT coalesce(sum({OPEN}), 0.00) FROM ledger_openitem i WHERE i.company_id = p.company_id AND i.party_id = p.id
     AND i.account_id IN (SELECT id FROM accounts) AND i.due_date < %(on)s AND i.amount > 0) AS overdue,
  (SELECT min(i.due_date) FROM ledger_openitem i WHERE i.company_id = p.company_id AND i.party_id = p.id
     AND i.account_id IN (SELECT id FROM accounts) AND i.amount > 0 AND {OPEN} <> 0) AS oldest_due,
  count(*) OVER ()
FROM balances b JOIN relations_party p ON p.id = b.party_id
WHERE (%(settled)s OR b.balance <> 0)
  AND (%(text)s = '' OR p.sort_key LIKE %(like)s OR p.number ILIKE %(number)s)
ORDER BY {{order}} {{direction}} NULLS LAST, p.id LIMIT %(limit)s OFFSET %(offset)s
"""  # noqa: S608 (constant parts only)


def debtors(
    *,
    on: date,
    actor: Actor,
    text: str = "",
    settled: bool = False,
    sort: str = "name",
    descending: bool = False,
    limit: int | None = 50,
    offset: int = 0,
    control: Control = Control.DEBTORS,
) -> list[DebtorRow]:
    """Parties with a balance on the debtors' accounts (with `settled`, also those at zero), one page in one query.

    `sort` is a key of ORDERS; `text` starts a name or a number. The balance comes from totals and deltas, so its time
    doesn't grow with a party's history (features S0-33, S2-17).
    """
    if not reads_books(actor):
        return []
    params = {
        "control": str(control),
        "on": on,
        "settled": settled,
        "text": text,
        "like": f"{escaped(fold(text))}%",
        "number": f"{escaped(text)}%",
        "limit": limit,
        "offset": offset,
    }
    parts = {"order": ORDERS[sort], "direction": "DESC" if descending else "ASC", "open": "" if settled else OPEN_ALONE}
    # nosemgrep: sql-put-together (constant parts, an order of ORDERS, and one of two words)
    return rows_of(DebtorRow, DEBTORS.format(**parts), params)


@dataclass(frozen=True, slots=True)
class DebtorAccount:
    """One party's account: its open items and their sum."""

    items: list[OpenRow]
    total: Decimal
    overdue: Decimal


def debtor_account(
    *, party_id: int, on: date, actor: Actor, settled: bool = False, control: Control = Control.DEBTORS
) -> DebtorAccount:
    """What a party owes and is owed, item by item, oldest due first, with the sum and what of it is late (features
    S2-17)."""
    items = open_items(party_id=party_id, control=control, actor=actor, settled=settled)
    late = sum((item.left for item in items if item.days_late(on)), Decimal("0.00"))
    return DebtorAccount(items, sum((item.left for item in items), Decimal("0.00")), late)
