"""An offer ends by itself: what nobody ordered is closed after its last day (S0-23)."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from common.db import step
from companies.actor import Actor
from companies.models import Command, CommandState
from companies.rows import update_rows
from companies.trail import Note, record_many
from quotations.models import Quotation, QuotationState


@step
def expire_quotations(*, actor: Actor, on: date) -> int:
    """Close the company's open quotations whose last day lies before a day; how many.

    One that is being ordered at this moment is waited for and stays as its order leaves it; so does one whose order
    came in and waits for a worker. Three statements, however many there are (S0-23).
    """
    ordered = Command.objects.filter(case_id=OuterRef("case_id"), kind="order", state=CommandState.WAITING)
    over = Quotation.objects.select_for_update().filter(
        ~Exists(ordered), state=QuotationState.OPEN, valid_until__lte=on
    )
    rows = list(over.only("number", "case_id", "valid_until", "state").order_by("pk"))
    for row in rows:
        row.state = QuotationState.EXPIRED
    update_rows(rows, "state")
    record_many([note_of(row, on) for row in rows], actor=actor)
    return len(rows)


def note_of(quotation: Quotation, on: date) -> Note:
    """What the trail of its Case keeps."""
    until = (quotation.valid_until - timedelta(days=1)).isoformat()
    return Note(quotation, "quotation.expired", on, details={"number": quotation.number, "until": until})
