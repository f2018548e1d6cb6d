"""figures_equal --company C [--json]: the sums that figures are read from against policies and invoices; 1 names what
differs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from companies.actor import ROBOT
from companies.doors import Door
from companies.management.base import ReportCommand
from companies.models import Company
from companies.scope import company_scope
from policies.models import DaySum
from policies.sums import differing_sums


class Command(ReportCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--company", required=True, metavar="SLUG", help="the company's slug")

    def report(self, **options: Any) -> tuple[dict[str, Any], bool]:
        company = Company.objects.filter(slug=options["company"]).first()
        if company is None:
            raise CommandError(f"Expected the slug of a company, found {options['company']!r}.", returncode=2)
        with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
            days, found = DaySum.objects.values("on").distinct().count(), differing_sums()
        return {"days": days, "differences": found}, not found
