from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from common.languages import base_language
from common.periods import months_later
from common.text import fold
from companies.actor import Actor
from companies.lists import MOST_LISTED
from ledger.models import Account
from ledger.querysets import reads_books
from ledger.selectors.rows import rows_of


@dataclass(frozen=True, slots=True)
class TrialRow:
    """An account as of a day: balance at the start of the year, debit and credit since, balance; debit is positive."""

    account_id: int
    code: str
    name: str
    kind: str
    control: str
    opening: Decimal
    debit: Decimal
    credit: Decimal
    balance: Decimal


# Whole months come from totals and deltas; what the month of a day holds beyond that day is taken off again from the
# lines.
TRIAL = """
WITH sums AS (
  SELECT t.account_id, t.month >= %(year)s AS here, t.debit, t.credit FROM ledger_total t
  WHERE t.party_id IS NULL AND t.month <= %(month)s
  UNION ALL
  SELECT d.account_id, d.month >= %(year)s, d.debit, d.credit FROM ledger_delta d WHERE d.month <= %(month)s
  UNION ALL
  SELECT a.id, true, -l.debit, -l.credit FROM ledger_account a CROSS JOIN LATERAL (
    SELECT l.debit, l.credit FROM ledger_line l WHERE l.company_id = a.company_id AND l.account_id = a.id
    AND l.booked_on > %(on)s AND l.booked_on < %(next)s) l
)
SELECT a.id, a.code, coalesce(a.names ->> %(language)s, a.names ->> 'en', a.code), a.kind, a.control,
  coalesce(sum(s.debit - s.credit) FILTER (WHERE NOT s.here), 0.00), coalesce(sum(s.debit) FILTER (WHERE s.here), 0.00),
  coalesce(sum(s.credit) FILTER (WHERE s.here), 0.00), coalesce(sum(s.debit - s.credit), 0.00)
FROM ledger_account a LEFT JOIN sums s ON s.account_id = a.id
GROUP BY a.id, a.code, a.names, a.kind, a.control ORDER BY a.code
"""


def trial_balance(*, on: date, actor: Actor) -> list[TrialRow]:
    """All accounts as of the end of a day, in one query whose time doesn't grow with the lines (features S0-32,
    S2-18)."""
    if not reads_books(actor):
        return []
    month = on.replace(day=1)
    params = {
        "on": on,
        "month": month,
        "next": months_later(month, 1),
        "year": on.replace(month=1, day=1),
        "language": base_language(),
    }
    return rows_of(TrialRow, TRIAL, params)


@dataclass(frozen=True, slots=True)
class CardLine:
    """A line of an account card with the balance after it."""

    line_id: int
    booked_on: date
    journal: str
    year: int
    number: int
    reference: str
    source: str
    party_number: str | None
    party_name: str | None
    debit: Decimal
    credit: Decimal
    balance: Decimal

    @property
    def entry_name(self) -> str:
        return f"{self.journal}-{self.year}-{self.number:06d}"


LINES = """
WITH running AS (
  SELECT l.id, l.company_id, l.booked_on, l.entry_id, l.party_id, l.debit, l.credit, l.amount_cents,
    %(opening)s + sum(l.debit - l.credit) OVER (ORDER BY l.booked_on, l.id) AS balance
  FROM ledger_line l
  WHERE l.account_id = %(account)s AND l.booked_on >= %(since)s AND l.booked_on <= %(until)s
)
"""
# Without other conditions no more is read than the pages up to the one shown; backwards from the balance after all.
UP_TO = """
WITH read AS (
  SELECT l.id, l.company_id, l.booked_on, l.entry_id, l.party_id, l.debit, l.credit, l.amount_cents FROM ledger_line l
  WHERE l.account_id = %(account)s AND l.booked_on >= %(since)s AND l.booked_on <= %(until)s
  ORDER BY l.booked_on {direction}, l.id {direction} LIMIT %(read)s
), running AS (
  SELECT l.*, {balance} AS balance FROM read l
)
"""
ASCENDING = "%(opening)s + sum(l.debit - l.credit) OVER (ORDER BY l.booked_on, l.id)"
DESCENDING = """%(closing)s - coalesce(sum(l.debit - l.credit) OVER (
    ORDER BY l.booked_on DESC, l.id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)"""
