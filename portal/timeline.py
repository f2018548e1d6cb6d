"""The timeline of a Case: trail entries as sentences in the reader's language, newest first."""

from typing import Any

from companies.models.trail import TrailEntry
from companies.trail import signed, words

ICONS = {
    "application": "file",
    "quotation": "quote",
    "policy": "policy",
    "invoice": "invoice",
    "document": "file",
    "party": "person",
    "product": "product",
    "decision": "shield",
    "review": "person",
}


def timeline(case_id: int, *, most: int | None = None) -> list[dict[str, Any]]:
    """What happened in a case, as `c-timeline` takes it; the newest `most`, or all."""
    entries = TrailEntry.objects.filter(case_id=case_id).select_related("user").order_by("-pk")
    return [
        {
            "text": words(entry),
            "small": signed(entry),
            "at": entry.recorded_at,
            "icon": "shield"
            if entry.code == "application.assessed"
            else ICONS.get(entry.code.partition(".")[0], "info"),
        }
        for entry in (entries[:most] if most else entries)
    ]


def length(case_id: int) -> int:
    """How many entries a case's timeline has."""
    return TrailEntry.objects.filter(case_id=case_id).count()
