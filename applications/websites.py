"""The office's page of websites that may show the front office in a frame. For administrators (traps 13)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import BusinessError
from common.forms import LineField
from companies.doors import OFFICE_PAGES
from companies.models import PartCode, Right, TrailEntry, Website
from companies.services.websites import allow_website, forbid_website, websites
from companies.trail import signed, words
from companies.views import RoomView, show_error


class WebsiteForm(forms.Form):
    """One website by its address."""

    origin = LineField(
        label=gettext_lazy("Website"),
        help_text=gettext_lazy("Its address, such as https://www.example.nl. It holds for all its pages."),
        max_length=200,
        error_messages={"required": gettext_lazy("Expected the address of a website, found none.")},
    )


class WebsitesView(RoomView):
    """What is allowed, one more, and one less; each with its trail."""

    right = (PartCode.APPLICATIONS, Right.VIEW)
    template_name = "applications/websites.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = getattr(request, "actor", None)
        if actor is not None and actor.door in OFFICE_PAGES and not actor.administrator:
            raise PermissionDenied(_("This page is for administrators."))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.shown(WebsiteForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "forbid" in request.POST:
            return self.forbid(request.POST["forbid"])
        form = WebsiteForm(request.POST)
        if form.is_valid():
            try:
                allowed = allow_website(address=form.cleaned_data["origin"], actor=self.actor, on=self.today)
            except BusinessError as error:
                show_error(form, error)
            else:
                messages.success(request, _("The front office may stand on %(origin)s.") % {"origin": allowed})
                return redirect("applications:websites", company=self.company.slug)
        return self.shown(form, status=422)

    def forbid(self, number: str) -> HttpResponse:
        try:
            website = forbid_website(website_id=int(number), actor=self.actor, on=self.today)
        except (ValueError, Website.DoesNotExist):
            raise Http404 from None
        messages.success(
            self.request, _("The front office may not stand on %(origin)s any more.") % {"origin": website}
        )
        return redirect("applications:websites", company=self.company.slug)

    def shown(self, form: WebsiteForm, status: int = 200) -> HttpResponse:
        kind = Website._meta.label_lower
        entries = TrailEntry.objects.select_related("user").filter(subject_kind=kind).order_by("-pk")[:20]
        trail = [{"words": words(entry), "who": signed(entry), "on": entry.on} for entry in entries]
        context = self.get_context_data(form=form, websites=websites(), trail=trail)
        return self.render_to_response(context, status=status)
