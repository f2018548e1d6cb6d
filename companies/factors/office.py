"""The administrators' page of second factors: at which doors they are asked, and whose was lost."""

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import BusinessError
from companies.doors import Door
from companies.factors.lost import reset_factor
from companies.factors.rules import asking_doors, set_asking_doors
from companies.fresh import FreshFactor
from companies.models import FactorReset, Membership
from companies.people.base import AdministratorView
from companies.views import show_error

T = Authenticator.Type
DOORS = [(door.value, door.label) for door in (Door.OFFICE, Door.ADVISERS, Door.FOLDER)]


class DoorsForm(forms.Form):
    """The doors at which everybody is asked."""

    doors = forms.MultipleChoiceField(
        label=gettext_lazy("Ask everybody at these doors"), choices=DOORS, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Administrators are always asked. Who has no second factor yet sets one up at his next page."
        ),
    )  # fmt: skip


class FactorsView(FreshFactor, AdministratorView):
    """Which doors ask, and who has a second factor."""

    template_name = "companies/factors.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.shown(DoorsForm(initial={"doors": [door.value for door in asking_doors()]}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = DoorsForm(request.POST)
        if not form.is_valid():
            return self.shown(form, status=422)
        self.check_fresh()
        set_asking_doors(doors={Door(door) for door in form.cleaned_data["doors"]}, actor=self.actor, on=self.today)
        messages.success(request, _("Saved. It holds from the next page on."))
        return redirect("factors:list", company=self.company.slug)

    def shown(self, form: DoorsForm, status: int = 200) -> HttpResponse:
        people = list(Membership.objects.select_related("user").filter(on=True).order_by("user__name", "door", "pk"))
        users = {row.user_id for row in people}
        kinds: dict[int, set[str]] = {}
        for user_id, kind in Authenticator.objects.filter(user_id__in=users).values_list("user_id", "type"):
            kinds.setdefault(user_id, set()).add(kind)
        asked = {
            row.user_id: row for row in FactorReset.objects.filter(user_id__in=users, cancelled_at=None, used_at=None)
        }
        rows = [
            {
                "person": row,
                "door": Door(row.door).label,
                "kinds": kinds.get(row.user_id, set()),
                "own": row.user_id == self.actor.user_id,
                "asked": asked.get(row.user_id),
            }
            for row in people
        ]
        return self.render_to_response(self.get_context_data(form=form, rows=rows), status=status)


class ResetView(FreshFactor, AdministratorView):
    """Take a lost second factor off, after a look at whose it is."""

    template_name = "companies/factor_reset.html"

    def person(self) -> Membership:
        row = Membership.objects.select_related("user").filter(public_id=self.kwargs["member"], on=True).first()
        if row is None:
            raise Http404
        return row

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(person=self.person(), form=forms.Form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person, form = self.person(), forms.Form(request.POST)
        self.check_fresh()
        try:
            reset_factor(membership_id=person.pk, actor=self.actor, on=self.today)
        except BusinessError as error:
            form.is_valid()
            show_error(form, error)
            return self.render_to_response(self.get_context_data(person=person, form=form), status=422)
        messages.success(request, _("The second factor of %(name)s is taken off.") % {"name": person.user})
        return redirect("factors:list", company=self.company.slug)
