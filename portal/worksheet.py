"""How a premium came to be, as the rows of a worksheet: step, on, rate, because, result (LANGUAGE, principle 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from common.formats import country_name, day, number
from quotations.offer import Offer, amount, spoken


@dataclass(frozen=True, slots=True)
class Row:
    """One line: `kind` is empty, "sub", "sum" or "total"; amounts in the company's currency."""

    step: str
    result: Decimal | None
    on: Decimal | None = None
    rate: str = ""
    because: str = ""
    kind: str = ""


def worksheet(offer: Offer, *, sections: Mapping[str, str], language: str) -> list[Row]:
    """The premium's components, net sum, fees, taxes, rounding and the total a customer pays on the offer's plan."""
    how = {row["key"]: spoken(row["how"], language) for row in offer.premium["steps"]}
    rows = [priced(row, how, sections, language) for row in offer.components("premium")]
    rows.append(Row(_("Net premium"), offer.net, kind="sum"))
    rows += [priced(row, how, sections, language) for row in offer.components("fee")]
    rows += [taxed(row, language) for row in offer.premium["tax_lines"]]
    if rounding := amount(offer.premium["rounding"]):
        rows.append(Row(_("Rounding"), rounding))
    if plan_fees := amount(offer.chosen["fees"]):
        rows.append(
            Row(_("Costs of paying in instalments"), plan_fees, because=spoken(offer.chosen["names"], language))
        )
    return [*rows, Row(_("Total"), offer.total, kind="total")]


def priced(row: Mapping[str, Any], how: Mapping[str, str], sections: Mapping[str, str], language: str) -> Row:
    """A component of the price under its section's name; one that was taken over has a name of its own."""
    key = str(row["key"])
    because = how.get(key, "")
    return Row(
        step=spoken(row.get("names"), language)
        or sections.get(row["section"] or "")
        or key.replace("_", " ").capitalize(),
        result=amount(row["amount"]),
        on=amount(row["base"]) if row["base"] else None,
        rate=percent_text(row["rate"]),
        because=because,
    )


def taxed(row: Mapping[str, Any], language: str) -> Row:
    """A tax line with its base, its rate, and why this rate; of one that was taken over only the old system knows."""
    values = {"country": country_name(row["country"], language), "day": day(date.fromisoformat(row["due_on"]))}
    return Row(
        step=_("Insurance tax"),
        result=amount(row["amount"]),
        on=amount(row["base"]),
        rate=percent_text(row["rate"]),
        because=spoken(row.get("how"), language) or _("%(country)s, by the due date %(day)s") % values,
    )


def percent_text(rate: Any) -> str:
    """A rate in percent as a cell: 1.375 %."""
    return f"{number(Decimal(str(rate)))}\u00a0%" if rate not in (None, "") else ""
