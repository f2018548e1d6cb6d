from datetime import date

from common.db import step
from companies.actor import Actor
from companies.trail import record
from ledger.drafts import REFERENCES, Draft, place
from ledger.models import Entry, Line, OpenItem, Seal
from ledger.selectors.items import open_amounts
from ledger.services.matching import Match, allocate_many
from ledger.services.posting import Posted, Posting, post_many

PLAIN = ("line_of_business", "tax_code", "tax_country", "due_date", "value_date", "cost_centre")


@step
def reverse(*, entry_id: int, on: date, actor: Actor, reason: str) -> Posted:
    """Book the mirror of an entry in its journal on a day; once, a second call gives the first reversal (STYLE
    section 6).

    What was still open of its items is matched with the mirror's, so that nothing remains to be collected; what had
    been
    paid stays open as a credit of the party. `reason` is a code for the trail, no free text.
    """
    entry = Entry.objects.visible_to(actor).select_related("journal").get(pk=entry_id)
    if before := find_reversal(entry):
        return before
    posting = Posting(
        source="ledger.reversal", reference=entry.reference, booked_on=on, key=f"reverse:{entry.pk}",
        lines=[mirror(line) for line in lines_of(entry)], journal=entry.journal.code, case_id=entry.case_id,
        reversal_of=entry.pk,
    )  # fmt: skip
    posted = post_many([posting], actor=actor)[0]
    if not posted.again:
        match_mirror(entry, posted, on=on, actor=actor)
        record(entry, "ledger.reversed", actor=actor, on=on, number=posted.name, reason=reason)
    return posted


def find_reversal(entry: Entry) -> Posted | None:
    """The entry's reversal if it has one, on whatever day it was booked."""
    seal = Seal.objects.select_related("journal").filter(entry__reversal_of=entry).first()
    return Posted(seal.entry_id, seal.number, seal.journal.code, seal.year, again=True) if seal else None


def lines_of(entry: Entry) -> list[Line]:
    """The lines with account and open items, in their order."""
    return list(entry.lines.select_related("account").prefetch_related("open_items").order_by("position"))


def mirror(line: Line) -> Draft:
    """The same line on the other side, its items with the other sign."""
    items = tuple((i.due_date, -i.amount) for i in sorted(line.open_items.all(), key=lambda i: i.position))
    dimensions = {name: getattr(line, f"{name}_id") for name in REFERENCES} | {
        name: getattr(line, name) for name in PLAIN
    }
    return place(line.account.code, line.credit - line.debit, items or None, dimensions)


def match_mirror(entry: Entry, posted: Posted, *, on: date, actor: Actor) -> None:
    """Match each item, as far as it is open, with its mirror."""
    order = ("line__position", "position")
    items = list(OpenItem.objects.filter(entry=entry).order_by(*order))
    mirrors = OpenItem.objects.filter(entry=posted.entry_id).order_by(*order)
    still = open_amounts([item.pk for item in items])
    matches = []
    for item, other in zip(items, mirrors, strict=True):
        if left := still[item.pk]:
            debit, credit = (item, other) if item.amount > 0 else (other, item)
            matches.append(Match(debit.pk, credit.pk, abs(left)))
    if matches:
        allocate_many(matches, on=on, actor=actor, key=f"reverse:{entry.pk}")
