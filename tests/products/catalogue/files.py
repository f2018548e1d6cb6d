"""The products of the catalogue, read once: their documents, compiled, with their worked cases."""

import json
from datetime import date
from functools import cache
from typing import Any

from products.language import Evaluation, Product, compile_definition, evaluate
from tests.shared import CHECKOUT

CATALOGUE = CHECKOUT / "products" / "catalogue"
KEYS = sorted(path.stem for path in CATALOGUE.glob("*.json"))


@cache
def document(key: str) -> dict[str, Any]:
    """A product's document as it lies in the catalogue."""
    found: dict[str, Any] = json.loads((CATALOGUE / f"{key}.json").read_text(encoding="utf-8"))
    return found


@cache
def product(key: str) -> Product:
    """A product of the catalogue, compiled."""
    return compile_definition(document(key))


def case(key: str, case_id: str) -> dict[str, Any]:
    """One worked case of a product."""
    found: dict[str, Any] = next(row for row in document(key)["cases"] if row["id"] == case_id)
    return found


def priced(key: str, as_of: str, answers: dict[str, Any], plan: str | None = None) -> Evaluation:
    """A product evaluated on a day."""
    return evaluate(product(key), date.fromisoformat(as_of), answers, plan)


def accepted(key: str) -> list[dict[str, Any]]:
    """The worked cases that are accepted: those that become a quotation with its papers."""
    return [row for row in document(key)["cases"] if row["expected"].get("decision") == "accept"]
