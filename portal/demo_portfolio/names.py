"""Names, streets and towns that invented people are made of, by country. A # and an X in a postcode are drawn."""

import json
from pathlib import Path
from typing import TypedDict


class Names(TypedDict):
    """What people of a country are called and where they live."""

    given: list[str]
    families: list[str]
    streets: list[str]
    towns: list[list[str]]  # with the pattern of its postcodes


NAMES: dict[str, Names] = json.loads(Path(__file__).with_name("names.json").read_text(encoding="utf-8"))
