"""The office's list of withdrawals: who withdrew, when, and whether what was paid has gone back."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import DecimalField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.formats import moment
from common.text import fold
from companies.lists import Column, ListView
from companies.models import PartCode, Right
from ledger.models import Allocation, OpenItem
from ledger.roles import Control
from policies.models import Withdrawal
from products.filters import BusinessFilter

NOTHING, OPEN, BACK = "nothing", "open", "back"
STATES = {NOTHING: _("Nothing to pay back"), OPEN: _("To be paid back"), BACK: _("Paid back")}
MARKS = {NOTHING: "end", OPEN: "act", BACK: "good"}
AMOUNT: "DecimalField[Any, Any]" = DecimalField(max_digits=14, decimal_places=2)
ZERO = Value(Decimal("0.00"), output_field=AMOUNT)


def credit_left() -> Any:
    """What the debtor of a withdrawal's case still has to get, in the company's currency; no query a row."""
    items = OpenItem.objects.filter(
        entry__case_id=OuterRef("case_id"), account__control=Control.DEBTORS, amount__lt=0
    ).order_by()
    matched = Allocation.objects.filter(
        credit_item__entry__case_id=OuterRef("case_id"), credit_item__account__control=Control.DEBTORS
    ).order_by()
    owed = items.values("entry__case_id").annotate(sum=Sum("amount")).values("sum")
    given = matched.values("credit_item__entry__case_id").annotate(sum=Sum("amount")).values("sum")
    return -Coalesce(Subquery(owed), ZERO) - Coalesce(Subquery(given), ZERO)


class WithdrawalFilter(BusinessFilter):
    """Paid back or not, product, adviser, number of policy or credit note, holder's name."""

    product_by = "policy__product"
    adviser_by = "policy__adviser"
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *STATES.items()])
    field_order = ("q", "state", "product", "adviser")

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.cleaned_data
        rows = self.narrow_business(rows)
        if q := asked.get("q"):
            by_number = (
                Q(policy__number__icontains=q) | Q(case__number__icontains=q) | Q(credit_note__number__icontains=q)
            )
            rows = rows.filter(by_number | Q(policy__holder__sort_key__contains=fold(q)))
        match asked.get("state"):
            case "nothing":
                return rows.filter(to_pay_back=0)
            case "open":
                return rows.filter(to_pay_back__gt=0, left__gt=0)
            case "back":
                return rows.filter(to_pay_back__gt=0, left=0)
        return rows


class WithdrawalListView(ListView):
    """All withdrawals, newest first."""

    right = (PartCode.POLICIES, Right.VIEW)
    template_name = "policies/withdrawal_list.html"
    name = "withdrawals"
    form_class = WithdrawalFilter
    default_sort = "-received"
    sorts = {
        "received": ("received_at",),
        "policy": ("policy__number",),
        "name": ("policy__holder__sort_key",),
        "product": ("policy__product__slug",),
        "back": ("to_pay_back",),
        "adviser": ("policy__adviser__sort_key",),
    }
    columns = (
        Column(_("Received"), lambda row: row.on, "received", 2),
        Column(_("Policy"), lambda row: row.policy.number),
        Column(_("Case"), lambda row: row.case.number),
        Column(_("Holder"), lambda row: row.policy.holder.sort_name),
        Column(_("Product"), lambda row: row.product_name, "product", 4),
        Column(_("Last day"), lambda row: row.last_day),
        Column(_("Credit note"), lambda row: row.credit_note.number if row.credit_note else "", "credit_note", 5),
        Column(_("To pay back"), lambda row: row.to_pay_back, "to_pay_back", 6),
        Column(_("Still to pay back"), lambda row: row.left),
        Column(_("State"), lambda row: str(STATES[row.paid]), "state", 7),
        Column(_("Adviser"), lambda row: row.policy.adviser.sort_name if row.policy.adviser else "", "adviser", 8),
    )

    def rows(self) -> QuerySet[Withdrawal]:
        related = ("case", "policy__product", "policy__holder", "policy__adviser", "credit_note")
        return Withdrawal.objects.select_related(*related).annotate(left=credit_left())

    def dress(self, row: Withdrawal) -> None:
        shown: Any = row
        shown.product_name = row.policy.product.name((get_language() or "en")[:2])
        shown.paid = NOTHING if not row.to_pay_back else OPEN if shown.left else BACK
        shown.received = moment(row.received_at, self.company.time_zone)
        shown.word, shown.mark = STATES[shown.paid], MARKS[shown.paid]
