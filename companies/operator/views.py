"""The operator's console: companies by figures, founding one, administering one that doesn't yet do so itself, and
asking the others for a window.
"""

from dataclasses import replace
from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic.base import ContextMixin, TemplateResponseMixin, View

from common.errors import BusinessError
from companies.models import Company, Protocol
from companies.operator import console
from companies.operator.entrance import Standing
from companies.operator.forms import AskForm, FoundForm, InviteForm
from companies.operator.proof import last_proof
from companies.views import show_error


class ConsoleView(ContextMixin, TemplateResponseMixin, View):
    """A page of the operator's own: there in his process only."""

    current: ClassVar[str] = "operator:companies"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if getattr(request, "operator", None) is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @property
    def standing(self) -> Standing:
        found: Standing = self.request.operator  # type: ignore[attr-defined]
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pages = [("operator:companies", _("Companies"), "home"), ("operator:windows", _("Windows"), "eye")]
        items = [
            {"title": title, "url": reverse(page), "icon": icon, "current": page == self.current, "count": None}
            for page, title, icon in pages
        ]
        return super().get_context_data(navigation=[{"title": "", "items": items}], **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**kwargs))


class CompaniesView(ConsoleView):
    """All companies: kind, since when, who administers, size, health, windows."""

    template_name = "companies/operator_companies.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(companies=console.companies(), proof=last_proof(), **kwargs)


class WindowsView(ConsoleView):
    """The windows he asked for."""

    template_name = "companies/operator_windows.html"
    current = "operator:windows"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = {company.slug: company.name for company in console.companies()}
        windows = [replace(window, name=names.get(window.slug, window.slug)) for window in console.my_windows()]
        return super().get_context_data(windows=windows, **kwargs)


class FoundView(ConsoleView):
    """Found a company."""

    template_name = "companies/operator_found.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=FoundForm()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = FoundForm(request.POST)
        if form.is_valid():
            try:
                console.found_company(**form.company())
            except BusinessError as error:
                show_error(form, error)
            else:
                messages.success(
                    request, _("%(name)s is founded; a worker furnishes it.") % {"name": form.cleaned_data["name"]}
                )
                return redirect("operator:company", slug=form.cleaned_data["slug"])
        return self.render_to_response(self.get_context_data(form=form), status=422)


class CompanyView(ConsoleView):
    """One company: its figures; its people and protocols while the operator administers it, else windows to ask for.

    A POST says its step by `step`: invite, switch, give, take or ask.
    """

    template_name = "companies/operator_company.html"

    @property
    def company(self) -> Company:
        if self.standing.company is None:
            raise Http404
        return self.standing.company

    @cached_property
    def protocols(self) -> list[Protocol]:
        return list(Protocol.objects.order_by("name")) if self.standing.administers else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slug = self.company.slug
        told: dict[str, Any] = {"administers": self.standing.administers, "look": self.standing.look}
        if self.standing.administers:
            names = {row.pk: row.name for row in self.protocols}
            people = [(row, [(pk, names.get(pk, "")) for pk in row.protocols]) for row in console.people()]
            told |= {"people": people, "invite": InviteForm(protocols=self.protocols), "protocols": self.protocols}
            told["imports"] = True
        else:
            told |= {"ask": AskForm(), "windows": console.my_windows(slug), "imports": console.may_import(slug)}
        overview = next(row for row in console.companies() if row.slug == slug)
        return super().get_context_data(of=overview, **(told | kwargs))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        step = request.POST.get("step", "")
        if step == "ask" and not self.standing.administers:
            return self.taken(AskForm(request.POST), self.ask_window, "ask")
        if not self.standing.administers:
            raise Http404
        if step == "invite":
            return self.taken(InviteForm(request.POST, protocols=self.protocols), self.invite, "invite")
        return self.change(step)

    def taken(self, form: Form, step: Any, name: str) -> HttpResponse:
        """Do a step with a form, or show it again with what is wrong."""
        if form.is_valid():
            try:
                messages.success(self.request, step(form.cleaned_data))
            except BusinessError as error:
                show_error(form, error)
            else:
                return redirect("operator:company", slug=self.company.slug)
        return self.render_to_response(self.get_context_data(**{name: form}), status=422)

    def ask_window(self, asked: dict[str, Any]) -> str:
        console.ask_window(slug=self.company.slug, **asked)
        return _("Asked. The administrators of %(name)s have a mail.") % {"name": self.company.name}

    def invite(self, asked: dict[str, Any]) -> str:
        console.invite(**asked)
        return _("%(email)s is invited.") % {"email": asked["email"]}

    def change(self, step: str) -> HttpResponse:
        """Switch an employee, or give or take a protocol: a worker carries it out."""
        membership, protocol = (self.request.POST.get(name, "") for name in ("membership", "protocol"))
        numbers = {"membership": membership} | ({"protocol": protocol} if step in {"give", "take"} else {})
        if step not in {"switch", "give", "take"} or not all(
            value.isdecimal() and len(value) < 18 for value in numbers.values()
        ):
            raise Http404
        on = {"on": self.request.POST.get("on") == "1"} if step == "switch" else {}
        console.ask_for(step, **{key: int(value) for key, value in numbers.items()}, **on)
        messages.success(self.request, _("Taken on; a worker carries it out within seconds."))
        return redirect("operator:company", slug=self.company.slug)
