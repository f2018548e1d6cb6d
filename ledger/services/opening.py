"""What an account, and a party on it, stood at in the old books (S2-13)."""

from datetime import date
from decimal import Decimal
from hashlib import sha256

from common.db import step
from companies.actor import Actor
from ledger.drafts import credit, debit
from ledger.models import Account
from ledger.roles import JournalKind, Role
from ledger.services.posting import Posted, post
from relations.models import Party


@step
def post_opening(
    *, account: Account, amount: Decimal, party: Party | None, due: date | None, on: date, reference: str, key: str,
    actor: Actor,
) -> Posted:  # fmt: skip
    """Book a balance of the old books, debit positive, against the account of opening balances; on a control account it
    becomes an open item of the party. When all are in, the account of opening balances stands at zero.
    """
    items = [(due or on, amount)] if party is not None else None
    lines = [
        debit(account.code, amount, party=party, open_items=items) if party else debit(account.code, amount),
        credit(Role.OPENING, amount),
    ]
    return post(
        source="ledger.opening", reference=reference or on.isoformat(), booked_on=on, actor=actor,
        key=f"opening:{sha256(key.encode()).hexdigest()[:40]}", lines=lines, journal=JournalKind.MEMORIAL,
    )  # fmt: skip
