"""Where rows name a party, told by each room of its own tables in its references.py: what a merge moves, what not."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.apps import apps
from django.db.models import Max, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Does(Enum):
    MOVES = "moves"  # names the kept party from then on
    STAYS = "stays"  # was written once, or tells of the past
    HOLDS = "holds"  # such a party is never the one that goes


@dataclass(frozen=True, slots=True)
class Reference:
    """One column that names a party. `title` says what its rows are, empty where pages don't count them; `why` what
    keeps a party from going into another.
    """

    model: str
    column: str
    does: Does
    title: "str | Promise" = ""
    why: "str | Promise" = ""

    @property
    def key(self) -> str:
        return f"{self.model}.{self.column}"

    @property
    def table(self) -> QuerySet[Any]:
        model: Any = apps.get_model(self.model)
        rows: QuerySet[Any] = model.objects.all()
        return rows

    def rows(self, party_id: int) -> QuerySet[Any]:
        """The rows that name a party."""
        return self.table.filter(**{self.column: party_id})

    def last(self) -> int:
        """The highest id of the table; what comes later is higher."""
        return int(self.table.aggregate(last=Max("pk"))["last"] or 0)


REFERENCES: list[Reference] = []


def add(*references: Reference) -> None:
    """Called by a room's references.py."""
    REFERENCES.extend(references)


D = Does
ADVISES = _("It is appointed as adviser; portfolio and links hang on it.")
IN_POOL = _("It has a place in the pool.")
add(
    Reference("relations.Address", "party_id", D.STAYS),
    Reference("relations.BankAccount", "party_id", D.STAYS),
    Reference("relations.PartyRole", "party_id", D.HOLDS, why=IN_POOL),
    Reference("relations.PartyRole", "beneath_id", D.HOLDS, why=IN_POOL),
    Reference("relations.Appointment", "party_id", D.HOLDS, why=ADVISES),
    Reference("relations.Proposal", "party_id", D.MOVES, _("Proposed changes")),
    Reference("relations.Party", "merged_into_id", D.MOVES, _("Parties merged earlier")),
    Reference("relations.Merge", "kept_id", D.STAYS),
    Reference("relations.Merge", "gone_id", D.STAYS),
    Reference("companies.Founding", "party_id", D.HOLDS, why=_("A company was set up for it.")),
    Reference("companies.Invitation", "party_id", D.STAYS),
)
