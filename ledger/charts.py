"""Charts of accounts with which books are opened: one for an insurer, one for who works with insurers' current
accounts.

Codes follow the decimal scheme Dutch offices use: 0 equity, 1 balance sheet, 4 expenses, 8 income. Accounts are
asked by
role, so an office may number them otherwise.
"""

from dataclasses import dataclass

from companies.models import CompanyKind
from ledger.roles import AccountKind, Control, JournalKind, Role

K, C, R = AccountKind, Control, Role


@dataclass(frozen=True, slots=True)
class ChartAccount:
    """One account of a chart, named in the languages of the product."""

    code: str
    role: Role
    kind: AccountKind
    nl: str
    de: str
    en: str
    control: Control = Control.NONE

    @property
    def names(self) -> dict[str, str]:
        return {"nl": self.nl, "de": self.de, "en": self.en}


A = ChartAccount
COMMON = [
    A(
        "0500",
        R.EQUITY,
        K.LIABILITY,
        "Eigen vermogen en beginbalans",
        "Eigenkapital und Eröffnung",
        "Equity and opening balances",
    ),
    A("1000", R.BANK, K.ASSET, "Bank", "Bank", "Bank"),
    A("1090", R.COLLECTION, K.ASSET, "Incasso onderweg", "Lastschriften unterwegs", "Collections on their way"),
    A("1095", R.SUSPENSE, K.ASSET, "Tussenrekening", "Verrechnungskonto", "Suspense"),
    A(
        "1099",
        R.OPENING,
        K.ASSET,
        "Beginbalans, tegenrekening",
        "Eröffnungsbilanz, Gegenkonto",
        "Opening balances, to be cleared",
    ),
    A("1300", R.DEBTORS, K.ASSET, "Debiteuren", "Debitoren", "Debtors", C.DEBTORS),
    A(
        "1500",
        R.INSURANCE_TAX_DUE,
        K.LIABILITY,
        "Af te dragen assurantiebelasting",
        "Versicherungsteuer",
        "Insurance tax payable",
    ),
    A(
        "1600",
        R.ADVISERS,
        K.LIABILITY,
        "Rekening-courant adviseurs",
        "Vermittlerabrechnung",
        "Advisers, current account",
        C.ADVISERS,
    ),
    A("1650", R.CREDITORS, K.LIABILITY, "Overige crediteuren", "Sonstige Kreditoren", "Other creditors", C.CREDITORS),
    A("4700", R.BANK_COSTS, K.EXPENSE, "Bankkosten", "Bankgebühren", "Bank costs"),
    A("4800", R.BAD_DEBT, K.EXPENSE, "Oninbare vorderingen", "Forderungsausfälle", "Bad debts"),
    A("4890", R.PAYMENT_DIFFERENCES, K.EXPENSE, "Betalingsverschillen", "Zahlungsdifferenzen", "Payment differences"),
    A("4900", R.ROUNDING, K.EXPENSE, "Afrondingsverschillen", "Rundungsdifferenzen", "Rounding differences"),
    A("8100", R.POLICY_COSTS, K.INCOME, "Poliskosten", "Policengebühren", "Policy costs"),
    A("8110", R.INSTALMENT_SURCHARGE, K.INCOME, "Termijntoeslag", "Ratenzuschlag", "Instalment surcharge"),
    A("8120", R.DUNNING_COSTS, K.INCOME, "Aanmaningskosten", "Mahngebühren", "Dunning costs"),
]
INSURER = [
    *COMMON,
    A("1610", R.CLAIMANTS, K.LIABILITY, "Te betalen schaden", "Zu zahlende Schäden", "Claims to be paid", C.CREDITORS),
    A(
        "4000",
        R.COMMISSION_EXPENSE,
        K.EXPENSE,
        "Provisie adviseurs",
        "Provisionen an Vermittler",
        "Commission to advisers",
    ),
    A("4100", R.CLAIMS_EXPENSE, K.EXPENSE, "Schaden", "Schadenaufwand", "Claims"),
    A("8000", R.PREMIUM, K.INCOME, "Premie", "Beiträge", "Premium"),
]
AUTHORISED_AGENT = [
    *COMMON,
    A(
        "1400",
        R.INSURERS,
        K.LIABILITY,
        "Rekening-courant maatschappijen",
        "Abrechnung Versicherer",
        "Insurers, current account",
        C.INSURERS,
    ),  # fmt: skip  # noqa: E501
    A("1610", R.CLAIMANTS, K.LIABILITY, "Te betalen schaden", "Zu zahlende Schäden", "Claims to be paid", C.CREDITORS),
    A("8000", R.OWN_COMMISSION, K.INCOME, "Tekencommissie", "Zeichnungsprovision", "Signing commission"),
]
CHARTS = {
    CompanyKind.PROVIDER: INSURER,
    CompanyKind.AGENT: AUTHORISED_AGENT,
    CompanyKind.POOL: AUTHORISED_AGENT,
    CompanyKind.BROKER: AUTHORISED_AGENT,
}

JOURNALS = {
    JournalKind.SALES: {"nl": "Premie en provisie", "de": "Beiträge und Provision", "en": "Premium and commission"},
    JournalKind.BANK: {"nl": "Bank", "de": "Bank", "en": "Bank"},
    JournalKind.MEMORIAL: {"nl": "Memoriaal", "de": "Memorial", "en": "Memorial"},
}
