"""The office's list of applications in the making (S2-38): facts of those that advisers and employees fill in, and how
many visitors are at it. Nobody reads here what was answered.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from applications.models import Draft
from applications.office import intake_tabs
from companies.actor import ActorKind
from companies.lists import Column, ListView
from companies.models import PartCode, Right
from companies.models.people import name_of
from products.filters import BusinessFilter
from products.models import Channel

CHANNELS = [(Channel.ADVISER.value, Channel.ADVISER.label), (Channel.OFFICE.value, Channel.OFFICE.label)]


@dataclass(frozen=True, slots=True)
class Open:
    """How many drafts of a product can still be sent in, by the way they came and who fills them in."""

    product_id: int
    channel: str
    adviser_id: int | None
    filled_in_by: str
    number: int


def open_drafts() -> list[Open]:
    """Counts of what is in the making in the current company; the database tells nothing else of visitors' drafts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT product, channel, adviser, filled_in_by, number FROM sec.drafts_open()")
        return [Open(*row) for row in cursor.fetchall()]


class DraftFilter(BusinessFilter):
    """Case number, channel, product, adviser."""

    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[("", _("All channels")), *CHANNELS])
    field_order = ("q", "channel", "product", "adviser")

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.cleaned_data
        rows = self.narrow_business(rows)
        if q := asked.get("q"):
            rows = rows.filter(case__number__icontains=q)
        return rows.filter(channel=asked["channel"]) if asked.get("channel") else rows


class DraftListView(ListView):
    """What advisers and employees are filling in, oldest first."""

    right = (PartCode.APPLICATIONS, Right.VIEW)
    template_name = "applications/office_drafts.html"
    name = "drafts"
    form_class = DraftFilter
    default_sort = "opened"
    sorts = {
        "number": ("case__number",),
        "product": ("version__product__slug",),
        "channel": ("channel",),
        "adviser": ("adviser__sort_key",),
        "opened": ("case__opened_on", "case__number"),
        "changed": ("updated_at",),
    }
    columns = (
        Column(_("Case"), lambda row: row.case.number),
        Column(_("Product"), lambda row: row.product_name, "product", 2),
        Column(_("Channel"), lambda row: row.get_channel_display(), "channel", 3),
        Column(_("Filled in by"), lambda row: row.filler),
        Column(_("Adviser"), lambda row: row.adviser.sort_name if row.adviser else "", "adviser", 4),
        Column(_("Begun"), lambda row: row.case.opened_on),
        Column(_("Last change"), lambda row: timezone.localtime(row.updated_at).date(), "changed", 6),
        Column(_("State"), lambda row: row.state, "state", 7),
    )

    def rows(self) -> QuerySet[Draft]:
        return (
            Draft.objects.select_related("case", "version__product", "adviser", "membership__user")
            .defer("answers", "parties", "version__definition", "version__evidence")
            .filter(discarded_at=None)
            .exclude(filled_in_by=ActorKind.VISITOR)
        )

    def dress(self, row: Draft) -> None:
        shown: Any = row
        shown.product_name = row.version.product.name((get_language() or "en")[:2])
        shown.filler = name_of(row.membership) if row.membership else ""
        shown.days = (self.today - row.case.opened_on).days
        shown.mine = row.filled_in_by == ActorKind.EMPLOYEE
        shown.mark, shown.state = state_of(row)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visitors = sum(row.number for row in open_drafts() if row.filled_in_by == ActorKind.VISITOR)
        return super().get_context_data(
            tabs=intake_tabs(self.company.slug, "drafts"),
            visitors=visitors,
            may_input=self.may(PartCode.APPLICATIONS, Right.INPUT),
            **kwargs,
        )


def state_of(draft: Draft) -> tuple[str, str]:
    """Who has it: (mark, word)."""
    if draft.declared:
        return "run", now("Sent in, being assessed")
    if draft.handed_over_at is not None:
        return "wait", now("With the client")
    return "act", now("Being filled in")
