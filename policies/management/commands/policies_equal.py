"""policies_equal --company C [--json]: policies against their quotations, field by field; 1 names what differs."""

from typing import Any

from companies.management.base import CompanyReport
from companies.models import Company
from policies.equal import differing
from policies.models import Policy

RELATED = (
    "case",
    "adviser",
    "order__quotation__assessment__application__version",
    "order__quotation__assessment__application__adviser",
)


class Command(CompanyReport):
    help = __doc__ or ""

    def report_on(self, company: Company, **options: Any) -> tuple[dict[str, Any], bool]:
        count, found = 0, []
        for policy in Policy.objects.select_related(*RELATED).exclude(order=None).order_by("pk").iterator(500):
            count += 1
            found += [
                {"policy": policy.number, "field": f"{row.chapter}: {row.field}", "quotation": str(row.quoted),
                 "issued": str(row.issued)}
                for row in differing(policy)
            ]  # fmt: skip
        return {"policies": count, "differences": found}, not found
