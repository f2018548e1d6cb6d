"""Products for tests: the small example of docs/products.md, and ways to change it."""

from __future__ import annotations

import copy
import json
import re
from functools import cache
from typing import Any

from products.language import check
from tests.shared import CHECKOUT

PAGE = CHECKOUT / "docs" / "products.md"
ANSWERS = {"start_date": "2027-02-01", "value": "1250", "postcode": "8011", "electric": False, "lock": "chain"}
TRAILER = CHECKOUT / "products" / "catalogue" / "nl-horse-trailer.json"
PLANS_TEST = CHECKOUT / "tests" / "products" / "plans-test.json"


@cache
def _blocks() -> list[tuple[str, Any]]:
    found = re.findall(r"^```json (\S+)\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [(label, json.loads(text)) for label, text in found]


def example() -> dict[str, Any]:
    """The complete small example of the page."""
    return copy.deepcopy(next(block for label, block in _blocks() if label == "example"))


def fragments() -> list[list[tuple[str, dict[str, Any]]]]:
    """The page's fragments: parts with the list to which each is added (`add=tables+computed` adds one to each)."""
    return [
        list(zip(label.removeprefix("add=").split("+"), block if isinstance(block, list) else [block], strict=True))
        for label, block in copy.deepcopy(_blocks())
        if label != "example"
    ]


def fragment(*keys: str, document: dict[str, Any] | None = None) -> dict[str, Any]:
    """The example (without cases) with the fragments whose first part has one of these keys."""
    document = example() if document is None else document
    for parts in fragments():
        if parts[0][1]["key"] in keys:
            for path, part in parts:
                added(path, part, document)
                if path == "rating.steps":  # the total stays last
                    steps = document["rating"]["steps"]
                    steps.append(steps.pop(-2))
    return document


def at(document: Any, path: str) -> Any:
    """The part of a document at a dotted path; numbers are places in lists."""
    for part in path.split("."):
        document = document[int(part)] if part.isdigit() else document[part]
    return document


def changed(path: str, value: Any, document: dict[str, Any] | None = None) -> dict[str, Any]:
    """The example (without cases) with another value at a path; `...` removes it."""
    document = example() if document is None else document
    document["cases"] = []
    head, _, last = path.rpartition(".")
    parent = at(document, head) if head else document
    key: Any = int(last) if isinstance(parent, list) else last
    if value is ...:
        del parent[key]
    else:
        parent[key] = value
    return document


def added(path: str, value: Any, document: dict[str, Any] | None = None) -> dict[str, Any]:
    """The example (without cases) with one more entry in a list."""
    document = example() if document is None else document
    document["cases"] = []
    head, _, last = path.rpartition(".")
    (at(document, head) if head else document).setdefault(last, []).append(value)
    return document


def errors(document: Any) -> dict[str, str]:
    """Path to message of everything that is wrong."""
    return {error["path"]: error["message"] for error in check(document)["errors"]}
