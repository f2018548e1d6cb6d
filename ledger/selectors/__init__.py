from ledger.selectors.accounts import CardLine, TrialRow, account_card, find_account, trial_balance
from ledger.selectors.control import ControlRow, control_accounts
from ledger.selectors.debtors import DebtorRow, debtor_account, debtors
from ledger.selectors.items import OpenRow, open_amounts, open_items

__all__ = [
    "CardLine", "ControlRow", "DebtorRow", "OpenRow", "TrialRow", "account_card", "control_accounts", "debtor_account",
    "debtors", "find_account", "open_amounts", "open_items", "trial_balance",
]  # fmt: skip
