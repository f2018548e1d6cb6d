"""Opening balances taken over from old books (S2-13)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from common.errors import BusinessError
from common.formats import amount as written
from companies.imports import values
from companies.imports.kinds import Column, Kind, Place, Told, Totals, added, from_json, register
from companies.models import Company, Import, ImportRow, Outcome, PartCode
from ledger.charts import COMMON
from ledger.models import Account, Entry, Line
from ledger.roles import Control, Role
from ledger.selectors.sums import sums_of_accounts
from ledger.services.books import open_books
from ledger.services.opening import post_opening
from relations.imports import find_relation
from relations.models import Party

CODE = "balances"
ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Opening:
    """A balance to be booked; debit is positive."""

    account: Account
    amount: Decimal
    party: Party | None
    due: date | None
    on: date


class Balances(Kind):
    """Balances of accounts, and on control accounts one line for each open item of a relation."""

    code, title, part = CODE, _("Opening balances"), PartCode.LEDGER_INPUT
    measures = {"debit": _("Debit"), "credit": _("Credit"), "balance": _("Balance")}  # noqa: RUF012 never changed
    columns = (
        Column("day", values.day, _("Day on which it is booked: the last day of the old books."), "31-12-2025",
               needed=True),
        Column("account", values.text(12), _("Code of the account here."), "1300", needed=True),
        Column("amount", values.amount, _("Balance; what is owed to the company is positive, what it owes negative."),
               "263,50"),
        Column("debit", values.amount, _("In place of amount: a balance on the debit side."), ""),
        Column("credit", values.amount, _("In place of amount: a balance on the credit side."), ""),
        Column("relation", values.text(40), _("Whose open item it is, on debtors, insurers, advisers and creditors: "
               "number in the old system, or the number here."), "10482"),
        Column("reference", values.text(60), _("Number of the invoice or statement; tells two open items apart."),
               "F-8812"),
        Column("due_on", values.day, _("On which day an open item is due; empty: on the day itself."), "15-01-2026"),
        Column("text", values.text(200), _("A remark, kept with the line of the import."), ""),
    )  # fmt: skip

    def complete(self, told: Told, company: Company) -> Told:
        """Whichever columns the file used, a line says one signed amount."""
        if not told["amount"] and bool(told["debit"]) != bool(told["credit"]):
            value = Decimal(told["debit"] or ZERO) - Decimal(told["credit"] or ZERO)
            return told | {"amount": str(value), "debit": "", "credit": ""}
        return told

    def key(self, told: Told) -> str:
        return "|".join(told[name] for name in ("day", "account", "relation", "reference"))

    def prepare(self, told: Told, place: Place) -> Opening:
        on, amount = date.fromisoformat(told["day"]), check_amount(told)
        if on > place.on:
            message = _("Expected today or an earlier day, found %(found)s.")
            raise BusinessError(message, field="day", params={"found": told["day"]})
        account = Account.objects.filter(code=told["account"]).first()
        if account is None or account.role == Role.OPENING:
            message = _("Expected the code of an account here, found “%(found)s”.")
            raise BusinessError(message, field="account", params={"found": told["account"]})
        due = date.fromisoformat(told["due_on"]) if told["due_on"] else None
        return Opening(account, amount, party_of(told["relation"], account), due, on)

    def make(self, told: Told, prepared: Any, row: ImportRow, place: Place) -> tuple[str, int]:
        if not Account.objects.filter(role=Role.OPENING).exists():
            open_books(kind=place.company.kind, actor=place.actor)
        posted = post_opening(
            account=prepared.account, amount=prepared.amount, party=prepared.party, due=prepared.due, on=prepared.on,
            reference=told["reference"], key=self.key(told), actor=place.actor,
        )  # fmt: skip
        return Entry._meta.db_table, posted.entry_id

    def measure(self, many: Iterable[Told]) -> Totals:
        found: Totals = {}
        opening = opening_code()
        for told in many:
            amount = Decimal(told["amount"])
            added(found, told["account"], debit=max(amount, ZERO), credit=max(-amount, ZERO), balance=amount)
            added(found, opening, debit=max(-amount, ZERO), credit=max(amount, ZERO), balance=-amount)
        return found

    def made(self, found: Import) -> Totals:
        rows = found.lines.filter(outcome=Outcome.IMPORTED).values("row")
        sums = Line.objects.filter(entry__in=rows).values("account__code").annotate(d=Sum("debit"), c=Sum("credit"))
        return {row["account__code"]: {"debit": row["d"], "credit": row["c"], "balance": row["d"] - row["c"]}
                for row in sums}  # fmt: skip

    def totals(self) -> Totals:
        return {row.code: {"debit": row.debit, "credit": row.credit, "balance": row.debit - row.credit}
                for row in sums_of_accounts()}  # fmt: skip

    def words(self, lines: Iterable[str]) -> dict[str, str]:
        codes = list(lines)
        return {code: code for code in codes} | {row.code: str(row) for row in Account.objects.filter(code__in=codes)}

    def note(self, found: Import) -> str:
        left = from_json(found.totals_after).get(opening_code(), {}).get("balance", ZERO)
        if not left:
            return ""
        return str(_("The account of opening balances stands at %(left)s. It is zero when all balances are in.")) % {
            "left": written(left)
        }


def check_amount(told: Told) -> Decimal:
    """The one amount of a line."""
    given = [name for name in ("amount", "debit", "credit") if told[name]]
    if given != ["amount"]:
        message = _("Expected either amount, debit or credit, found %(found)s.")
        raise BusinessError(message, field="amount", params={"found": ", ".join(given) or "-"})
    if not (amount := Decimal(told["amount"])):
        raise BusinessError(_("Expected an amount that isn't zero."), field="amount")
    return amount


def party_of(number: str, account: Account) -> Party | None:
    """The relation whose open item a line is; only control accounts have one, and they always do."""
    if account.control == Control.NONE:
        if number:
            message = _("Account %(account)s holds no open items, so no relation stands on it.")
            raise BusinessError(message, field="relation", params={"account": account.code})
        return None
    if not number:
        message = _("Account %(account)s holds open items. Expected the number of a relation.")
        raise BusinessError(message, field="relation", params={"account": account.code})
    found = find_relation(number)
    if found is None:
        message = _("Expected a relation that is here, found “%(found)s”. Import the relations first.")
        raise BusinessError(message, field="relation", params={"found": number})
    return found


def opening_code() -> str:
    """The code of the account of opening balances: the company's, or that of the chart with which it will be made."""
    code = Account.objects.filter(role=Role.OPENING).values_list("code", flat=True).first()
    return code or next(account.code for account in COMMON if account.role == Role.OPENING)


BALANCES = register(Balances())
