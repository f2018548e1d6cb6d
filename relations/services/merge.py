"""Two parties that are one person become one: what is current moves, what was posted stays, and it can be undone."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.models import Membership
from companies.trail import record
from relations.comparing import FIELDS, UNDO_DAYS, hindrances
from relations.models import Address, BankAccount, Merge, Party
from relations.references import REFERENCES, Does
from relations.selectors import account_on, address_on
from relations.services.folder import bind_folder, call_back, disable_folder, folder_state

PLAIN = [name for name in FIELDS if name not in {"address", "account"}]
MARK = "relations.Party.merged_into_id"


@step
def merge_parties(*, kept: str, gone: str, taken: Collection[str], actor: Actor, on: date) -> Merge:
    """Keep one of two parties that are one person (DESIGN, one party per company and person), with the named fields
    taken from the one that goes. That one stays as a mark: its ledger lines and invoices are never changed.

    A folder login of either is shut and must be enabled anew, since it would show what was the other's. Raises
    BusinessError where one is merged already, or holds what never moves: an adviser's portfolio, a place in the pool.
    """
    winner, loser = both_for_update(kept, gone)
    check_mergeable(winner, loser)
    moved: dict[str, Any] = {"folder": shut_folders(winner, loser, actor=actor, on=on)}
    event = last_event(winner)
    moved |= take_fields(winner, loser, taken, on=on)
    moved |= {row.key: {"ids": ids_of(row.rows(loser.pk)), "last": row.last()} for row in REFERENCES}
    loser.merged.update(merged_into=winner)  # before the mark: nobody is merged into one that is merged
    loser.merged_into = winner
    loser.save(update_fields=["merged_into"])
    for row in REFERENCES:
        if row.does == Does.MOVES and row.key != MARK:
            row.rows(loser.pk).update(**{row.column: winner.pk})
    merge = Merge.objects.create(kept=winner, gone=loser, on=on, moved=moved, taken=sorted(taken), event_id=event)
    record(winner, "party.merged", actor=actor, on=on, changed=sorted(taken), number=loser.number)
    record(loser, "party.merged_into", actor=actor, on=on, number=winner.number)
    return merge


def both_for_update(*numbers: str) -> list[Party]:
    """Two parties, locked in one order so that no two merges wait for each other. Raises BusinessError for one that
    isn't there, or is the same.
    """
    rows = Party.objects.select_for_update(of=("self",)).filter(number__in=numbers).order_by("pk")
    found = {party.number: party for party in rows}
    if len(found) != 2:
        raise BusinessError(_("Expected two parties, found %(count)s."), params={"count": len(found)})
    return [found[number] for number in numbers]


def check_mergeable(winner: Party, loser: Party) -> None:
    """Both stand by themselves and are of one kind, and nothing keeps the one that goes from going."""
    for party in (winner, loser):
        if party.merged_into is not None:
            raise BusinessError(
                _("%(number)s is merged into %(kept)s already."),
                params={"number": party.number, "kept": party.merged_into.number},
            )
    if winner.kind != loser.kind:
        raise BusinessError(_("A person and an organisation are never one."))
    if loser.legal_hold:
        raise BusinessError(_("%(number)s is under a legal hold."), params={"number": loser.number})
    if found := hindrances(loser):
        raise BusinessError(
            _("%(number)s can’t go into another: %(reasons)s"),
            params={"number": loser.number, "reasons": " ".join(found)},
        )


def shut_folders(winner: Party, loser: Party, *, actor: Actor, on: date) -> int | None:
    """Nobody gets to see another's policies by a merge: both folders are shut, and where the kept party has no login of
    its own, it gets the other's, shut; its id.
    """
    for party in (winner, loser):
        call_back(party)
        if folder_state(party).is_open:
            disable_folder(number=party.number, actor=actor, on=on)
    if loser.folder is None or winner.folder is not None:
        return None
    login: Membership = loser.folder
    bind_folder(party=loser, membership=None)
    bind_folder(party=winner, membership=login)
    return login.pk


def last_event(party: Party) -> int | None:
    """The party's last state in the history, with the values that it has now."""
    history: Any = apps.get_model("relations", "PartyEvent")
    events = history.objects
    key: int | None = events.filter(pgh_obj_id=party.pk).order_by("-pgh_id").values_list("pgh_id", flat=True).first()
    return key


def take_fields(winner: Party, loser: Party, taken: Collection[str], *, on: date) -> dict[str, Any]:
    """The kept party gets the chosen values, address and account as new rows from the day on: what ended, what was
    made.
    """
    if unknown := set(taken) - set(FIELDS):
        raise BusinessError(_("Expected fields of a party, found %(names)s."), params={"names": ", ".join(unknown)})
    for name in (name for name in PLAIN if name in taken):
        setattr(winner, name, getattr(loser, name))
    winner.save()
    made: dict[str, Any] = {}
    if "address" in taken:
        made["address"] = replace(address_on(winner.pk, on), address_on(loser.pk, on), winner, on=on)
    if "account" in taken:
        made["account"] = replace(account_on(winner.pk, on), account_on(loser.pk, on), winner, on=on)
    return made


