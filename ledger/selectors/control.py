from dataclasses import dataclass
from decimal import Decimal

from common.languages import base_language
from companies.actor import Actor
from ledger.querysets import reads_books
from ledger.selectors.rows import rows_of


@dataclass(frozen=True, slots=True)
class ControlRow:
    """A control account beside its sub-ledger: its balance and the sum of its parties’ accounts; they agree, always.

    That a party's open items are what its account says is held line by line as they are posted, and proved whole by
    `verify`: to sum them here would read every item there ever was.
    """

    code: str
    name: str
    control: str
    balance: Decimal
    parties: Decimal

    @property
    def agrees(self) -> bool:
        return self.balance == self.parties


CONTROL = """
WITH parties AS (
  SELECT x.account_id, sum(x.amount) AS balance FROM (
    SELECT t.account_id, t.debit - t.credit AS amount FROM ledger_total t
    WHERE t.party_id IS NOT NULL AND t.debit <> t.credit
    UNION ALL SELECT d.account_id, d.debit - d.credit FROM ledger_delta d WHERE d.party_id IS NOT NULL) x
  GROUP BY x.account_id
)
SELECT a.code, coalesce(a.names ->> %(language)s, a.names ->> 'en', a.code), a.control,
  (SELECT coalesce(sum(x.amount), 0.00) FROM (
     SELECT t.debit - t.credit AS amount FROM ledger_total t WHERE t.account_id = a.id AND t.party_id IS NULL
     UNION ALL SELECT d.debit - d.credit FROM ledger_delta d WHERE d.account_id = a.id) x),
  coalesce(p.balance, 0.00)
FROM ledger_account a LEFT JOIN parties p ON p.account_id = a.id WHERE a.control <> 'none' ORDER BY a.code
"""


def control_accounts(*, actor: Actor) -> list[ControlRow]:
    """Control accounts against their sub-ledgers, for the daily control (features S0-33)."""
    return rows_of(ControlRow, CONTROL, {"language": base_language()}) if reads_books(actor) else []
