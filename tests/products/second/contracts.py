"""Other contracts that come with the answers: three facts each, else an error at its path."""

from typing import Any

from tests.products.second.stored import keepable, read

FACTS = {"product": "text", "line_of_business": "text", "valid_from": "date"}
MOST = 200


def read_contracts(contracts: list[Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """The contracts as records, and the paths of those that aren't right."""
    if len(contracts) > MOST:
        return [], ["contracts"]
    found: list[dict[str, Any]] = []
    errors: list[str] = []
    for index, row in enumerate(contracts):
        if not isinstance(row, dict) or set(row) != set(FACTS):
            errors.append(f"contracts[{index}]")
            continue
        values = {fact: fact_of(kind, row[fact]) for fact, kind in FACTS.items()}
        errors += [f"contracts[{index}].{fact}" for fact, value in values.items() if value is None]
        found.append(values)
    return found, errors


def fact_of(kind: str, value: Any) -> Any:
    """A day, or a text of one character at least that can be kept; None where it isn't."""
    if kind == "date":
        return read({"type": kind}, value)
    return value if isinstance(value, str) and value and keepable(value) else None
