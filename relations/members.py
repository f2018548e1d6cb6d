"""The customers of a pool as a tree (group, company, intermediary; insurers), and how far each own company is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, CharField, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from companies.models import Company, CompanyKind, Founding
from companies.services.below import confirmations
from relations.models import PartyRole, RoleCode

KINDS = {
    RoleCode.GROUP: CompanyKind.GROUP,
    RoleCode.COMPANY: CompanyKind.BROKER,
    RoleCode.INSURER: CompanyKind.PROVIDER,
}


@dataclass(frozen=True, slots=True)
class Place:
    """How far a company below is: a mark, a word, since when. Nothing else of it is seen from above."""

    mark: str
    word: Any
    since: datetime | None
    founding: Founding
    confirmed: bool = False

    @property
    def made(self) -> Company | None:
        """The company, once it is set up."""
        return self.founding.made


def places() -> dict[int, Place]:
    """The companies below by the party they belong to."""
    confirmed = confirmations()
    return {
        row.party_id: place_of(row, confirmed.get(row.made_id) if row.made_id else None)
        for row in Founding.objects.select_related("made")
    }


def place_of(founding: Founding, confirmed_at: datetime | None) -> Place:
    """Being set up, set up, invited or confirmed."""
    if founding.made is None:
        return Place("wait", _("Being set up"), founding.recorded_at, founding)
    if confirmed_at is not None:
        return Place("run", _("Confirmed"), confirmed_at, founding, confirmed=True)
    if founding.invited_at is not None:
        return Place("wait", _("Invited"), founding.invited_at, founding)
    return Place("act", _("Set up, nobody invited"), founding.made.recorded_at, founding)


def members(on: Any) -> QuerySet[PartyRole]:
    """Roles that hold on a day, each with `path`, the names from its group down to itself; insurers come last."""
    above = PartyRole.objects.filter(
        party=OuterRef("beneath"), code=RoleCode.COMPANY, valid_from__lte=on, valid_until=None
    )
    path = Func(
        F("group_key"),
        F("beneath__sort_key"),
        F("party__sort_key"),
        template="array_remove(ARRAY[%(expressions)s], NULL)",
        output_field=ArrayField(CharField()),
    )
    rows = PartyRole.objects.select_related("party", "beneath").filter(
        Q(valid_until=None) | Q(valid_until__gt=on), valid_from__lte=on
    )
    return rows.annotate(
        group_key=Subquery(above.values("beneath__sort_key")[:1]),
        path=path,
        last=Case(When(code=RoleCode.INSURER, then=Value(1)), default=Value(0)),
    )
