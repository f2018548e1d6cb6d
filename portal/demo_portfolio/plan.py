"""What each chunk of a portfolio holds, drawn anew by company, seed and place: a chunk is the same whenever it is
drawn, so an interrupted run goes on where it ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import cycle
from random import Random
from uuid import UUID, uuid5

from companies.models import Company
from policies.services.past import Past
from portal.demo_portfolio.answers import draw
from portal.demo_portfolio.people import Somebody, households
from products.language import Evaluation
from products.models import ProductVersion
from products.selectors import compiled
from relations.models import Appointment

CHUNK = 250  # policies of one transaction
SPACE = UUID("7b0e4d0e-6a5c-4c39-9a3e-0f6d2f0c5d11")
REFUSED, REFERRED, FORGOTTEN = 0.03, 0.08, 0.04  # for each policy: declined; with an acceptor; never ordered
DESK = timedelta(days=10)  # what an acceptor has not decided yet is no older
ORDERED_AFTER = (0, 0, 0, 1, 1, 2, 3, 5, 8, 12)  # days
BY_ADVISER, AGAIN, OTHER_PLAN = 0.45, 0.3, 0.4


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Contracts of one company: how many policies, over which days, by which seed."""

    company: Company
    count: int
    first: date
    last: date  # half open
    seed: int

    @property
    def chunks(self) -> int:
        return -(-self.count // CHUNK)

    def size(self, place: int) -> int:
        """How many policies a chunk holds."""
        return min(CHUNK, self.count - place * CHUNK)

    def name(self, place: int, row: int) -> UUID:
        """The id of one application's command, by which it is there once."""
        return uuid5(SPACE, f"{self.company.pk}:{self.seed}:{self.count}:{place}:{row}")

    def random(self, place: int, what: str) -> Random:
        return Random(f"{self.company.slug}:{self.seed}:{place}:{what}")  # noqa: S311 (a demo, drawn the same each time)

    def day(self, number: int) -> date:
        """The day of an application: business grows, so the later years have more of them."""
        share = ((number + 0.5) / self.count) ** 0.75
        return self.first + timedelta(days=int(share * (self.last - self.first).days))


@dataclass(frozen=True, slots=True)
class Sellers:
    """What a company sells, and who may sell it beside itself."""

    versions: Sequence[ProductVersion]
    advisers: Sequence[Appointment]


@lru_cache(maxsize=8)
def people(portfolio: Portfolio, place: int) -> tuple[Somebody, ...]:
    """The people of a chunk, who may come back in a later one."""
    drawn = households(
        portfolio.random(place, "people"), country=portfolio.company.country, count=CHUNK,
        on=portfolio.day(place * CHUNK), mark=f"{place:x}x",
    )  # fmt: skip
    return tuple(member for household in drawn for member in household)


def chunk(portfolio: Portfolio, place: int, sellers: Sellers) -> list[Past]:
    """The applications of a chunk, in the order of their days: each that became a policy, and some beside it."""
    random = portfolio.random(place, "contracts")
    waiting = cycle(people(portfolio, place))
    drawn: list[Past] = []
    for row in range(portfolio.size(place)):
        on = portfolio.day(place * CHUNK + row)
        outcome = beside(random, recent=portfolio.last - on <= DESK)
        if outcome is not None:
            drawn += application(
                portfolio.name(place, CHUNK + row), on, outcome, next(waiting), sellers, portfolio, random
            )
        back = place > 0 and random.random() < AGAIN
        who = random.choice(people(portfolio, random.randrange(place))) if back else next(waiting)
        made = application(portfolio.name(place, row), on, "accept", who, sellers, portfolio, random)
        if not made:
            raise ValueError(f"Expected a product of {portfolio.company.slug} that is rated on {on}, found none.")
        ordered_on = min(on + timedelta(days=random.choice(ORDERED_AFTER)), portfolio.last - timedelta(days=1))
        drawn += [replace(each, ordered_on=ordered_on) for each in made]
    return drawn


def application(
    name: UUID, on: date, outcome: str, who: Somebody, sellers: Sellers, portfolio: Portfolio, random: Random
) -> list[Past]:
    """One application, for a product that is sold and comes out so on its day; none where there is no such product."""
    for version in random.sample(list(sellers.versions), len(sellers.versions)):
        found = draw(compiled(version), on=on, decision=outcome, random=random)
        if found is None:
            continue
        answers, evaluation = found
        advised = sellers.advisers and random.random() < BY_ADVISER
        return [
            Past(
                command_id=name,
                version=version,
                answers=answers,
                parties={"policyholder": who.details},
                language=portfolio.company.language,
                applied_on=on,
                plan=plan_of(evaluation, random),
                adviser=random.choice(sellers.advisers).party if advised else None,
            )
        ]
    return []


def plan_of(evaluation: Evaluation, random: Random) -> str | None:
    """The plan that is ordered: mostly the one that was asked for."""
    allowed = [plan.plan for plan in evaluation.plans if plan.allowed]
    return random.choice(allowed) if allowed and random.random() < OTHER_PLAN else None


def beside(random: Random, *, recent: bool) -> str | None:
    """How an application comes out that didn't become a policy; one that waits for a person is of the last days."""
    drawn = random.random()
    if drawn < REFUSED:
        return "decline"
    if recent and drawn < REFUSED + REFERRED:
        return "refer"
    return "accept" if drawn > 1 - FORGOTTEN else None
