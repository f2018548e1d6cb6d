"""The books after the walk: what each sale must have moved, to the cent, and the verdict of `ledger_verify`."""

import json
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from config.launch.stack import Stack
from config.launch.walk.customer import Customer
from config.launch.walk.expect import StepFailed, expect
from config.launch.walk.staff import Balances

CENT = Decimal("0.01")
DEBTORS, TAX_DUE, ADVISERS, INSURERS = "1300", "1500", "1600", "1400"
COMMISSION, PREMIUM, OWN_COMMISSION = "4000", "8000", "8000"  # the charts of an insurer and of an agent differ
AGENT = Decimal("0.20")  # of the net premium, which the agent gets from the insurer


def expected_moves(company: str, sold: Sequence[Customer]) -> dict[str, Decimal]:
    """What these sales move by account, debit positive (posting patterns of an insurer and of an authorised agent)."""
    none = Decimal(0)
    net, tax = sum((row.sale.net for row in sold), none), sum((row.sale.tax for row in sold), none)
    advised = sum((row.sale.adviser for row in sold if row.adviser), none)
    moves = {DEBTORS: net + tax, TAX_DUE: -tax, ADVISERS: -advised}
    if company == "schutsluis":
        earned = sum(((row.sale.net * AGENT).quantize(CENT, ROUND_HALF_UP) for row in sold), none)
        moves |= {INSURERS: earned - net, OWN_COMMISSION: advised - earned}
    else:
        moves |= {PREMIUM: -net, COMMISSION: advised}
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