def replace(
    old: Address | BankAccount | None, new: Address | BankAccount | None, party: Party, *, on: date
) -> dict[str, Any]:
    """The old row ends, and a copy of the new one holds from the day on: as long as the old one would have, or until
    the next one begins.
    """
    until = old.valid_until if old else next_begin(new, party, on=on)
    if old is not None:
        old.valid_until = on
        old.save(update_fields=["valid_until"])
    if new is not None:
        new.pk, new.party, new.valid_from, new.valid_until = None, party, on, until
        new._state.adding = True
        new.save()
    return {"ended": old and old.pk, "made": new and new.pk, "until": until and until.isoformat()}


def next_begin(row: Address | BankAccount | None, party: Party, *, on: date) -> date | None:
    """When the party's next row of this kind begins."""
    rows: Any = type(row).objects if row is not None else None
    if rows is None:
        return None
    first: date | None = rows.filter(party=party, valid_from__gt=on).aggregate(first=Min("valid_from"))["first"]
    return first


def ids_of(rows: Any) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


@step
def undo_merge(*, gone: str, actor: Actor, on: date) -> Merge:
    """Part what was merged by mistake: what moved goes back, fields that are still the other's get their old values,
    and folders stay shut.

    Raises BusinessError after UNDO_DAYS, or where something new hangs on the kept party: whose it is nobody could tell.
    """
    merge = open_merge(gone)
    winner, loser = both_for_update(merge.kept.number, gone)
    if on > merge.on + timedelta(days=UNDO_DAYS):
        raise BusinessError(_("A merge can be undone for %(days)s days."), params={"days": UNDO_DAYS})
    check_nothing_new(merge)
    for row in REFERENCES:
        if row.does == Does.MOVES and row.key != MARK:
            row.rows(winner.pk).filter(pk__in=merge.moved[row.key]["ids"]).update(**{row.column: loser.pk})
    give_back(merge, winner, loser)
    loser.merged_into = None
    loser.save(update_fields=["merged_into"])
    Party.objects.filter(pk__in=merge.moved[MARK]["ids"], merged_into=winner).update(merged_into=loser)
    merge.undone_on = on
    merge.save(update_fields=["undone_on"])
    record(winner, "party.unmerged", actor=actor, on=on, number=loser.number)
    record(loser, "party.unmerged", actor=actor, on=on, number=winner.number)
    return merge


def open_merge(gone: str) -> Merge:
    """The merge that a party went by. Raises BusinessError where there is none."""
    rows = Merge.objects.select_for_update(of=("self",)).filter(gone__number=gone, undone_on=None)
    merge = rows.select_related("kept").first()
    if merge is None:
        raise BusinessError(_("%(number)s isn’t merged into another party."), params={"number": gone})
    return merge


def check_nothing_new(merge: Merge) -> None:
    """Nothing hangs on the kept party that came after the merge."""
    for row in REFERENCES:
        if row.model in {"relations.Merge", "relations.Address", "relations.BankAccount"}:
            continue
        known = merge.moved.get(row.key) or {"ids": [], "last": 0}
        new = row.rows(merge.kept_id).filter(pk__gt=known["last"]).exclude(pk__in=known["ids"]).count()
        if new:
            raise BusinessError(
                _("%(count)s came to %(number)s since then (%(title)s), and nobody could tell whose it is."),
                params={"count": new, "number": merge.kept.number, "title": row.title or row.key},
            )


def give_back(merge: Merge, winner: Party, loser: Party) -> None:
    """The folder's login, and the fields as the history has them, unless somebody changed them since."""
    if merge.moved["folder"] is not None and winner.folder_id == merge.moved["folder"]:
        login = winner.folder
        bind_folder(party=winner, membership=None)
        bind_folder(party=loser, membership=login)
    history: Any = apps.get_model("relations", "PartyEvent")
    events = history.objects
    before = events.filter(pgh_id=merge.event_id).first()
    for name in (name for name in PLAIN if name in merge.taken and before is not None):
        if getattr(winner, name) == getattr(loser, name):
            setattr(winner, name, getattr(before, name))
    winner.save()
    for name, rows in (("address", Address.objects), ("account", BankAccount.objects)):
        reopen(rows, merge.moved.get(name))


def reopen(rows: Any, was: dict[str, Any] | None) -> None:
    """The row that was made never held, and the one that ended goes on; unless the made one was ended since."""
    if was is None:
        return
    made = rows.filter(pk=was["made"]).first()
    if made is not None:
        if (made.valid_until and made.valid_until.isoformat()) != was["until"]:
            return
        made.valid_until = made.valid_from
        made.save(update_fields=["valid_until"])
    rows.filter(pk=was["ended"]).update(valid_until=was["until"])
