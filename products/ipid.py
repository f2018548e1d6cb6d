"""The lines of a product's information document under the nine headings."""

from collections.abc import Mapping, Sequence
from typing import Any

from documents.rendering.contents import IpidGroup
from products.words import told


def ipid_lines(rows: Sequence[Mapping[str, Any]], language: str) -> dict[str, Any]:
    """The lines of an evaluation under the nine headings, as the information document takes them."""

    def lines(heading: str) -> tuple[str, ...]:
        return tuple(told(row["text"], language) for row in rows if row["heading"] == heading and not optional(row))

    def groups(heading: str) -> tuple[IpidGroup, ...]:
        found: dict[str, list[str]] = {}
        for row in rows:
            if row["heading"] == heading and not optional(row):
                found.setdefault(told(row["group"], language), []).append(told(row["text"], language))
        return tuple(IpidGroup(title=title, items=tuple(items)) for title, items in found.items())

    return {
        "type_of_insurance": " ".join(lines("type_of_insurance")),
        "insured": groups("insured"),
        "optional": tuple(told(row["text"], language) for row in rows if optional(row)),
        "not_insured": lines("not_insured"),
        "restrictions": lines("restrictions"),
        "where": lines("where"),
        "obligations": groups("obligations"),
        "payment": lines("payment"),
        "term": lines("start_and_end"),
        "cancellation": lines("cancellation"),
    }


def optional(row: Mapping[str, Any]) -> bool:
    """A cover that was offered and not chosen stands as plain text, without a mark."""
    return bool(row["heading"] == "insured" and row["mark"] == "none")
