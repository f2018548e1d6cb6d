"""Lines as rooms write them, before they are posted: `debit(Role.DEBTORS, gross, party=...)`, `credit(Role.PREMIUM,
net)`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.utils.translation import gettext_lazy as _

from common import formats
from common.errors import BusinessError
from common.money import cents
from ledger.roles import Role

Instalments = Iterable[tuple[date, Decimal]]


class Dimensions(TypedDict, total=False):
    """What a line may carry beside its account; things are given as rows or as their ids (DESIGN section 6)."""

    party: Any
    case: Any
    invoice: Any
    product: Any
    section: Any
    insurer: Any
    appointment: Any
    line_of_business: str | None
    tax_code: str | None
    tax_country: str | None
    due_date: date | None
    value_date: date | None
    cost_centre: str | None


REFERENCES = ("party", "case", "invoice", "product", "section", "insurer", "appointment")


@dataclass(frozen=True, slots=True)
class Draft:
    """One line to be: `account` is a role or the code of an account; the items' amounts are signed, debit positive."""

    account: Role | str
    debit: Decimal
    credit: Decimal
    items: tuple[tuple[date, Decimal], ...] | None = None
    dimensions: Mapping[str, Any] = field(default_factory=dict)

    @property
    def signed(self) -> Decimal:
        """The amount with its side: a debit is positive, a credit negative."""
        return self.debit - self.credit

    def told(self) -> dict[str, Any]:
        """As sec.post reads it; also what the fingerprint is taken of."""
        row: dict[str, Any] = {"role" if isinstance(self.account, Role) else "account": str(self.account)}
        row |= {"debit": str(self.debit), "credit": str(self.credit)}
        for name, value in self.dimensions.items():
            if value is not None:
                row[f"{name}_id" if name in REFERENCES else name] = (
                    value.isoformat() if isinstance(value, date) else value
                )
        if self.items is not None:
            row["items"] = [[due.isoformat(), str(amount)] for due, amount in self.items]
        return row


def debit(
    account: Role | str, amount: Decimal, *, open_items: Instalments | None = None, **dimensions: Unpack[Dimensions]
) -> Draft:
    """A debit line. A negative amount stands on the other side, so that a credit note is its invoice with minus
    amounts.

    `open_items` are the instalments (day, amount) of a line on a control account and sum to it; without them the
    line is
    one item, due on its due_date or the day of booking. Instalments and lines of nothing are left out.
    """
    return _draft(account, cents(amount), open_items, dimensions, sign=1)


def credit(
    account: Role | str, amount: Decimal, *, open_items: Instalments | None = None, **dimensions: Unpack[Dimensions]
) -> Draft:
    """A credit line, else as `debit`."""
    return _draft(account, cents(amount), open_items, dimensions, sign=-1)


def _draft(
    account: Role | str, amount: Decimal, open_items: Instalments | None, dimensions: Mapping[str, Any], *, sign: int
) -> Draft:
    items = None
    if open_items is not None:
        items = tuple((due, sign * cents(part)) for due, part in open_items if cents(part))
        _check_items(account, sign * amount, items)
    return place(account, sign * amount, items or None, {name: _plain(name, dimensions[name]) for name in dimensions})


def place(
    account: Role | str, signed: Decimal, items: tuple[tuple[date, Decimal], ...] | None, dimensions: Mapping[str, Any]
) -> Draft:
    """A draft of a signed amount on the side where it is positive."""
    nothing = Decimal("0.00")
    return Draft(account, max(signed, nothing), max(-signed, nothing), items, dimensions)


def _plain(name: str, value: Any) -> Any:
    return getattr(value, "pk", value) if name in REFERENCES else value


def _check_items(account: Role | str, signed: Decimal, items: tuple[tuple[date, Decimal], ...]) -> None:
    total = sum((amount for _due, amount in items), Decimal("0.00"))
    if total != signed:
        raise BusinessError(
            _("Expected the instalments on %(account)s to sum to %(expected)s, found %(found)s."),
            code="items_differ",
            params={
                "account": str(account),
                "expected": formats.amount(abs(signed)),
                "found": formats.amount(abs(total)),
            },
        )
