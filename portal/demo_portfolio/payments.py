"""What customers of a portfolio paid: a receipt in the bank's journal for each instalment, matched with it."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from companies.actor import Actor
from ledger.models import OpenItem
from ledger.roles import JournalKind
from ledger.services import Match, Matching, Posted, Posting, Role, allocate_all, credit, debit, post_many
from policies.services.issue import Issued

PAID, IN_PART, LATE = 0.96, 0.01, 12  # of what is due; days
NAME = "demo.receipt"


def receive(issued: Sequence[Issued], *, until: date, random: Random, actor: Actor) -> int:
    """Book and match the receipts of invoices up to a day; how many. Some customers are late, some pay in part."""
    debtors = Role.DEBTORS
    numbers = {row.invoice.number: row for row in issued}
    due = list(
        OpenItem.objects.filter(
            reference__in=numbers, account__role=debtors, due_date__lt=until, amount__gt=0
        ).order_by("due_date", "number")
    )
    paid = list(payments(due, until=until, random=random))
    posted = post_many([posting for _item, posting in paid], actor=actor)
    match(paid, posted, actor=actor)
    return len(paid)


def payments(due: Sequence[OpenItem], *, until: date, random: Random) -> Iterator[tuple[OpenItem, Posting]]:
    """The receipt of each instalment that was paid."""
    for item in due:
        on = item.due_date + timedelta(days=random.randint(0, LATE))
        if random.random() >= PAID or on >= until:
            continue
        share = 2 if random.random() < IN_PART else 1
        part = (item.amount / share).quantize(item.amount)
        yield (
            item,
            Posting(
                source=NAME,
                reference=item.reference,
                booked_on=on,
                key=f"{NAME}:{item.number}",
                journal=JournalKind.BANK,
                lines=[debit(Role.BANK, part), credit(Role.DEBTORS, part, party=item.party_id)],
            ),
        )


def match(paid: Sequence[tuple[OpenItem, Posting]], posted: Sequence[Posted], *, actor: Actor) -> None:
    """Match each receipt with its instalment."""
    receipts = {item.entry_id: item for item in OpenItem.objects.filter(entry__in=[row.entry_id for row in posted])}
    matchings = []
    for (item, posting), entry in zip(paid, posted, strict=True):
        receipt = receipts[entry.entry_id]
        matchings.append(
            Matching((Match(item.pk, receipt.pk, -receipt.amount),), posting.booked_on, f"{NAME}:{item.number}")
        )
    allocate_all(matchings, actor=actor)
