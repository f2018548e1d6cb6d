"""Open items by age: how much of what is to be received is late, and how long."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from common import formats
from common.charts import Bar
from companies.figures import Figure, FiguresView
from companies.models import PartCode, Right
from ledger.selectors.ages import Age, open_by_age

BANDS = [_("Not due yet"), _("1 to 30 days late"), _("31 to 60 days late"), _("61 to 90 days late"),
         _("More than 90 days late")]  # fmt: skip


def ages(found: list[Age]) -> Figure:
    """All five ages, also those in which nothing is open; none at all where nothing is."""
    by_band = {age.band: age for age in found}
    empty = Age(0, 0, Decimal("0.00"))
    rows: list[Any] = [
        (name, by_band.get(band, empty).items, by_band.get(band, empty).amount) for band, name in enumerate(BANDS)
    ]
    return Figure(
        key="open-items-by-age",
        question=_("How much is open, and how late is it?"),
        total=formats.amount(sum((age.amount for age in found), Decimal(0))),
        heads=[_("Age"), _("Open items"), _("Open")],
        rows=rows if found else [],
        bars=[Bar(str(row[0]), [row[2]]) for row in rows] if found else [],
        write=formats.amount,
    )


class AgesView(FiguresView):
    """Open items of all debtors by age, as of today; for who may view debtors."""

    right = (PartCode.DEBTORS, Right.VIEW)
    template_name = "ledger/ages.html"

    @property
    def on(self) -> date:
        day: date = self.today
        return day

    def figures(self) -> list[Figure]:
        return [ages(open_by_age(on=self.on, actor=self.actor))]