FOUND = """
FROM running r
JOIN ledger_entry e ON e.company_id = r.company_id AND e.id = r.entry_id
JOIN ledger_journal j ON j.company_id = r.company_id AND j.id = e.journal_id
JOIN ledger_seal s ON s.company_id = r.company_id AND s.entry_id = r.entry_id
LEFT JOIN relations_party p ON p.company_id = r.company_id AND p.id = r.party_id
WHERE (%(cents)s::bigint IS NULL OR r.amount_cents = %(cents)s)
  AND (%(text)s = '' OR e.reference ILIKE %(like)s OR p.sort_key LIKE %(like_key)s OR p.number ILIKE %(like)s)
"""
CARD = f"""
SELECT r.id, r.booked_on, j.code, s.year, s.number, e.reference, e.source, p.number,
  CASE WHEN p.given_name = '' THEN p.family_name ELSE p.family_name || ', ' || p.given_name END, r.debit, r.credit,
    r.balance
{FOUND}
ORDER BY r.booked_on {{direction}}, r.id {{direction}} LIMIT %(limit)s OFFSET %(offset)s
"""
COUNT = f"{LINES} SELECT count(*) {FOUND}"
COUNT_ALL = """
SELECT count(*) FROM (
  SELECT FROM ledger_line l
  WHERE l.account_id = %(account)s AND l.booked_on >= %(since)s AND l.booked_on <= %(until)s LIMIT %(most)s) l
"""


def account_card(
    *,
    account: Account,
    since: date,
    until: date,
    actor: Actor,
    text: str = "",
    cents: int | None = None,
    newest_first: bool = False,
    limit: int | None = 100,
    offset: int = 0,
) -> list[CardLine]:
    """Lines of an account in a period (both days in), each with the balance after it; two queries, which without `text`
    and `cents` take as long however many lines there are (features S2-18).

    `text` looks in the reference and the party, `cents` for an amount on either side; the balance stays the
    account's own.
    """
    if not reads_books(actor):
        return []
    params = card_params(account, since=since, until=until, text=text, cents=cents)
    params |= {"limit": limit, "offset": offset, "read": None if limit is None else limit + offset}
    narrowed = bool(text) or cents is not None
    backwards = newest_first and not narrowed
    if backwards:
        params["closing"] = balance_before(account, until + timedelta(days=1))
    else:
        params["opening"] = balance_before(account, since)
    parts = {"direction": "DESC" if newest_first else "ASC", "balance": DESCENDING if backwards else ASCENDING}
    # nosemgrep: sql-put-together (constant parts, and one of two words)
    return rows_of(CardLine, ((LINES if narrowed else UP_TO) + CARD).format(**parts), params)


def card_count(
    *, account: Account, since: date, until: date, actor: Actor, text: str = "", cents: int | None = None
) -> int:
    """How many lines `account_card` has for the same conditions; of all lines no more than a list tells are counted."""
    if not reads_books(actor):
        return 0
    params = card_params(account, since=since, until=until, text=text, cents=cents)
    params |= {"opening": Decimal(0), "most": MOST_LISTED + 1}
    # nosemgrep: sql-put-together (constant parts)
    counted = rows_of(_Count, COUNT if text or cents is not None else COUNT_ALL, params)
    return counted[0].count


def card_params(account: Account, *, since: date, until: date, text: str, cents: int | None) -> dict[str, Any]:
    return {
        "account": account.pk,
        "since": since,
        "until": until,
        "text": text,
        "like": f"%{escaped(text)}%",
        "like_key": f"{escaped(fold(text))}%",
        "cents": cents,
    }


@dataclass(frozen=True, slots=True)
class _Count:
    count: int


def escaped(text: str) -> str:
    """A text without meaning to LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


BEFORE = """
SELECT coalesce(sum(x.amount), 0.00) FROM (
  SELECT t.debit - t.credit AS amount FROM ledger_total t
  WHERE t.account_id = %(account)s AND t.party_id IS NULL AND t.month <= %(month)s
  UNION ALL SELECT d.debit - d.credit FROM ledger_delta d WHERE d.account_id = %(account)s AND d.month <= %(month)s
  UNION ALL SELECT l.credit - l.debit FROM ledger_line l
  WHERE l.account_id = %(account)s AND l.booked_on > %(on)s AND l.booked_on < %(next)s
) x
"""


@dataclass(frozen=True, slots=True)
class _Sum:
    amount: Decimal


def balance_before(account: Account, day: date) -> Decimal:
    """The account's balance at the start of a day."""
    on = day - timedelta(days=1)
    month = on.replace(day=1)
    params = {"account": account.pk, "on": on, "month": month, "next": months_later(month, 1)}
    return rows_of(_Sum, BEFORE, params)[0].amount


def find_account(code: str, *, actor: Actor) -> Account | None:
    """The account with a code."""
    found: Account | None = Account.objects.visible_to(actor).filter(code=code).first()
    return found
