"""Administrators' pages of the companies below: groups, companies, intermediaries, insurers (S1-16, S1-33)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from common.errors import BusinessError
from common.text import fold
from companies.lists import Column, ListFilter, ListView
from companies.models import Founding, Module, ModuleCode, PartCode, Right
from companies.people.base import AdministratorView, trail_of
from companies.services.below import ask_for_company, invite_first
from companies.views import show_error
from relations.forms import FirstForm, MemberForm, WorkspaceForm
from relations.members import KINDS, members, places
from relations.models import Party, PartyKind, PartyRole, RoleCode
from relations.services.members import register_member


class BelowPage(AdministratorView):
    """For administrators of a company that has the module; it sees of each company below name, state and day."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = getattr(request, "actor", None)
        inside = actor is not None and actor.door in self.doors
        if inside and not Module.objects.filter(code=ModuleCode.COMPANIES, on=True).exists():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def member(self) -> PartyRole:
        """The role of the party in the address."""
        found = members(self.today).filter(party__number=self.kwargs["number"]).first()
        if found is None:
            raise Http404
        return found

    def to_member(self, party: Party) -> HttpResponse:
        return redirect("below:member", company=self.company.slug, number=party.number)


class MemberFilter(ListFilter):
    """Number or name, also of whom one stands beneath; role."""

    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("All roles")), *RoleCode.choices])

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.cleaned_data
        if q := asked.get("q"):
            by_name = Q(party__sort_key__contains=fold(q)) | Q(beneath__sort_key__contains=fold(q))
            rows = rows.filter(by_name | Q(group_key__contains=fold(q)) | Q(party__number__icontains=q))
        return rows.filter(code=asked["role"]) if asked.get("role") else rows


class MemberListView(BelowPage, ListView):
    """Group, company, person on one screen, insurers after them (S1-17)."""

    template_name = "relations/member_list.html"
    name = "companies"
    form_class = MemberFilter
    default_sort = "tree"
    sorts = {
        "tree": ("last", "path"),
        "name": ("party__sort_key",),
        "number": ("party__number",),
        "role": ("code", "party__sort_key"),
    }
    columns = (
        Column(_("Name"), lambda row: row.party.sort_name),
        Column(_("Number"), lambda row: row.party.number, "number", 3),
        Column(_("Role"), lambda row: row.get_code_display(), "role", 2),
        Column(_("Belongs to"), lambda row: row.beneath.sort_name if row.beneath else ""),
        Column(_("State"), lambda row: str(row.place.word) if row.place else "", "state", 4),
        Column(_("Since"), lambda row: row.place.since.date() if row.place else None, "since", 5),
    )

    def rows(self) -> QuerySet[PartyRole]:
        self.places = places()
        return members(self.today)

    def dress(self, row: Any) -> None:
        row.place, row.depth = self.places.get(row.party_id), len(row.path) - 1 if self.sort() == "tree" else 0


class NewMemberView(BelowPage):
    """Take in one more."""

    template_name = "relations/member_new.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        first = {"country": self.company.country, "language": self.company.language}
        asked = {key: request.GET[key] for key in ("role", "beneath") if key in request.GET}
        return self.shown(MemberForm(initial={**first, **asked}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = MemberForm(request.POST)
        if form.is_valid():
            role = RoleCode(form.cleaned_data["role"])
            kind = PartyKind.PERSON if role == RoleCode.INTERMEDIARY else PartyKind.ORGANISATION
            try:
                with transaction.atomic():
                    party = register_member(
                        person=form.person(kind=kind),
                        role=role,
                        beneath=form.cleaned_data["beneath"],
                        on=self.today,
                        actor=self.actor,
                    )
            except BusinessError as error:
                show_error(form, error)
            else:
                messages.success(request, now("%(name)s is taken in.") % {"name": party.name})
                return self.to_member(party)
        return self.shown(form, status=422)

    def shown(self, form: MemberForm, status: int = 200) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=status)


class MemberView(BelowPage):
    """One of them: who it is, who stands beneath it, and how far its own company is."""

    template_name = "relations/member.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.shown()

    def shown(self, status: int = 200, **forms: Any) -> HttpResponse:
        member, known = self.member, places()
        place = known.get(member.party_id)
        below = list(members(self.today).filter(beneath=member.party_id).order_by("party__sort_key", "pk")[:200])
        for row in below:
            row.place = known.get(row.party_id)  # type: ignore[attr-defined]
        context = {
            "member": member,
            "party": member.party,
            "place": place,
            "below": below,
            "may_work": RoleCode(member.code) in KINDS,
            "sees_relations": self.may(PartCode.RELATIONS, Right.VIEW),
            "trail": trail_of(Founding._meta.label_lower, subject_id=place.founding.pk) if place else [],
            "workspace": WorkspaceForm(initial={"language": self.company.language}),
            "first": FirstForm(initial=self.invited(place.founding if place else None)),
        }
        return self.render_to_response(self.get_context_data(**{**context, **forms}), status=status)

    def invited(self, founding: Founding | None) -> dict[str, str]:
        """Who was invited before, to be invited again or replaced."""
        if founding is None:
            return {}
        return {"name": founding.administrator_name, "email": founding.administrator_email}


class FoundView(MemberView):
    """Ask for a company of its own."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        member, form = self.member, WorkspaceForm(request.POST)
        if RoleCode(member.code) not in KINDS or Founding.objects.filter(party_id=member.party_id).exists():
            raise Http404
        if form.is_valid():
            try:
                with transaction.atomic():
                    ask_for_company(
                        party_id=member.party_id,
                        name=member.party.name,
                        kind=KINDS[RoleCode(member.code)],
                        actor=self.actor,
                        on=self.today,
                        **form.cleaned_data,
                    )
            except BusinessError as error:
                show_error(form, error)
            else:
                messages.success(request, now("%(name)s is being set up.") % {"name": member.party.name})
                return self.to_member(member.party)
        return self.shown(status=422, workspace=form)


class InviteFirstView(MemberView):
    """Have its first administrator invited."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        member, form = self.member, FirstForm(request.POST)
        founding = Founding.objects.filter(party_id=member.party_id).first()
        if founding is None:
            raise Http404
        if form.is_valid():
            try:
                with transaction.atomic():
                    invite_first(founding_id=founding.pk, actor=self.actor, on=self.today, **form.cleaned_data)
            except BusinessError as error:
                show_error(form, error)
            else:
                said = now("An invitation is on its way to %(email)s.") % {"email": form.cleaned_data["email"]}
                messages.success(request, said)
                return self.to_member(member.party)
        return self.shown(status=422, first=form)
