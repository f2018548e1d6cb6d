"""figures_equal --company C [--json]: the sums that figures are read from against policies and invoices; 1 names what
differs."""

from typing import Any

from companies.management.base import CompanyReport
from companies.models import Company
from policies.models import DaySum
from policies.sums import differing_sums


class Command(CompanyReport):
    help = __doc__ or ""

    def report_on(self, company: Company, **options: Any) -> tuple[dict[str, Any], bool]:
        days, found = DaySum.objects.values("on").distinct().count(), differing_sums()
        return {"days": days, "differences": found}, not found
