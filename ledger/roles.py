"""The words of the books: what an account is for, its kind, which sub-ledger it controls, and the journals."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What rooms ask an account by; each company's chart resolves it (DESIGN section 6, ledger line)."""

    BANK = "bank", _("Bank")
    DEBTORS = "debtors", _("Debtors")
    INSURERS = "insurers", _("Insurers, current account")
    ADVISERS = "advisers", _("Advisers, current account")
    CLAIMANTS = "claimants", _("Claims to be paid")
    CREDITORS = "creditors", _("Other creditors")
    COLLECTION = "collection", _("Collections on their way")
    SUSPENSE = "suspense", _("Suspense")
    INSURANCE_TAX_DUE = "insurance_tax_due", _("Insurance tax payable")
    OPENING = "opening", _("Opening balances, to be cleared")
    EQUITY = "equity", _("Equity and opening balances")
    PREMIUM = "premium", _("Premium")
    POLICY_COSTS = "policy_costs", _("Policy costs")
    INSTALMENT_SURCHARGE = "instalment_surcharge", _("Instalment surcharge")
    DUNNING_COSTS = "dunning_costs", _("Dunning costs")
    OWN_COMMISSION = "own_commission", _("Signing commission")
    COMMISSION_EXPENSE = "commission_expense", _("Commission to advisers")
    CLAIMS_EXPENSE = "claims_expense", _("Claims")
    BANK_COSTS = "bank_costs", _("Bank costs")
    BAD_DEBT = "bad_debt", _("Bad debts")
    PAYMENT_DIFFERENCES = "payment_differences", _("Payment differences")
    ROUNDING = "rounding", _("Rounding")


class AccountKind(TextChoices):
    ASSET = "asset", _("Asset")
    LIABILITY = "liability", _("Liability")
    INCOME = "income", _("Income")
    EXPENSE = "expense", _("Expense")


class Control(TextChoices):
    """The sub-ledger an account controls: its lines carry a party and open items; lines of other accounts carry
    neither."""

    NONE = "none", _("None")
    DEBTORS = "debtors", _("Debtors")
    CREDITORS = "creditors", _("Creditors")
    INSURERS = "insurers", _("Insurers")
    ADVISERS = "advisers", _("Advisers")


class JournalKind(TextChoices):
    SALES = "sales", _("Premium and commission")
    BANK = "bank", _("Bank")
    MEMORIAL = "memorial", _("Memorial")
