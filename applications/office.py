"""The office's list of applications."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from applications.files import file_response
from applications.filler import filler_name
from applications.models import Application, ApplicationState, Upload
from common.formats import name_in_list, name_in_text
from companies.lists import Column, ListView
from companies.models import PartCode, Right
from companies.views import RoomView
from products.filters import BusinessFilter
from products.models import Channel
from relations.listed import holding

S = ApplicationState
MARKS = {S.SUBMITTED: "wait", S.ACCEPTED: "run", S.REFERRED: "act", S.SPECIAL: "act", S.DECLINED: "end"}


def holder_names(parties: Mapping[str, Any]) -> dict[str, str]:
    """Family and given name of the policyholder an application names."""
    told = parties.get("policyholder") or {}
    return {"family": str(told.get("name") or ""), "given": str(told.get("given_names") or "")}


def holder_in_list(application: Application) -> str:
    """The policyholder as lists show him: Verbruggen, Sanne."""
    return name_in_list(**holder_names(application.parties))


def holder_in_text(application: Application) -> str:
    """The policyholder as one addresses him: Sanne Verbruggen."""
    return name_in_text(**holder_names(application.parties))


def told_name(q: str, *, at: str = "") -> Q:
    """Applications whose policyholder's name holds the text; `at` leads to the application from another row."""
    return Q(**{f"{at}parties__policyholder__name__icontains": q}) | Q(
        **{f"{at}parties__policyholder__given_names__icontains": q}
    )


class ApplicationFilter(BusinessFilter):
    """State, channel, product, adviser, number or policyholder's name."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *S.choices])
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[("", _("All channels")), *Channel.choices])
    field_order = ("q", "state", "channel", "product", "adviser")

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.cleaned_data
        rows = self.narrow_business(rows)
        q = asked.get("q", "")
        plain = Q(number__icontains=q) | Q(case__number__icontains=q) | told_name(q)
        rows = holding(self, rows, kind="application", plain=plain)
        if asked.get("channel"):
            rows = rows.filter(channel=asked["channel"])
        return rows.filter(state=asked["state"]) if asked.get("state") else rows


class FileView(RoomView):
    """A file that came with an application that was submitted, for whoever reads or accepts it."""

    right = (PartCode.APPLICATIONS, Right.VIEW)
    or_rights = ((PartCode.ACCEPTANCE, Right.VIEW),)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        submitted = Application.objects.filter(case=OuterRef("case"))
        rows = Upload.objects.select_related("file").filter(Exists(submitted), removed_at=None)
        if (found := rows.filter(public_id=kwargs["public_id"]).first()) is None:
            raise Http404
        return file_response(found)


class ApplicationListView(ListView):
    """All applications from all channels, newest first: the one intake (S2-38)."""

    right = (PartCode.APPLICATIONS, Right.VIEW)
    template_name = "applications/office_list.html"
    name = "applications"
    form_class = ApplicationFilter
    default_sort = "-submitted"
    sorts = {
        "number": ("number",),
        "name": ("parties__policyholder__name", "parties__policyholder__given_names"),
        "product": ("version__product__slug",),
        "channel": ("channel", "submitted_at"),
        "adviser": ("adviser__sort_key",),
        "submitted": ("submitted_at",),
        "state": ("state", "submitted_at"),
    }
    columns = (
        Column(_("Application"), lambda row: row.number),
        Column(_("Case"), lambda row: row.case.number),
        Column(_("Policyholder"), holder_in_list),
        Column(_("Product"), lambda row: row.product_name, "product", 3),
        Column(_("Channel"), lambda row: row.get_channel_display(), "channel", 4),
        Column(_("Filled in by"), lambda row: row.filler, "filler", 5),
        Column(_("Adviser"), lambda row: row.adviser.sort_name if row.adviser else "", "adviser", 6),
        Column(_("Submitted"), lambda row: row.submitted_on, "submitted", 7),
        Column(_("State"), lambda row: row.get_state_display(), "state", 8),
    )

    def rows(self) -> QuerySet[Application]:
        return Application.objects.select_related("case", "version__product", "adviser", "membership__user").defer(
            "answers", "version__definition", "version__evidence"
        )

    def dress(self, row: Application) -> None:
        shown: Any = row
        shown.holder = holder_in_list(row)
        shown.product_name = row.version.product.name((get_language() or "en")[:2])
        shown.mark = MARKS[ApplicationState(row.state)]
        shown.filler = filler_name(row)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            tabs=intake_tabs(self.company.slug, "list"),
            may_input=self.may(PartCode.APPLICATIONS, Right.INPUT),
            **kwargs,
        )


def intake_tabs(slug: str, here: str) -> list[dict[str, Any]]:
    """What was sent in, and what is in the making."""
    pages = [("list", now("Sent in")), ("drafts", now("In the making"))]
    return [
        {
            "title": title,
            "url": reverse(f"applications:{page}", kwargs={"company": slug}),
            "current": page == here,
        }
        for page, title in pages
    ]
