"""Two parties side by side: what differs, what hangs on each, and what a merge would do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.formats import day, iban
from companies.models import Invitation
from relations.models import Address, BankAccount, Party
from relations.references import REFERENCES, Does
from relations.selectors import account_on, address_on
from relations.services.folder import folder_state

UNDO_DAYS = 30
FIELDS: dict[str, "str | Promise"] = {
    "given_name": gettext_lazy("Given name"),
    "family_name": gettext_lazy("Name"),
    "birth_date": gettext_lazy("Birth date"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
    "language": gettext_lazy("Language"),
    "address": gettext_lazy("Address"),
    "account": gettext_lazy("Account"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two parties differ, as the page tells it."""

    name: str
    title: str
    values: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Hanging:
    """What hangs on each of two parties: how many rows of a kind."""

    title: str
    counts: tuple[int, int]
    moves: bool


def told(party: Party, name: str, on: date) -> str:
    """A field of a party in words; empty where nothing is known."""
    if name == "address":
        address: Address | None = address_on(party.pk, on)
        return ", ".join(address.lines) if address else ""
    if name == "account":
        account: BankAccount | None = account_on(party.pk, on)
        return iban(account.iban) if account else ""
    value: Any = getattr(party, name)
    if name == "language":
        return str(value).upper()
    return day(value) if isinstance(value, date) else str(value or "")


def differences(one: Party, two: Party, on: date) -> list[Difference]:
    """The fields in which they differ."""
    pairs = {name: (told(one, name, on), told(two, name, on)) for name in FIELDS}
    return [Difference(name, str(FIELDS[name]), pair) for name, pair in pairs.items() if pair[0] != pair[1]]


def hanging(one: Party, two: Party) -> list[Hanging]:
    """Rows of every room that name them, kinds that neither has left out."""
    counted = [
        (reference, (reference.rows(one.pk).count(), reference.rows(two.pk).count()))
        for reference in REFERENCES
        if reference.title
    ]
    return [Hanging(str(row.title), counts, row.does == Does.MOVES) for row, counts in counted if any(counts)]


def hindrances(gone: Party) -> list[str]:
    """Why a party can't be the one that goes; empty if it can."""
    found = [str(row.why) for row in REFERENCES if row.does == Does.HOLDS and row.rows(gone.pk).exists()]
    if (
        gone.membership_id is not None
        or Invitation.objects.filter(party_id=gone.pk, door="advisers", taken_at=None).exists()
    ):
        found.append(_("It has a login at the advisers’ door."))
    return list(dict.fromkeys(found))


def consequences(kept: Party, gone: Party, on: date) -> Iterator[str]:
    """What a merge does, sentence by sentence, before it is done."""
    names = {"kept": kept.number, "gone": gone.number}
    rows = [(str(row.title), row.rows(gone.pk).count(), row.does) for row in REFERENCES if row.title]
    moves = ", ".join(f"{title}: {count}" for title, count, does in rows if count and does == Does.MOVES)
    stays = ", ".join(f"{title}: {count}" for title, count, does in rows if count and does == Does.STAYS)
    yield _("%(gone)s stays as “merged into %(kept)s”: it is found by its number and takes no new policy.") % names
    if moves:
        yield _("From %(gone)s to %(kept)s move: %(rows)s.") % (names | {"rows": moves})
    if stays:
        yield _("What was posted stays on %(gone)s, and the pages of both name the other: %(rows)s.") % (
            names | {"rows": stays}
        )
    for party in (kept, gone):
        if folder_state(party).is_open:
            yield _(
                "The client folder of %(number)s (%(email)s) is shut, since it would show what was the other’s; "
                "whoever edits relations enables it anew."
            ) % {"number": party.number, "email": login_of(party)}
    yield _("It can be undone until %(day)s, as long as nothing new hangs on %(kept)s.") % (
        names | {"day": day(on + timedelta(days=UNDO_DAYS))}
    )


def login_of(party: Party) -> str:
    """The address by which a customer enters his folder, or was invited to it."""
    return party.folder.user.email if party.folder is not None else party.email
