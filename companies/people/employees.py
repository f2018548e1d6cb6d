"""The people of a company: the list, and the page of one with what an administrator may do (S1-12, S2-04)."""

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from common.errors import BusinessError
from common.forms import LineField
from companies.doors import Door
from companies.fresh import FreshFactor
from companies.lists import Column, ListFilter, ListView
from companies.models import Membership, Protocol
from companies.people.agents import browser_of
from companies.people.base import AdministratorView, trail_of
from companies.services import people

DOORS = [(door.value, door.label) for door in (Door.OFFICE, Door.ADVISERS)]
STATES = [("on", _("Switched on")), ("off", _("Switched off"))]


def members() -> QuerySet[Membership]:
    """Employees and advisers with all that a row shows; customers stand with the relations."""
    factors = Authenticator.objects.filter(user=OuterRef("user")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    protocols = Protocol.objects.filter(group__user=OuterRef("user")).order_by("name").values("name")
    return (
        Membership.objects.select_related("user", "via_company")
        .filter(door__in=[door for door, _label in DOORS])
        .annotate(second_factor=Exists(factors), protocol_names=ArraySubquery(protocols))
    )


class EmployeeFilter(ListFilter):
    """Name or e-mail; the door, the state, administrators alone, without a second factor."""

    q = forms.CharField(label=_("Name, e-mail or post"), required=False, max_length=200)
    door = forms.ChoiceField(label=_("Door"), required=False, choices=[("", _("All doors")), *DOORS])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *STATES])
    only = forms.ChoiceField(
        label=_("Only"),
        required=False,
        choices=[("", _("Everybody")), ("administrators", _("Administrators")), ("bare", _("Without a second factor"))],
    )

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.cleaned_data
        if q := asked.get("q"):
            rows = rows.filter(Q(user__name__icontains=q) | Q(user__email__icontains=q) | Q(post__icontains=q))
        if asked.get("door"):
            rows = rows.filter(door=asked["door"])
        if asked.get("state"):
            rows = rows.filter(on=asked["state"] == "on")
        if asked.get("only") == "administrators":
            rows = rows.filter(administrator=True)
        return rows.filter(second_factor=False) if asked.get("only") == "bare" else rows


class EmployeeListView(AdministratorView, ListView):
    """Everybody who comes by the office or the advisers' door."""

    template_name = "companies/employee_list.html"
    name = "people"
    form_class = EmployeeFilter
    default_sort = "name"
    sorts = {
        "name": ("user__name", "user__email"),
        "email": ("user__email",),
        "post": ("post", "user__name"),
        "door": ("door", "user__name"),
        "since": ("recorded_at",),
        "state": ("on", "user__name"),
    }
    columns = (
        Column(_("Name"), lambda row: str(row.user)),
        Column(_("E-mail"), lambda row: row.user.email),
        Column(_("Post"), lambda row: row.post, "post", 3),
        Column(_("Door"), lambda row: row.get_door_display(), "door", 5),
        Column(_("Protocols"), lambda row: ", ".join(row.shown_protocols), "protocols", 4),
        Column(_("Administrator"), lambda row: now("yes") if row.administrator else ""),
        Column(_("Second factor"), lambda row: now("yes") if row.second_factor else now("no"), "factor", 6),
        Column(_("Since"), lambda row: row.recorded_at.date(), "since", 7),
        Column(_("Last seen"), lambda row: row.seen_at, "seen", 8),
        Column(_("State"), lambda row: now("Switched on") if row.on else now("Switched off"), "state", 2),
    )

    def rows(self) -> QuerySet[Membership]:
        return members()

    @cached_property
    def seen(self) -> dict[int, Any]:
        return people.last_seen()

    def dress(self, row: Any) -> None:
        row.seen_at = self.seen.get(row.pk)
        row.shown_protocols = row.protocol_names if row.door == Door.OFFICE else []


class PostForm(forms.Form):
    """An employee's post in the company's own words."""

    post = LineField(label=_("Post"), max_length=80, required=False)


class EmployeeView(FreshFactor, AdministratorView):
    """One person: facts, protocols, sessions, trail; switch on and off, post, administrator, end sessions."""

    template_name = "companies/employee.html"

    @cached_property
    def member(self) -> Any:
        found = members().filter(public_id=self.kwargs["member"]).first()
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.shown(PostForm(initial={"post": self.member.post}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        steps = {
            "on": self.switch_on,
            "off": self.switch_off,
            "administrator": self.make_administrator,
            "no_administrator": self.unmake_administrator,
            "end": self.end_sessions,
            "post": self.change_post,
        }
        step = steps.get(request.POST.get("act", ""))
        form = PostForm(request.POST) if step == self.change_post else PostForm(initial={"post": self.member.post})
        if step is None:
            form.full_clean()
            messages.error(request, now("Expected a step of this page, found another one."))
        elif not form.is_bound or form.is_valid():
            try:
                messages.success(request, step(form))
            except BusinessError as error:
                messages.error(request, str(error))
        else:
            return self.shown(form, status=422)
        return redirect("admin:employee", company=self.company.slug, member=self.member.public_id)

    def switch_on(self, form: PostForm) -> str:
        self.check_fresh()
        people.switch_member(turn_on=True, **self.whom, **self.by)
        return now("%(name)s is switched on.") % {"name": self.member.user}

    def switch_off(self, form: PostForm) -> str:
        ended = people.switch_member(turn_on=False, **self.whom, **self.by)
        if ended is None:
            return now("%(name)s is switched off here. Sessions at another company go on.") % {"name": self.member.user}
        return now("%(name)s is switched off. All sessions have ended.") % {"name": self.member.user}

    def make_administrator(self, form: PostForm) -> str:
        self.check_fresh()
        people.set_administrator(administrator=True, **self.whom, **self.by)
        return now("%(name)s is administrator.") % {"name": self.member.user}

    def unmake_administrator(self, form: PostForm) -> str:
        people.set_administrator(administrator=False, **self.whom, **self.by)
        return now("%(name)s is administrator no more.") % {"name": self.member.user}

    def end_sessions(self, form: PostForm) -> str:
        ended = people.end_sessions(membership_id=self.member.pk, **self.by)
        if ended is None:
            raise BusinessError(
                now("%(name)s works at another company too; only the person can end sessions."),
                params={"name": self.member.user},
            )
        return now("All sessions of %(name)s have ended.") % {"name": self.member.user}

    def change_post(self, form: PostForm) -> str:
        people.change_post(membership_id=self.member.pk, post=form.cleaned_data["post"], **self.by)
        return now("The post is changed.")

    @property
    def whom(self) -> dict[str, Any]:
        return {"company": self.company, "membership_id": self.member.pk}

    @property
    def by(self) -> dict[str, Any]:
        return {"actor": self.actor, "on": self.today}

    def shown(self, form: PostForm, status: int = 200) -> HttpResponse:
        sessions = [
            {"session": row, "browser": browser_of(row.agent)}
            for row in people.who_is_in()
            if row.membership_id == self.member.pk
        ]
        context = self.get_context_data(
            member=self.member,
            doors=list(Membership.objects.filter(user=self.member.user_id).order_by("door")),
            protocols=self.member.protocol_names if self.member.door == Door.OFFICE else [],
            seen_at=people.last_seen().get(self.member.pk),
            sessions=sessions,
            elsewhere=people.works_elsewhere(self.member),
            oneself=self.member.user_id == self.actor.user_id,
            form=form,
            history=trail_of(Membership._meta.label_lower, subject_id=self.member.pk),
        )
        return self.render_to_response(context, status=status)
