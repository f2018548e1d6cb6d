"""The timeline of a Case: trail entries as sentences in the reader's language, newest first."""

from typing import Any

from applications.filler import filled_in
from applications.models import Application
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
    "withdrawal": "file",
    "case": "shield",
}


def timeline(case_id: int, *, most: int | None = None) -> list[dict[str, Any]]:
    """What happened in a case, as `c-timeline` takes it; the newest `most`, or all."""
    fillers = fillers_of(case_id)
    entries = TrailEntry.objects.filter(case_id=case_id).select_related("user").order_by("-pk")
    return [
        {
            "text": words(entry),
            "small": " · ".join(
                filter(None, (signed(entry), fillers.get(entry.subject_id, "") if is_sent(entry) else ""))
            ),
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


def fillers_of(case_id: int) -> dict[int | None, str]:
    """Who filled in each application of a case for its client, by the application's key; visitors aren't named."""
    rows = Application.objects.select_related("adviser", "membership__user").defer("answers")
    return {row.pk: filled_in(row) for row in rows.filter(case=case_id).exclude(filled_in_by="visitor")}


def is_sent(entry: TrailEntry) -> bool:
    """Whether an entry tells that an application was sent in."""
    return entry.code == "application.submitted"
