"""The office's lists of policies and invoices."""

from typing import Any

from django import forms
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.text import fold
from companies.lists import Column, ListView
from companies.models import PartCode, Right
from documents.views import sees_cases
from policies.models import Instalment, Invoice, Policy, PolicyState, PolicyVersion
from products.filters import BusinessFilter
from relations.listed import holding
from relations.models import Address

MARKS = {PolicyState.ACTIVE: "run", PolicyState.ENDED: "end", PolicyState.WITHDRAWN: "end"}


class PolicyFilter(BusinessFilter):
    """State, product, adviser, number or holder's name."""

    product_by = "product"
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *PolicyState.choices])
    field_order = ("q", "state", "product", "adviser")

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.cleaned_data
        rows = self.narrow_business(rows)
        q = asked.get("q", "")
        plain = Q(number__icontains=q) | Q(case__number__icontains=q) | Q(holder__sort_key__contains=fold(q))
        rows = holding(self, rows, kind="policy", plain=plain)
        return rows.filter(state=asked["state"]) if asked.get("state") else rows


class PolicyListView(ListView):
    """All policies, newest first, with the premium of their latest version."""

    right = (PartCode.POLICIES, Right.VIEW)
    template_name = "policies/policy_list.html"
    name = "policies"
    form_class = PolicyFilter
    default_sort = "-number"
    sorts = {
        "number": ("number",),
        "name": ("holder__sort_key",),
        "product": ("product__slug",),
        "city": ("city",),
        "state": ("state", "number"),
        "premium": ("premium",),
        "starts": ("starts_on",),
        "renews": ("renews_on",),
        "adviser": ("adviser__sort_key",),
    }
    columns = (
        Column(_("Policy"), lambda row: row.number),
        Column(_("Case"), lambda row: row.case.number),
        Column(_("Holder"), lambda row: row.holder.sort_name),
        Column(_("Place"), lambda row: row.city, "place", 4),
        Column(_("Product"), lambda row: row.product_name, "product", 3),
        Column(_("State"), lambda row: row.get_state_display(), "state", 5),
        Column(_("Premium"), lambda row: row.premium, "premium", 6),
        Column(_("Starts"), lambda row: row.starts_on, "starts", 7),
        Column(_("Renews"), lambda row: row.renews_on, "renews", 8),
        Column(_("Adviser"), lambda row: row.adviser.sort_name if row.adviser else "", "adviser", 9),
    )

    def rows(self) -> QuerySet[Policy]:
        latest = PolicyVersion.objects.filter(policy=OuterRef("pk")).order_by("-number")
        holds = Q(valid_until=None) | Q(valid_until__gt=self.today)
        address = Address.objects.filter(holds, party=OuterRef("holder"), valid_from__lte=self.today)
        return Policy.objects.select_related("case", "product", "holder", "adviser").annotate(
            premium=Subquery(latest.values("total")[:1]), city=Subquery(address.values("city")[:1])
        )

    def dress(self, row: Policy) -> None:
        shown: Any = row
        shown.product_name = row.product.name((get_language() or "en")[:2])
        shown.mark = MARKS[PolicyState(row.state)]


class InvoiceFilter(BusinessFilter):
    """Product, adviser, number of invoice or policy, debtor's name."""

    product_by = "policy__product"
    adviser_by = "policy__adviser"

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        q = self.cleaned_data.get("q", "")
        by_number = Q(number__icontains=q) | Q(policy__number__icontains=q) | Q(payment_reference__icontains=q)
        plain = by_number | Q(debtor__sort_key__contains=fold(q))
        return holding(self, self.narrow_business(rows), kind="invoice", plain=plain)


class InvoiceListView(ListView):
    """All invoices, newest first."""

    right = (PartCode.INVOICES, Right.VIEW)
    template_name = "policies/invoice_list.html"
    name = "invoices"
    form_class = InvoiceFilter
    default_sort = "-number"
    sorts = {
        "number": ("number",),
        "debtor": ("debtor__sort_key",),
        "policy": ("policy__number",),
        "invoiced": ("invoiced_on",),
        "due": ("due_on",),
        "total": ("total",),
    }
    columns = (
        Column(_("Invoice"), lambda row: row.number),
        Column(_("Policy"), lambda row: row.policy.number, "policy", 3),
        Column(_("Debtor"), lambda row: row.debtor.sort_name),
        Column(_("Invoiced"), lambda row: row.invoiced_on, "invoiced", 4),
        Column(_("Term from"), lambda row: row.term_from),
        Column(_("Term until"), lambda row: row.term_until),
        Column(_("First due"), lambda row: row.due_on, "due", 6),
        Column(_("Net"), lambda row: row.net, "net", 7),
        Column(_("Tax"), lambda row: row.tax, "tax", 8),
        Column(_("Fees"), lambda row: row.fees, "fees", 0),
        Column(_("Total"), lambda row: row.total),
        Column(_("Payment reference"), lambda row: row.payment_reference, "reference", 0),
    )

    def rows(self) -> QuerySet[Invoice]:
        first = Instalment.objects.filter(invoice=OuterRef("pk")).order_by("position")
        return Invoice.objects.select_related("policy", "case", "debtor").annotate(
            due_on=Subquery(first.values("due_on")[:1])
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sees_cases=sees_cases(self.rights), **kwargs)
