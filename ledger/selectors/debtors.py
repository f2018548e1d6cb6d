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
WALKED = ("name", "number")  # parties stand in this order in an index: a page is read off it
BEGINS = "(p.sort_key LIKE %(like)s OR p.number ILIKE %(number)s)"
BALANCE = """(SELECT coalesce(sum(t.debit - t.credit), 0.00) FROM ledger_total t
    WHERE t.party_id = p.id AND t.account_id IN (SELECT id FROM accounts))"""
STANDS = """t.party_id IS NOT NULL AND t.account_id IN (SELECT id FROM accounts) {open}
    AND NOT t.party_id IN (SELECT m.party_id FROM moved m)"""
# Whose one folded total stands open, and who moved by nothing since, owes something: who he is stands in the index, and
# his amount is read for the page alone. The others are summed.
DEBTORS = f"""
WITH accounts AS (
  SELECT a.id FROM ledger_account a WHERE a.control = %(control)s
), moved AS MATERIALIZED (
  SELECT d.party_id, sum(d.debit - d.credit) AS amount FROM ledger_delta d
  WHERE d.party_id IS NOT NULL AND d.account_id IN (SELECT id FROM accounts) GROUP BY d.party_id
), owing AS MATERIALIZED (
  SELECT t.party_id, {{amount}} AS balance FROM ledger_total t
  WHERE (SELECT count(*) FROM accounts) = 1 AND {STANDS}
  UNION ALL
  SELECT t.party_id, sum(t.debit - t.credit) FROM ledger_total t
  WHERE (SELECT count(*) FROM accounts) > 1 AND {STANDS}
  GROUP BY t.party_id HAVING %(settled)s OR sum(t.debit - t.credit) <> 0
  UNION ALL
  SELECT x.party_id, sum(x.amount) FROM (
    SELECT m.party_id, m.amount FROM moved m
    UNION ALL SELECT t.party_id, t.debit - t.credit FROM moved m JOIN ledger_total t ON t.party_id = m.party_id
    WHERE t.account_id IN (SELECT id FROM accounts)) x
  GROUP BY x.party_id HAVING %(settled)s OR sum(x.amount) <> 0
), found AS (
  SELECT p.id, p.company_id, p.number, p.sort_key, p.given_name, p.family_name FROM relations_party p
  WHERE (p.id IN (SELECT o.party_id FROM owing o)){{walked}} AND {{begins}} {{cut}}
)
SELECT p.id, p.number, CASE WHEN p.given_name = '' THEN p.family_name ELSE p.family_name || ', ' || p.given_name END,
  coalesce(o.balance, {BALANCE}) AS balance,
  (SELECT coalesce(sum({OPEN}), 0.00) FROM ledger_openitem i WHERE i.company_id = p.company_id AND i.party_id = p.id
     AND i.account_id IN (SELECT id FROM accounts) AND i.due_date < %(on)s AND i.amount > 0) AS overdue,
  (SELECT min(i.due_date) FROM ledger_openitem i WHERE i.company_id = p.company_id AND i.party_id = p.id
     AND i.account_id IN (SELECT id FROM accounts) AND i.amount > 0 AND {OPEN} <> 0) AS oldest_due,
  {{count}}
FROM found p JOIN owing o ON o.party_id = p.id
ORDER BY {{order}} {{direction}} NULLS LAST, p.id LIMIT %(limit)s OFFSET %(rest)s
"""  # noqa: S608 (constant parts only)
COUNT = "(SELECT count(*) FROM owing)"
COUNT_FOUND = f"(SELECT count(*) FROM owing JOIN relations_party p ON p.id = owing.party_id WHERE {BEGINS})"  # noqa: S608


def parts_of(*, text: str, settled: bool, sort: str, descending: bool) -> dict[str, str]:
    """How the statement is put together. Where a page is read off an index, IS TRUE keeps the planner to it: else it
    would take those who owe for few, and sort them all."""
    direction, walked = "DESC" if descending else "ASC", sort in WALKED
    cut = f"ORDER BY {ORDERS[sort]} {direction}, p.id LIMIT %(limit)s OFFSET %(offset)s"
    return {
        "amount": "NULL::numeric" if walked else "t.debit - t.credit",
        "open": "" if settled else OPEN_ALONE,
        "begins": BEGINS if text else "true",
        "count": COUNT_FOUND if text else COUNT,
        "walked": " IS TRUE" if walked else "",
        "cut": cut if walked else "",
        "order": ORDERS[sort],
        "direction": direction,
    }


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
        "like": f"{escaped(fold(text))}%",
        "number": f"{escaped(text)}%",
        "limit": limit,
        "offset": offset,
        "rest": 0 if sort in WALKED else offset,
    }
    parts = parts_of(text=text, settled=settled, sort=sort, descending=descending)
    # nosemgrep: sql-put-together (constant parts alone)
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
