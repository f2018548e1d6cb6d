"""Households of invented people, drawn by a seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from common.text import fold
from portal.demo_portfolio.names import NAMES

SIZES = ((1, 38), (2, 34), (3, 12), (4, 16))  # of households, with their weights
YOUNGEST, OLDEST = 19, 84


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person as he fills in an application, in a household."""

    details: dict[str, Any]
    household: int


def households(random: Random, *, country: str, count: int, on: date, mark: str) -> list[list[Somebody]]:
    """So many households of adults; `mark` stands in every e-mail address, so that no two draws share one."""
    return [list(household(random, country=country, place=place, on=on, mark=mark)) for place in range(count)]


def household(random: Random, *, country: str, place: int, on: date, mark: str) -> Iterator[Somebody]:
    """People who live together: partners of a similar age, and grown children."""
    names = NAMES[country]
    town, postcode = random.choice(names["towns"])
    address = {
        "street": random.choice(names["streets"]),
        "house_number": str(random.randint(1, 240)),
        "postcode": "".join(random.choice(DRAWN[sign]) if sign in DRAWN else sign for sign in postcode),
        "city": town,
        "country": country,
    }
    family = random.choice(names["families"])
    age = random.randint(24, OLDEST)
    (size,) = random.choices([size for size, _weight in SIZES], [weight for _size, weight in SIZES])
    for member in range(size):
        years = age + random.randint(-6, 6) if member < 2 else age - random.randint(24, 34)
        if years < YOUNGEST:
            continue
        given = random.choice(names["given"])
        born = on - timedelta(days=min(max(years, YOUNGEST), OLDEST) * 365 + random.randint(1, 364))
        local = fold(f"{given}.{family}").replace(" ", "").replace("'", "")
        yield Somebody(
            {
                "kind": "person",
                "given_names": given,
                "name": family if member != 1 or random.random() < 0.6 else random.choice(names["families"]),
                "birth_date": born.isoformat(),
                "email": f"{local}.{mark}{place}{'abcdefgh'[member]}@portfolio.example",
                "phone": "",
                "address": address,
            },
            place,
        )


DRAWN = {"#": "0123456789", "X": "ABCDEFGHJKLMNPRSTUVWXZ"}  # signs of a postcode that are drawn
