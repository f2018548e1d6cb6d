import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from companies.actor import ROBOT
from companies.doors import Door
from companies.models import Company
from companies.scope import company_scope
from ledger.verify import Verdict, verify_ledger


class Command(BaseCommand):
    help = "Recompute a company's books from their lines: balance, sub-ledgers, totals and the chain of seals."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--company", required=True, metavar="SLUG", help="the company's slug")
        parser.add_argument("--json", action="store_true", help="print exactly one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["company"]
        company = Company.objects.filter(slug=slug).first()
        if company is None:
            raise CommandError(f"Expected the slug of a company, found {slug!r}.", returncode=2)
        with company_scope(company.pk, door=Door.WORKER, actor=ROBOT):
            verdict = verify_ledger()
        self.stdout.write(json.dumps(verdict.told()) if options["json"] else "\n".join(sentences(verdict)))
        if not verdict.ok:
            raise SystemExit(1)


def sentences(verdict: Verdict) -> list[str]:
    """The verdict for a reader at a terminal."""
    mark = {True: "yes", False: "NO"}
    lines = [
        f"Entries: {verdict.entries}",
        f"All balanced and complete: {mark[verdict.balanced]}",
        f"Sub-ledgers equal their control accounts: {mark[verdict.subledgers_agree]}",
        f"Totals equal the sums of the lines: {mark[verdict.totals_agree]}",
        f"Chain of seals whole: {mark[verdict.chain_ok]}",
    ]
    return [*lines, f"First broken: {verdict.first_broken}"] if verdict.first_broken else lines
