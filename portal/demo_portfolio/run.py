"""A portfolio is drawn and taken over chunk by chunk: each is a transaction of its own, so memory stays flat and an
interrupted run goes on where it ended.
"""

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context

import django

from companies.actor import ROBOT
from companies.doors import Door
from companies.models import Command
from companies.scope import company_scope
from ledger.services import fold
from policies.services.past import take_over
from portal.demo_portfolio.payments import receive
from portal.demo_portfolio.plan import Portfolio, Sellers, chunk
from products.selectors import live_versions
from relations.selectors import appointments_on


@dataclass(frozen=True, slots=True)
class Done:
    """What a chunk became."""

    applications: int
    policies: int
    receipts: int


def run_chunk(portfolio: Portfolio, place: int) -> Done:
    """Take over one chunk with its payments."""
    with company_scope(portfolio.company.pk, door=Door.WORKER, actor=ROBOT):
        sellers = Sellers(list(live_versions()), list(appointments_on(portfolio.first)))
        found = take_over(pasts=chunk(portfolio, place, sellers), company=portfolio.company, actor=ROBOT)
        issued = [each.issued for each in found if each.issued is not None]
        paid = receive(issued, until=portfolio.last, random=portfolio.random(place, "payments"), actor=ROBOT)
    return Done(len(found), len(issued), paid)


def chunks_left(portfolio: Portfolio) -> list[int]:
    """The chunks that aren't there yet."""
    firsts = {portfolio.name(place, 0): place for place in range(portfolio.chunks)}
    with company_scope(portfolio.company.pk, door=Door.WORKER, actor=ROBOT):
        there = set(Command.objects.filter(command_id__in=list(firsts)).values_list("command_id", flat=True))
    return [place for name, place in firsts.items() if name not in there]


def run_all(left: dict[Portfolio, list[int]], *, processes: int) -> Iterator[Done]:
    """All chunks that are left, by several processes; of one company one after the other, since its numbers follow the
    days and its books are locked until a chunk is done.
    """
    left = {portfolio: list(places) for portfolio, places in left.items() if places}
    running: dict[Future[Done], Portfolio] = {}
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=django.setup) as pool:
        try:
            while left or running:
                free = sorted(left.keys() - set(running.values()), key=lambda each: -len(left[each]))
                for portfolio in free[: processes - len(running)]:
                    running[pool.submit(run_chunk, portfolio, left[portfolio].pop(0))] = portfolio
                    left = {each: places for each, places in left.items() if places}
                done, _waiting = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    del running[future]
                    yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def fold_all(portfolio: Portfolio) -> None:
    """The totals of the books, folded at once instead of minute by minute."""
    removed = 1
    while removed:
        with company_scope(portfolio.company.pk, door=Door.WORKER, actor=ROBOT):
            removed = fold()


def portfolio_days(last: date, years: int) -> tuple[date, date]:
    """The days of a portfolio: whole years, and the present one until a day."""
    return date(last.year - years, 1, 1), last
