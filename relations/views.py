"""The office's pages of people and organisations: the list, and the changes that wait for a person."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from common.errors import BusinessError
from common.text import fold
from companies.lists import Column, ListFilter, ListView
from companies.models import PartCode, Right
from companies.views import RoomView, show_error
from relations.forms import CustomerForm
from relations.listed import holding
from relations.models import Address, Appointment, Party, PartyKind, Proposal, ProposalState
from relations.selectors import standing
from relations.services.members import register_new

ROLES = [("adviser", _("Adviser")), ("login", _("With a login"))]


class PartyFilter(ListFilter):
    """Number, name or e-mail; person or organisation; adviser or with a login."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *PartyKind.choices])
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("All roles")), *ROLES])

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.cleaned_data
        q = asked.get("q", "")
        plain = Q(number__icontains=q) | Q(sort_key__contains=fold(q)) | Q(email__contains=q.lower())
        rows = holding(self, rows, kind="party", plain=plain, private=True)
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
        Column(_("Kind"), lambda row: row.get_kind_display(), "kind", 3),
        Column(_("Place"), lambda row: row.city, "place", 4),
        Column(_("E-mail"), lambda row: row.email, "email", 5),
        Column(_("Phone"), lambda row: row.phone, "phone", 6),
        Column(_("Adviser"), lambda row: now("yes") if row.appointed else ""),
    )

    def rows(self) -> QuerySet[Party]:
        holds = Q(valid_until=None) | Q(valid_until__gt=self.today)
        address = Address.objects.filter(holds, party=OuterRef("pk"), valid_from__lte=self.today)
        return standing(self.actor).annotate(
            city=Subquery(address.values("city")[:1]),
            appointed=Exists(Appointment.objects.filter(party=OuterRef("pk"))),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may = {"may_take_in": Right.INPUT, "may_edit": Right.EDIT}
        return super().get_context_data(
            **{name: self.may(PartCode.RELATIONS, right) for name, right in may.items()}, **kwargs
        )


class NewCustomerView(RoomView):
    """An employee takes in a customer (S1-31); one who is known already is named."""

    right = (PartCode.RELATIONS, Right.INPUT)
    template_name = "relations/party_new.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.shown(CustomerForm(initial={"country": self.company.country, "language": self.company.language}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = CustomerForm(request.POST)
        if form.is_valid():
            person = form.person(kind=form.cleaned_data["kind"], born=form.cleaned_data["birth_date"])
            try:
                with transaction.atomic():
                    party = register_new(person=person, on=self.today, actor=self.actor)
            except BusinessError as error:
                show_error(form, error)
            else:
                messages.success(request, now("%(name)s is taken in.") % {"name": party.name})
                if self.may(PartCode.RELATIONS, Right.VIEW):
                    return redirect("office:party", company=self.company.slug, number=party.number)
                return redirect("relations:new", company=self.company.slug)
        return self.shown(form, status=422)

    def shown(self, form: CustomerForm, status: int = 200) -> HttpResponse:
        sees = self.may(PartCode.RELATIONS, Right.VIEW)
        return self.render_to_response(self.get_context_data(form=form, sees_relations=sees), status=status)


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
        Column(_("Recorded"), lambda row: row.recorded_at.date(), "recorded", 4),
        Column(_("Number"), lambda row: row.party.number),
        Column(_("Name"), lambda row: row.party.sort_name),
        Column(_("Changes"), lambda row: "; ".join(f"{name}: {value}" for name, value in row.told)),
        Column(_("State"), lambda row: row.get_state_display(), "state", 3),
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
