"""The books after the walk: what each sale must have moved, to the cent, and the verdict of `ledger_verify`."""

import json
from collections.abc import Sequence
from decimal import Decimal

from config.launch.stack import Stack
from config.launch.walk.customer import Customer
from config.launch.walk.expect import StepFailed, expect
from config.launch.walk.staff import Balances

DEBTORS, TAX_DUE, ADVISERS, INSURERS = "1300", "1500", "1600", "1400"
COMMISSION, PREMIUM, OWN_COMMISSION = "4000", "8000", "8000"  # the charts of an insurer and of an agent differ
NET, TAX, TOTAL = Decimal("116.88"), Decimal("24.54"), Decimal("141.42")  # the product's worked case TR-01
ADVISER = Decimal("17.53")  # 15 percent of the net premium
AGENT = Decimal("23.38")  # 20 percent, which the agent gets from the insurer


def expected_moves(company: str, sold: Sequence[Customer]) -> dict[str, Decimal]:
    """What these sales move by account, debit positive (posting patterns of an insurer and of an authorised agent)."""
    count, advised = len(sold), sum(1 for customer in sold if customer.adviser)
    moves = {DEBTORS: count * TOTAL, TAX_DUE: -count * TAX, ADVISERS: -advised * ADVISER}
    if company == "schutsluis":
        moves |= {INSURERS: count * (AGENT - NET), OWN_COMMISSION: advised * ADVISER - count * AGENT}
    else:
        moves |= {PREMIUM: -count * NET, COMMISSION: advised * ADVISER}
    return {code: amount for code, amount in sorted(moves.items()) if amount}


def check_books(
    stack: Stack, company: str, sold: Sequence[Customer], *, before: Balances, after: Balances
) -> dict[str, object]:
    """The moves of the trial balance and the verdict on the books, as the report tells them."""
    moved = after.since(before)
    expect(f"the moves in the books of {company}", told(expected_moves(company, sold)), told(moved))
    expect(f"the sum of {company}'s trial balance", Decimal(0), sum(after.rows.values(), Decimal(0)))
    verdict = json.loads(stack.manage("ledger_verify", "--company", company, "--json"))
    for name in ("balanced", "subledgers_agree", "totals_agree", "chain_ok"):
        if verdict[name] is not True:
            raise StepFailed(f"Expected {name} of {company}'s books to be true; found {verdict}.")
    expect(f"the first broken entry of {company}", None, verdict["first_broken"])
    return {"moved": told(moved), **verdict}


def told(moves: dict[str, Decimal]) -> dict[str, str]:
    """Amounts as text, two decimals."""
    return {code: f"{amount:.2f}" for code, amount in moves.items()}
