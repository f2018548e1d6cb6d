"""What was ordered and invoiced, by week and product: read from what the database keeps of each day, and held against
the policies and invoices themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import TruncWeek

from policies.models import DaySum
from products.models import Product

AMOUNTS = ("net", "tax", "fees", "total")


@dataclass(frozen=True, slots=True)
class WeekSum:
    """One product in the week of a Monday: policies ordered, and net premium, tax, fees and total invoiced."""

    week: date
    product: Product
    policies: int
    amounts: Sequence[Decimal]


def sums_of(*, since: date, until: date) -> list[WeekSum]:
    """The sums of a period's days, both counted in; their number doesn't grow with what was sold."""
    rows = (
        DaySum.objects.filter(on__gte=since, on__lte=until)
        .annotate(week=TruncWeek("on"))
        .values("week", "product_id")
        .annotate(sold=Sum("policies"), **{f"{name}_sum": Sum(name) for name in AMOUNTS})
        .order_by("week", "product_id")
        .values_list("week", "product_id", "sold", *(f"{name}_sum" for name in AMOUNTS))
    )
    products = Product.objects.in_bulk()
    return [WeekSum(week, products[product], sold, amounts) for week, product, sold, *amounts in rows]


DIFFERING = """
WITH stands AS (
  SELECT o."on", p.product_id, 1 AS policies, 0.00 AS net, 0.00 AS tax, 0.00 AS fees, 0.00 AS total
  FROM policies_policy p JOIN quotations_order o ON o.id = p.order_id
  UNION ALL
  SELECT i.invoiced_on, p.product_id, 0, i.net, i.tax, i.fees, i.total
  FROM policies_invoice i JOIN policies_policy p ON p.id = i.policy_id
), both_ways AS (
  SELECT "on", product_id, policies, net, tax, fees, total FROM policies_daysum
  UNION ALL SELECT "on", product_id, -policies, -net, -tax, -fees, -total FROM stands
)
SELECT b."on", k.slug, sum(b.policies), sum(b.net), sum(b.tax), sum(b.fees), sum(b.total)
FROM both_ways b JOIN products_product k ON k.id = b.product_id GROUP BY 1, 2
HAVING (sum(b.policies), sum(b.net), sum(b.tax), sum(b.fees), sum(b.total)) <> (0, 0, 0, 0, 0) ORDER BY 1, 2
"""


def differing_sums() -> list[dict[str, Any]]:
    """Days and products of the current company whose sums aren't those of its policies and invoices, with what is kept
    too much (below zero: too little). None, or something is wrong."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERING)
        found = cursor.fetchall()
    heads = ("on", "product", "policies", *AMOUNTS)
    return [dict(zip(heads, map(str, row), strict=True)) for row in found]
