"""Commands print for people, or with --json exactly one JSON object; exit 0 done, 1 findings, 2 wrong use (DESIGN
section 7).
"""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from companies.actor import ROBOT
from companies.doors import Door
from companies.models import Company
from companies.scope import company_scope

LARGEST_FILE = 5_000_000


class ReportCommand(BaseCommand):
    """A command that answers with one report; `report()` gives it and whether it's without findings."""

    requires_system_checks: list[str] = []  # noqa: RUF012 as Django declares it

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print exactly one JSON object")

    def report(self, **options: Any) -> tuple[dict[str, Any], bool]:
        raise NotImplementedError(f"{type(self).__module__} has no report")

    def handle(self, *args: Any, **options: Any) -> None:
        found, well = self.report(**options)
        text = json.dumps(found, ensure_ascii=False, indent=None if options["json"] else 2)
        self.stdout.write(text)
        if not well:
            sys.exit(1)


class CompanyReport(ReportCommand):
    """A report on the company that --company names; `report_on` makes it, inside that company, as a worker would."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--company", required=True, metavar="SLUG", help="the company's slug")

    def report(self, **options: Any) -> tuple[dict[str, Any], bool]:
        slug = options.pop("company")
        company = Company.objects.filter(slug=slug).first()
        if company is None:
            raise CommandError(f"Expected the slug of a company, found {slug!r}.", returncode=2)
        with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
            return self.report_on(company, **options)

    def report_on(self, company: Company, **options: Any) -> tuple[dict[str, Any], bool]:
        raise NotImplementedError(f"{type(self).__module__} has no report")


def read_text(path: str) -> str:
    """The text of a file; one that is missing, too large or not UTF-8 ends the command with 2."""
    file = Path(path)
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise CommandError(
                f"{path}: expected at most {LARGEST_FILE} bytes, found {file.stat().st_size}.", returncode=2
            )
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} can't be read: {error}.", returncode=2) from None
