from dataclasses import dataclass
from decimal import Decimal

from common.languages import base_language
from companies.actor import Actor
from ledger.querysets import reads_books
from ledger.selectors.rows import rows_of


@dataclass(frozen=True, slots=True)
class ControlRow:
    """A control account beside its sub-ledger: balance of the account, sum of the open items; they agree, always."""

    code: str
    name: str
    control: str
    balance: Decimal
    items: Decimal

    @property
    def agrees(self) -> bool:
        return self.balance == self.items


# Signed items sum to what is open: a match takes the same from a debit and from a credit item.
CONTROL = """
WITH items AS (SELECT i.account_id, sum(i.amount) AS open FROM ledger_openitem i GROUP BY i.account_id)
SELECT a.code, coalesce(a.names ->> %(language)s, a.names ->> 'en', a.code), a.control,
  (SELECT coalesce(sum(x.amount), 0.00) FROM (
     SELECT t.debit - t.credit AS amount FROM ledger_total t WHERE t.account_id = a.id AND t.party_id IS NULL
     UNION ALL SELECT d.debit - d.credit FROM ledger_delta d WHERE d.account_id = a.id) x),
  coalesce(i.open, 0.00)
FROM ledger_account a LEFT JOIN items i ON i.account_id = a.id WHERE a.control <> 'none' ORDER BY a.code
"""


def control_accounts(*, actor: Actor) -> list[ControlRow]:
    """Control accounts against their sub-ledgers, for the daily control (features S0-33)."""
    return rows_of(ControlRow, CONTROL, {"language": base_language()}) if reads_books(actor) else []
