"""policies_equal --company C [--json]: policies against their quotations, field by field; 1 names what differs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from companies.actor import ROBOT
from companies.doors import Door
from companies.management.base import ReportCommand
from companies.models import Company
from companies.scope import company_scope
from policies.equal import differing
from policies.models import Policy

RELATED = (
    "case",
    "adviser",
    "order__quotation__assessment__application__version",
    "order__quotation__assessment__application__adviser",
)


class Command(ReportCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--company", required=True, metavar="SLUG", help="the company's slug")

    def report(self, **options: Any) -> tuple[dict[str, Any], bool]:
        company = Company.objects.filter(slug=options["company"]).first()
        if company is None:
            raise CommandError(f"Expected the slug of a company, found {options['company']!r}.", returncode=2)
        count, found = 0, []
        with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
            for policy in Policy.objects.select_related(*RELATED).exclude(order=None).order_by("pk").iterator(500):
                count += 1
                found += [
                    {"policy": policy.number, "field": f"{row.chapter}: {row.field}", "quotation": str(row.quoted),
                     "issued": str(row.issued)}
                    for row in differing(policy)
                ]  # fmt: skip
        return {"policies": count, "differences": found}, not found
