"""Figures of the business: policies sold by product and week, premium by line of business."""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import TruncWeek
from django.utils.translation import get_language
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from common import formats
from common.charts import Bar
from companies.figures import Figure, FiguresView, week_of
from companies.models import PartCode, Right
from policies.models import Invoice, Policy
from products.lines import line_name
from products.models import Product


def sold(*, since: date, until: date) -> dict[date, Counter[str]]:
    """Policies ordered on days of a period, by the Monday of their week and by product."""
    language = (get_language() or "en")[:2]
    rows = (
        Policy.objects.filter(order__on__gte=since, order__on__lte=until)
        .annotate(week=TruncWeek("order__on"))
        .values("week", "product_id")
        .annotate(count=Count("pk"))
        .values_list("week", "product_id", "count")
    )
    products = Product.objects.in_bulk()
    weeks: dict[date, Counter[str]] = defaultdict(Counter)
    for week, product, count in rows:
        names = products[product].names
        weeks[week][names.get(language) or names.get("en") or products[product].slug] += count
    return dict(sorted(weeks.items()))


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


def premium_by_line(*, since: date, until: date) -> Figure:
    """Net premium, insurance tax and fees invoiced in a period, by line of business, most premium first."""
    rows = (
        Invoice.objects.filter(invoiced_on__gte=since, invoiced_on__lte=until)
        .values("policy__product_id")
        .annotate(net=Sum("net"), tax=Sum("tax"), fees=Sum("fees"), total=Sum("total"))
        .values_list("policy__product_id", "net", "tax", "fees", "total")
    )
    line_of = dict(Product.objects.values_list("pk", "line_of_business"))
    lines: dict[str, list[Decimal]] = {}
    for product, *sums in rows:
        line = lines.setdefault(line_of[product], [Decimal(0)] * 4)
        line[:] = [so_far + more for so_far, more in zip(line, sums, strict=True)]
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
        weeks = sold(since=since, until=until)
        return [sales_by_product(weeks), sales_by_week(weeks), premium_by_line(since=since, until=until)]
