"""What the page of a case offers once its quotation is ordered. The rooms above know it; they register who tells it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Offered:
    """Something the customer may do with his contract: a heading, a sentence, and the link's words and address."""

    title: str
    text: str
    act: str
    url: str


Teller = Callable[[Any], Offered | None]  # of the page that asks
TELLERS: list[Teller] = []


def offers_after_order(teller: Teller) -> Teller:
    """Register what may be offered behind a customer's link after his order; None where it isn't for him."""
    TELLERS.append(teller)
    return teller


def offered_to(page: Any) -> list[Offered]:
    """All that is offered on a page of an ordered case."""
    return [found for teller in TELLERS if (found := teller(page)) is not None]
