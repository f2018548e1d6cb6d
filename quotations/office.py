"""The office's list of quotations."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.office import holder_in_list, told_name
from companies.lists import Column, ListView
from companies.models import PartCode, Right
from products.filters import BusinessFilter
from quotations.models import Quotation, QuotationState
from relations.listed import holding

S = QuotationState
MARKS = {S.OPEN: "wait", S.ORDERED: "run", S.EXPIRED: "end"}
SOON_DAYS = 7
SOON = "soon"


def soon(on: date) -> Q:
    """Quotations that nobody ordered and whose last day lies within a week; those that ended in the week before come
    along.
    """
    week = timedelta(days=SOON_DAYS)
    return Q(state__in=[S.OPEN, S.EXPIRED], valid_until__gt=on - week, valid_until__lte=on + week)


def time_left(quotation: Quotation, *, on: date) -> Decimal:
    """Which share of its validity an offer has left, from 1 to 0."""
    whole = (quotation.valid_until - quotation.valid_from).days
    return Decimal(max((quotation.valid_until - on).days, 0)) / Decimal(whole)


def last_day(quotation: Quotation) -> date:
    """The last day on which the offer can be ordered; the period itself is half open."""
    return quotation.valid_until - timedelta(days=1)


class QuotationFilter(BusinessFilter):
    """State (or expiring within a week), product, adviser, number or policyholder's name."""

    product_by = "assessment__application__version__product"
    adviser_by = "case__adviser"
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All states")), *S.choices, (SOON, _("Expires within a week, or just expired"))],
    )
    field_order = ("q", "state", "product", "adviser")

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.cleaned_data
        rows = self.narrow_business(rows)
        q = asked.get("q", "")
        by_name = told_name(q, at="assessment__application__")
        plain = Q(number__icontains=q) | Q(case__number__icontains=q) | by_name
        rows = holding(self, rows, kind="quotation", plain=plain)
        if asked.get("state") == SOON:
            return rows.filter(soon=True)
        return rows.filter(state=asked["state"]) if asked.get("state") else rows


class QuotationListView(ListView):
    """All quotations; those that expire first on top."""

    right = (PartCode.QUOTATIONS, Right.VIEW)
    template_name = "quotations/office_list.html"
    name = "quotations"
    form_class = QuotationFilter
    default_sort = "-number"
    sorts = {
        "number": ("number",),
        "name": (
            "assessment__application__parties__policyholder__name",
            "assessment__application__parties__policyholder__given_names",
        ),
        "product": ("assessment__application__version__product__slug",),
        "adviser": ("case__adviser__sort_key",),
        "total": ("total",),
        "until": ("valid_until",),
        "state": ("state", "valid_until"),
    }
    columns = (
        Column(_("Quotation"), lambda row: row.number),
        Column(_("Case"), lambda row: row.case.number),
        Column(_("Policyholder"), lambda row: row.holder),
        Column(_("Product"), lambda row: row.product_name, "product", 3),
        Column(_("Adviser"), lambda row: row.case.adviser.sort_name if row.case.adviser else "", "adviser", 4),
        Column(_("Net"), lambda row: row.net, "net", 0),
        Column(_("Tax"), lambda row: row.tax, "tax", 0),
        Column(_("Fees"), lambda row: row.fees, "fees", 0),
        Column(_("Total"), lambda row: row.total, "total", 7),
        Column(_("Offered"), lambda row: row.valid_from),
        Column(_("Last day"), last_day, "until", 6),
        Column(_("State"), lambda row: row.get_state_display(), "state", 5),
    )

    def rows(self) -> QuerySet[Quotation]:
        return (
            Quotation.objects.select_related("case__adviser", "assessment__application__version__product")
            .annotate(soon=soon(self.today))
            .defer(
                "evaluation",
                "assessment__trace",
                "assessment__reasons",
                "assessment__terms",
                "assessment__application__answers",
                "assessment__application__version__definition",
                "assessment__application__version__evidence",
            )
        )

    def dress(self, row: Quotation) -> None:
        shown: Any = row
        application = row.assessment.application
        shown.holder = holder_in_list(application)
        shown.product_name = application.version.product.name((get_language() or "en")[:2])
        shown.last_day = last_day(row)
        shown.left = time_left(row, on=self.today) if row.state == S.OPEN else None
        shown.mark = MARKS[QuotationState(row.state)]
