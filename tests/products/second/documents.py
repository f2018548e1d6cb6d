"""The documents that are compared: the catalogue, and the page's example with all its fragments."""

import json
import re
from typing import Any

from tests.shared import CHECKOUT

Json = dict[str, Any]
PAGE = CHECKOUT / "docs" / "products.md"


def catalogue() -> dict[str, Json]:
    """The products of the catalogue by key."""
    paths = sorted((CHECKOUT / "products" / "catalogue").glob("*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}


def documents() -> dict[str, Json]:
    """The catalogue and the page's documents."""
    return {**catalogue(), "bicycle": example(), "bicycle-whole": whole_page()}


def example() -> Json:
    """The page's small product."""
    found: Json = json.loads(
        re.findall(r"^```json example\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)[0]
    )
    return found


def whole_page() -> Json:
    """The small product with every fragment of the page."""
    document = example()
    fragments = re.findall(r"^```json add=(\S+)\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    for places, text in fragments:
        parts = json.loads(text)
        for place, part in zip(places.split("+"), parts if isinstance(parts, list) else [parts], strict=True):
            add(document, place, part)
    return document


def add(document: Json, place: str, part: Json) -> None:
    """Put a part at the end of its list; a step before the total."""
    *above, name = place.split(".")
    for key in above:
        document = document[key]
    rows = document.setdefault(name, [])
    rows.insert(len(rows) - 1 if name == "steps" else len(rows), part)
