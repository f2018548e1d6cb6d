"""Figures of the business: policies sold by product and week, premium by line of business."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from common import formats
from common.charts import Bar
from companies.figures import Figure, FiguresView, week_of
from companies.models import PartCode, Right
from policies.sums import WeekSum, sums_of
from products.lines import line_name


def sold(sums: Sequence[WeekSum]) -> dict[date, Counter[str]]:
    """Policies ordered, by the Monday of their week and by product, weeks in their order."""
    language = (get_language() or "en")[:2]
    weeks: dict[date, Counter[str]] = defaultdict(Counter)
    for each in sums:
        if each.policies:
            weeks[each.week][each.product.name(language)] += each.policies
    return dict(weeks)


def sales_by_product(weeks: dict[date, Counter[str]]) -> Figure:
    """How many of each product, best first."""
    sums = sum(weeks.values(), Counter[str]())
    rows = sums.most_common()
    return Figure(
        key="sales-by-product",
        question=_("How many policies were sold of each product?"),
        total=formats.number(sums.total()),
        heads=[_("Product"), _("Policies")],
        rows=rows,
        bars=[Bar(name, [count]) for name, count in rows],
    )


def sales_by_week(weeks: dict[date, Counter[str]]) -> Figure:
    """How many in each week that sold something; the best product in the first voice, the others in the second."""
    sums = sum(weeks.values(), Counter[str]())
    products = [name for name, _count in sums.most_common()]
    best = products[0] if products else ""
    return Figure(
        key="sales-by-week",
        question=_("How many policies were sold each week?"),
        total=formats.number(sums.total()),
        heads=[_("Week"), *products, _("Policies")],
        rows=[
            (week_of(week), *(counts[name] for name in products), counts.total())
            for week, counts in sorted(weeks.items())
        ],
        bars=[
            Bar(week_of(week), [counts[best], counts.total() - counts[best]]) for week, counts in sorted(weeks.items())
        ],
        parts=[best, now("all others")] if len(products) > 1 else (),
    )


def premium_by_line(sums: Sequence[WeekSum]) -> Figure:
    """Net premium, insurance tax and fees invoiced, by line of business, most premium first."""
    lines: dict[str, list[Decimal]] = {}
    for each in sums:
        if any(each.amounts):
            line = lines.setdefault(each.product.line_of_business, [Decimal(0)] * 4)
            line[:] = [so_far + more for so_far, more in zip(line, each.amounts, strict=True)]
    found: list[Any] = [(line_name(key), *sums) for key, sums in sorted(lines.items(), key=lambda line: -line[1][0])]
    return Figure(
        key="premium-by-line",
        question=_("How much premium was invoiced in each line of business?"),
        total=formats.amount(sum((row[1] for row in found), Decimal(0))),
        heads=[_("Line of business"), _("Net"), _("Tax"), _("Fees"), _("Total")],
        rows=found,
        bars=[Bar(row[0], [max(row[1], Decimal(0))]) for row in found],
        write=formats.amount,
    )


class PolicyFiguresView(FiguresView):
    """Sales by product and week, premium by line; for who may view policies."""

    right = (PartCode.POLICIES, Right.VIEW)
    template_name = "policies/figures.html"

    def figures(self) -> list[Figure]:
        since, until = self.period
        sums = sums_of(since=since, until=until)
        weeks = sold(sums)
        return [sales_by_product(weeks), sales_by_week(weeks), premium_by_line(sums)]
