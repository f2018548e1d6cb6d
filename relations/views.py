"""The office's pages of people and organisations: the list, and the changes that wait for a person."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from common.text import fold
from companies.lists import Column, ListFilter, ListView
from companies.models import PartCode, Right
from relations.models import Address, Appointment, Party, PartyKind, Proposal, ProposalState
from relations.selectors import visible_to

ROLES = [("adviser", _("Adviser")), ("login", _("With a login"))]


class PartyFilter(ListFilter):
    """Number, name or e-mail; person or organisation; adviser or with a login."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *PartyKind.choices])
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("All roles")), *ROLES])

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.cleaned_data
        if q := asked.get("q"):
            rows = rows.filter(Q(number__icontains=q) | Q(sort_key__contains=fold(q)) | Q(email__contains=q.lower()))
        if asked.get("kind"):
            rows = rows.filter(kind=asked["kind"])
        if asked.get("role") == "adviser":
            rows = rows.filter(appointed=True)
        return rows.filter(membership__isnull=False) if asked.get("role") == "login" else rows


class PartyListView(ListView):
    """All parties of the company."""

    right = (PartCode.RELATIONS, Right.VIEW)
    template_name = "relations/party_list.html"
    name = "relations"
    form_class = PartyFilter
    default_sort = "name"
    sorts = {
        "number": ("number",),
        "name": ("sort_key",),
        "kind": ("kind", "sort_key"),
        "city": ("city", "sort_key"),
        "email": ("email",),
    }
    columns = (
        Column(_("Number"), lambda row: row.number),
        Column(_("Name"), lambda row: row.sort_name),
        Column(_("Kind"), lambda row: row.get_kind_display()),
        Column(_("Place"), lambda row: row.city),
        Column(_("E-mail"), lambda row: row.email),
        Column(_("Phone"), lambda row: row.phone),
        Column(_("Adviser"), lambda row: now("yes") if row.appointed else ""),
    )

    def rows(self) -> QuerySet[Party]:
        holds = Q(valid_until=None) | Q(valid_until__gt=self.today)
        address = Address.objects.filter(holds, party=OuterRef("pk"), valid_from__lte=self.today)
        return visible_to(self.actor).annotate(
            city=Subquery(address.values("city")[:1]),
            appointed=Exists(Appointment.objects.filter(party=OuterRef("pk"))),
        )


class ProposalFilter(ListFilter):
    """Number or name of the party, and whether the proposal still waits."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *ProposalState.choices])

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.cleaned_data
        if q := asked.get("q"):
            rows = rows.filter(Q(party__number__icontains=q) | Q(party__sort_key__contains=fold(q)))
        return rows.filter(state=asked["state"]) if asked.get("state") else rows


class ProposalListView(ListView):
    """Changes that applications without a login propose to known parties (traps 12); oldest first."""

    right = (PartCode.RELATIONS, Right.VIEW)
    template_name = "relations/proposal_list.html"
    name = "proposals"
    form_class = ProposalFilter
    default_sort = "recorded"
    sorts = {"recorded": ("recorded_at",), "name": ("party__sort_key",), "state": ("state", "recorded_at")}
    columns = (
        Column(_("Recorded"), lambda row: row.recorded_at.date()),
        Column(_("Number"), lambda row: row.party.number),
        Column(_("Name"), lambda row: row.party.sort_name),
        Column(_("Changes"), lambda row: "; ".join(f"{name}: {value}" for name, value in row.told)),
        Column(_("State"), lambda row: row.get_state_display()),
    )

    def rows(self) -> QuerySet[Proposal]:
        return Proposal.objects.select_related("party")

    def dress(self, row: Proposal) -> None:
        row.told = changes_in_words(row)  # type: ignore[attr-defined]


FIELDS = {
    "street": _("Street"),
    "house_number": _("House number"),
    "postcode": _("Postcode"),
    "city": _("Place"),
    "country": _("Country"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "birth_date": _("Birth date"),
}


def changes_in_words(proposal: Proposal) -> list[tuple[str, str]]:
    """What a proposal would change, as (field's name, new value)."""
    return [(str(FIELDS.get(key, key)), str(value)) for key, value in proposal.changes.items()]
