from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from common import formats
from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.trail import record
from ledger.models import Allocation, OpenItem
from ledger.selectors.items import open_amounts


@dataclass(frozen=True, slots=True)
class Match:
    """A debit item and a credit item of one party and account, matched for an amount."""

    debit_item_id: int
    credit_item_id: int
    amount: Decimal


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
    before = find_allocations(matches, key)
    if before:
        return before
    rows = [
        Allocation(
            debit_item_id=match.debit_item_id, credit_item_id=match.credit_item_id, amount=match.amount,
            allocated_on=on, key=f"{key}/{place}", **written_by(actor),
        )
        for place, match in enumerate(matches, start=1)
    ]  # fmt: skip
    check_room(rows)
    made = Allocation.objects.bulk_create(rows)
    total = sum((row.amount for row in made), Decimal("0.00"))
    record(made[0], "ledger.allocated", actor=actor, on=on, amount=str(total), count=len(made))
    return made


@step
def take_back(*, allocation_id: int, on: date, actor: Actor) -> Allocation:
    """Undo a match by its mirror; items are open again as before. Once: a second call gives the first mirror."""
    match = Allocation.objects.get(pk=allocation_id)
    mirror = [Match(match.debit_item_id, match.credit_item_id, -match.amount)]
    return allocate_many(mirror, on=on, actor=actor, key=f"take-back:{match.pk}")[0]


def find_allocations(matches: Sequence[Match], key: str) -> list[Allocation]:
    """What the key has matched before; another content under it is refused."""
    keys = {f"{key}/{place}": match for place, match in enumerate(matches, start=1)}
    found = {row.key: row for row in Allocation.objects.filter(key__in=keys)}
    same = len(found) == len(keys) and all(
        (row.debit_item_id, row.credit_item_id, row.amount)
        == (keys[k].debit_item_id, keys[k].credit_item_id, keys[k].amount)
        for k, row in found.items()
    )
    if found and not same:
        raise BusinessError(_("Key %(key)s has matched other items before."), code="key_reused", params={"key": key})
    return [found[k] for k in keys] if found else []


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
