"""Recompute everything from the lines, as the application's own role: balance, sub-ledgers, totals and the chain of
seals."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `first_broken` names the first entry, by journal, year and number, that isn't as it was
    sealed."""

    entries: int
    balanced: bool
    subledgers_agree: bool
    totals_agree: bool
    chain_ok: bool
    first_broken: str | None

    @property
    def ok(self) -> bool:
        return self.balanced and self.subledgers_agree and self.totals_agree and self.chain_ok

    def told(self) -> dict[str, Any]:
        """As the command prints it."""
        return asdict(self)


# One row an entry, with what is right about it. Deleted rows leave a seal without entry, an entry without seal, a
# gap, or
# a head that is ahead of the last number.
ENTRIES = """
WITH chain AS (
  SELECT coalesce(s.journal_id, e.journal_id) AS journal_id, coalesce(s.year, extract(year FROM
    e.booked_on)::smallint) AS year,
    s.number, e.id AS entry_id, e.reference,
    coalesce((f.lines, f.debit, f.credit, f.agrees) IS NOT DISTINCT FROM (e.line_count::bigint, e.total, e.total,
      true), false)
      AS balanced,
    coalesce(s.seal = sha256(s.previous || f.digest) AND s.journal_id = e.journal_id
      AND s.year = extract(year FROM e.booked_on)
      AND s.number = row_number() OVER w AND s.previous = coalesce(lag(s.seal) OVER w, ''::bytea), false) AS sealed
  FROM ledger_seal s
  FULL JOIN ledger_entry e ON e.company_id = s.company_id AND e.id = s.entry_id
  LEFT JOIN LATERAL sec.entry_facts(e.company_id, e.id) f ON true
  WINDOW w AS (PARTITION BY s.journal_id, s.year ORDER BY s.number)
), broken AS (
  SELECT j.code, c.year, c.number, c.reference FROM chain c LEFT JOIN ledger_journal j ON j.id = c.journal_id
  WHERE NOT (c.balanced AND c.sealed)
  UNION ALL
  SELECT j.code, h.year, h.last, NULL FROM ledger_journalhead h LEFT JOIN ledger_journal j ON j.id = h.journal_id
  LEFT JOIN LATERAL (SELECT s.number, s.seal FROM ledger_seal s
    WHERE s.journal_id = h.journal_id AND s.year = h.year ORDER BY s.number DESC LIMIT 1) s ON true
  WHERE (s.number, s.seal) IS DISTINCT FROM (h.last, h.head)
)
SELECT (SELECT count(entry_id) FROM chain), (SELECT coalesce(bool_and(balanced), true) FROM chain),
  (SELECT coalesce(bool_and(sealed), true) FROM chain) AND NOT EXISTS (SELECT FROM broken b WHERE b.reference IS NULL),
  (SELECT CASE WHEN b.number IS NULL THEN b.code || '-' || b.year || ' ' || b.reference
     ELSE coalesce(b.code, '?') || '-' || b.year || '-' || lpad(b.number::text, 6, '0') END
   FROM broken b ORDER BY b.code, b.year, b.number LIMIT 1)
"""

# A control account and party: lines and open items sum to the same; no item has more matched than it has.
SUBLEDGERS = """
SELECT NOT EXISTS (
  SELECT FROM (
    SELECT l.account_id, l.party_id, sum(l.debit - l.credit) AS amount FROM ledger_line l
    JOIN ledger_account a ON a.id = l.account_id AND a.control <> 'none' GROUP BY 1, 2
  ) l FULL JOIN (
    SELECT i.account_id, i.party_id, sum(i.amount) AS amount FROM ledger_openitem i GROUP BY 1, 2
  ) i ON i.account_id = l.account_id AND i.party_id IS NOT DISTINCT FROM l.party_id
  WHERE l.amount IS DISTINCT FROM i.amount
) AND NOT EXISTS (
  SELECT FROM ledger_openitem i JOIN (
    SELECT x.item_id, sum(x.amount) AS used FROM (
      SELECT debit_item_id AS item_id, amount FROM ledger_allocation
      UNION ALL SELECT credit_item_id, amount FROM ledger_allocation) x GROUP BY 1
  ) u ON u.item_id = i.id WHERE u.used NOT BETWEEN 0 AND abs(i.amount)
)
"""

# Folded totals plus deltas are the sums of the lines: per account and month, and per control account and party.
TOTALS = """
WITH kept AS (
  SELECT account_id, party_id, month, debit, credit FROM ledger_total
  UNION ALL SELECT account_id, NULL, month, debit, credit FROM ledger_delta
  UNION ALL SELECT account_id, party_id, NULL, debit, credit FROM ledger_delta WHERE party_id IS NOT NULL
), summed AS (
  SELECT account_id, NULL::bigint AS party_id, date_trunc('month', booked_on::timestamp)::date AS month, debit, credit
  FROM ledger_line
  UNION ALL SELECT account_id, party_id, NULL, debit, credit FROM ledger_line WHERE party_id IS NOT NULL
)
SELECT NOT EXISTS (
  SELECT FROM (
    SELECT account_id, party_id, month, debit, credit FROM kept
    UNION ALL SELECT account_id, party_id, month, -debit, -credit FROM summed
  ) x GROUP BY account_id, party_id, month HAVING sum(debit) <> 0 OR sum(credit) <> 0
)
"""


def verify_ledger() -> Verdict:
    """Verify the books of the current company; nothing stored is trusted but the lines and their seals."""
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES)
        entries, balanced, chain_ok, first_broken = cursor.fetchone()
        cursor.execute(SUBLEDGERS)
        (subledgers_agree,) = cursor.fetchone()
        cursor.execute(TOTALS)
        (totals_agree,) = cursor.fetchone()
    return Verdict(entries, balanced, subledgers_agree, totals_agree, chain_ok, first_broken)
