"""Fills a demo with a portfolio of several years, through the services of an order, in bulk."""

import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from companies.actor import ROBOT
from companies.clock import today
from companies.doors import Door
from companies.models import Company
from companies.scope import company_scope
from portal.demo_companies import YEARS
from portal.demo_portfolio.advisers import appoint_advisers
from portal.demo_portfolio.plan import Portfolio
from portal.demo_portfolio.run import chunks_left, fold_all, portfolio_days, run_all
from relations.models import Party

SHARES = {"duinbaken": 45, "lindenquell": 25, "schutsluis": 15, "bluestem": 15}  # percent of the policies
EVERY = 3.0  # seconds between two lines of progress


class Command(BaseCommand):
    help = (
        "Fills the demo with so many policies of several years, with their customers, advisers, invoices, entries and "
        "payments. Interrupted, the same command goes on where it ended. No papers are made and no mails sent."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", type=int, help="how many policies")
        parser.add_argument("--seed", type=int, default=1, help="another seed draws other people and contracts")
        parser.add_argument("--processes", type=int, default=2, help="how many processes work (default 2)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("A portfolio is for a demo only: POLISDESK_DEMO isn't set.", returncode=2)
        if options["count"] < 1:
            raise CommandError(f"Expected at least one policy, found {options['count']}.", returncode=2)
        portfolios = drawn(options["count"], options["seed"])
        left = {portfolio: chunks_left(portfolio) for portfolio in portfolios}
        check_first(left)
        for portfolio in portfolios:
            appoint_advisers(portfolio)
        fill(left, count=options["count"], processes=options["processes"])
        for portfolio in portfolios:
            fold_all(portfolio)


def drawn(count: int, seed: int) -> list[Portfolio]:
    """The portfolio of each company that sells, by its share."""
    portfolios, given = [], 0
    for slug, share in SHARES.items():
        company = Company.objects.get(slug=slug)
        first, last = portfolio_days(today(company), YEARS)
        number = count * share // 100 if slug != "bluestem" else count - given
        given += number
        portfolios.append(Portfolio(company, number, first, last, seed))
    return [portfolio for portfolio in portfolios if portfolio.count]


def check_first(left: dict[Portfolio, list[int]]) -> None:
    """A portfolio of another size isn't mixed with one that is there."""
    for portfolio, places in left.items():
        with company_scope(portfolio.company.pk, door=Door.WORKER, actor=ROBOT):
            another = Party.objects.filter(email__endswith="@portfolio.example").exclude(email__contains=".v").exists()
        if len(places) == portfolio.chunks and another:
            raise CommandError(
                "Another portfolio is here already. Begin again with bin/demo --fresh --policies N.", returncode=2
            )


def fill(left: dict[Portfolio, list[int]], *, count: int, processes: int) -> None:
    """Take over what is left, with a line of progress each some seconds."""
    began = told = time.monotonic()
    there = count - sum(portfolio.size(place) for portfolio, places in left.items() for place in places)
    start = there
    try:
        for done in run_all(left, processes=processes):
            there += done.policies
            if time.monotonic() - told >= EVERY or there == count:
                told = time.monotonic()
                say(f"{there:,} of {count:,} policies, {(there - start) / (told - began):.0f} a second")
    except KeyboardInterrupt:
        say(f"Interrupted with {there:,} of {count:,} policies; the same command goes on from there.")
        raise CommandError("Interrupted.", returncode=130) from None


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
