from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from common import formats
from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.rows import insert_rows
from companies.trail import Note, record_many
from ledger.models import Allocation, OpenItem
from ledger.selectors.items import open_amounts


@dataclass(frozen=True, slots=True)
class Match:
    """A debit item and a credit item of one party and account, matched for an amount."""

    debit_item_id: int
    credit_item_id: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Matching:
    """What one receipt pays, on a day, once per key."""

    matches: tuple[Match, ...]
    on: date
    key: str


@step
def allocate(
    *, debit_item_id: int, credit_item_id: int, amount: Decimal, on: date, actor: Actor, key: str
) -> Allocation:
    """Match a receipt (credit item) with an instalment (debit item) for a positive amount, once per key.

    Raises BusinessError if more is asked than is open on either (`too_much`) or the key was used otherwise
    (`key_reused`).
    """
    return allocate_many([Match(debit_item_id, credit_item_id, amount)], on=on, actor=actor, key=key)[0]


@step
def allocate_many(matches: Sequence[Match], *, on: date, actor: Actor, key: str) -> list[Allocation]:
    """Match in one statement, such as one receipt over several instalments; each match gets the key with its place."""
    return allocate_all([Matching(tuple(matches), on, key)], actor=actor)[0]


@step
def allocate_all(matchings: Sequence[Matching], *, actor: Actor) -> list[list[Allocation]]:
    """Several receipts at once, each matched as by `allocate_many`; all or nothing."""
    before = find_allocations(matchings)
    new = [matching for matching in matchings if matching.key not in before]
    rows = {matching.key: rows_of(matching, actor) for matching in new}
    made = [row for each in rows.values() for row in each]
    if made:
        check_room(made)
        insert_rows(made)
        record_many([note_of(matching, rows[matching.key]) for matching in new], actor=actor)
    return [before.get(matching.key) or rows[matching.key] for matching in matchings]


def rows_of(matching: Matching, actor: Actor) -> list[Allocation]:
    """The rows of a receipt's matches; each has the key with its place."""
    return [
        Allocation(
            debit_item_id=match.debit_item_id, credit_item_id=match.credit_item_id, amount=match.amount,
            allocated_on=matching.on, key=f"{matching.key}/{place}", **written_by(actor),
        )
        for place, match in enumerate(matching.matches, start=1)
    ]  # fmt: skip


def note_of(matching: Matching, rows: Sequence[Allocation]) -> Note:
    total = sum((row.amount for row in rows), Decimal("0.00"))
    return Note(rows[0], "ledger.allocated", matching.on, details={"amount": str(total), "count": len(rows)})


@step
def take_back(*, allocation_id: int, on: date, actor: Actor) -> Allocation:
    """Undo a match by its mirror; items are open again as before. Once: a second call gives the first mirror."""
    match = Allocation.objects.get(pk=allocation_id)
    mirror = [Match(match.debit_item_id, match.credit_item_id, -match.amount)]
    return allocate_many(mirror, on=on, actor=actor, key=f"take-back:{match.pk}")[0]


def find_allocations(matchings: Sequence[Matching]) -> dict[str, list[Allocation]]:
    """What keys have matched before; another content under one is refused."""
    places = {
        f"{matching.key}/{place}": (matching.key, match)
        for matching in matchings
        for place, match in enumerate(matching.matches, start=1)
    }
    found: dict[str, dict[str, Allocation]] = {}
    for row in Allocation.objects.filter(key__in=places):
        found.setdefault(places[row.key][0], {})[row.key] = row
    for matching in matchings:
        rows = found.get(matching.key)
        if rows is not None and not same(matching, rows):
            raise BusinessError(
                _("Key %(key)s has matched other items before."), code="key_reused", params={"key": matching.key}
            )
    return {key: [rows[place] for place in places if place in rows] for key, rows in found.items()}


def same(matching: Matching, rows: dict[str, Allocation]) -> bool:
    """Whether rows are exactly the matches of a receipt."""
    keys = [f"{matching.key}/{place}" for place in range(1, len(matching.matches) + 1)]
    return sorted(rows) == sorted(keys) and all(
        (rows[key].debit_item_id, rows[key].credit_item_id, rows[key].amount)
        == (match.debit_item_id, match.credit_item_id, match.amount)
        for key, match in zip(keys, matching.matches, strict=True)
    )


def check_room(rows: Iterable[Allocation]) -> None:
    """Refuse more than is open, in words; against a rival at the same moment the database holds the line."""
    rows = list(rows)
    asked: dict[int, Decimal] = {}
    for row in rows:
        asked[row.debit_item_id] = asked.get(row.debit_item_id, Decimal(0)) + row.amount
        asked[row.credit_item_id] = asked.get(row.credit_item_id, Decimal(0)) - row.amount
    items = OpenItem.objects.in_bulk(list(asked))
    still = open_amounts(list(asked))
    for item_id, amount in asked.items():
        item = items.get(item_id)
        if item is None:
            raise BusinessError(_("This open item doesn't exist."), code="no_item")
        left = still[item_id] - amount
        if not min(item.amount, Decimal(0)) <= left <= max(item.amount, Decimal(0)):
            raise BusinessError(
                _("Expected at most %(open)s to match on open item %(number)s, found %(found)s."),
                code="too_much",
                params={
                    "open": formats.amount(abs(still[item_id])),
                    "number": item.number,
                    "found": formats.amount(abs(amount)),
                },
            )
    for row in rows:
        one, other = items[row.debit_item_id], items[row.credit_item_id]
        if (one.account_id, one.party_id) != (other.account_id, other.party_id) or one.amount < 0 or other.amount > 0:
            raise BusinessError(
                _("Expected a debit and a credit item of one party on one account, found items %(one)s and %(other)s."),
                code="no_pair",
                params={"one": one.number, "other": other.number},
            )


def written_by(actor: Actor) -> dict[str, object]:
    """The columns that say who wrote a row."""
    return {
        "actor_kind": str(actor.kind),
        "user_id": actor.user_id,
        "membership_id": actor.membership_id,
        "link_id": actor.link_id,
        "job_id": actor.job_id,
    }
