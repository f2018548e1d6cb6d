"""Pages of the books: trial balance, account card, debtors and one debtor. They show; nothing here posts."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from common.csvs import export_csv
from companies.lists import Column, ListView
from companies.models import PartCode, Right
from companies.views import PageView
from ledger.forms import AsOfFilter, CardFilter, DebtorFilter
from ledger.listing import Listing
from ledger.models import Account
from ledger.selectors import (
    TrialRow,
    account_card,
    control_accounts,
    debtor_account,
    debtors,
    find_account,
    trial_balance,
)
from ledger.selectors.accounts import balance_before, card_count
from ledger.selectors.debtors import ORDERS
from relations.models import Party
from relations.selectors import visible_to

HEADS = [_("Account"), _("Name"), _("At the start of the year"), _("Debit"), _("Credit"), _("Balance")]


class TrialBalanceView(PageView):
    """All accounts as of a day, with the control accounts beside their sub-ledgers (S0-32, S2-18)."""

    right = (PartCode.LEDGER, Right.VIEW)
    template_name = "ledger/trial_balance.html"

    @cached_property
    def form(self) -> AsOfFilter:
        return AsOfFilter(self.request.GET)

    @cached_property
    def on(self) -> date:
        asked = self.form.cleaned_data.get("on") if self.form.is_valid() else None
        day: date = asked or self.today
        return day

    @cached_property
    def rows(self) -> list[TrialRow]:
        if not self.form.is_valid():
            return []
        rows = trial_balance(on=self.on, actor=self.actor)
        if self.form.cleaned_data["empty"]:
            return rows
        return [row for row in rows if row.opening or row.debit or row.credit]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("export") == "csv":
            return self.export()
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.rows
        return super().get_context_data(
            form=self.form,
            on=self.on,
            rows=rows,
            debit=sum(row.debit for row in rows),
            credit=sum(row.credit for row in rows),
            opening=sum(row.opening for row in rows),
            balance=sum(row.balance for row in rows),
            controls=control_accounts(actor=self.actor),
            opened=bool(rows) or Account.objects.visible_to(self.actor).exists(),
            **kwargs,
        )

    def export(self) -> HttpResponse:
        """The same rows as a file."""
        rows = [[str(head) for head in HEADS]]
        cells = [[row.code, row.name, row.opening, row.debit, row.credit, row.balance] for row in self.rows]
        response = HttpResponse(export_csv([*rows, *cells]), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="trial-balance-{self.on.isoformat()}.csv"'
        return response


class AccountCardView(ListView):
    """The lines of one account with its balance after each, a year at a time if nothing else is asked (S2-18)."""

    right = (PartCode.LEDGER, Right.VIEW)
    template_name = "ledger/account_card.html"
    name = "account"
    form_class = CardFilter
    default_sort = "booked"
    sorts: ClassVar[Mapping[str, tuple[str, ...]]] = {"booked": ("booked",)}
    columns = (
        Column(_("Booked on"), lambda row: row.booked_on),
        Column(_("Entry"), lambda row: row.entry_name),
        Column(_("Reference"), lambda row: row.reference, "reference", 3),
        Column(_("Party"), lambda row: row.party_number, "party"),
        Column(_("Name"), lambda row: row.party_name, "party", 4),
        Column(_("Debit"), lambda row: row.debit),
        Column(_("Credit"), lambda row: row.credit),
        Column(_("Balance"), lambda row: row.balance, "balance", 7),
    )

    @cached_property
    def account(self) -> Account:
        found = find_account(self.kwargs["code"], actor=self.actor)
        if found is None:
            raise Http404
        return found

    @cached_property
    def asked(self) -> dict[str, Any]:
        """The conditions as the selector takes them."""
        form = CardFilter(self.request.GET)
        given = form.cleaned_data if form.is_valid() else {}
        until = given.get("until") or self.today
        since = given.get("since") or min(until, self.today).replace(month=1, day=1)
        return {"since": since, "until": until, "text": given.get("q") or "", "cents": given.get("amount")}

    def rows(self) -> QuerySet[Any]:
        account, asked = self.account, self.asked

        def fetch(_sort: str, descending: bool, limit: int | None, offset: int) -> list[Any]:
            return account_card(
                account=account, actor=self.actor, newest_first=descending, limit=limit, offset=offset, **asked
            )

        rows: Any = Listing(fetch, lambda: card_count(account=account, actor=self.actor, **asked))
        return rows  # type: ignore[no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            account=self.account,
            since=self.asked["since"],
            until=self.asked["until"],
            opening=balance_before(self.account, self.asked["since"]),
            sees_debtors=self.may(PartCode.DEBTORS, Right.VIEW) and self.account.control == "debtors",
            **kwargs,
        )


class DebtorListView(ListView):
    """Who owes what, and how much of it is late (S0-33, S2-17)."""

    right = (PartCode.DEBTORS, Right.VIEW)
    template_name = "ledger/debtor_list.html"
    name = "debtors"
    form_class = DebtorFilter
    default_sort = "name"
    sorts: ClassVar[Mapping[str, tuple[str, ...]]] = {key: (key,) for key in ORDERS}
    columns = (
        Column(_("Number"), lambda row: row.number),
        Column(_("Name"), lambda row: row.name),
        Column(_("Balance"), lambda row: row.balance),
        Column(_("Overdue"), lambda row: row.overdue, "overdue", 4),
        Column(_("Oldest due day"), lambda row: row.oldest_due, "due", 5),
    )

    def rows(self) -> QuerySet[Any]:
        form = DebtorFilter(self.request.GET)
        given = form.cleaned_data if form.is_valid() else {}
        asked: dict[str, Any] = {
            "on": self.today, "actor": self.actor, "text": given.get("q") or "", "settled": bool(given.get("settled")),
        }  # fmt: skip

        def fetch(sort: str, descending: bool, limit: int | None, offset: int) -> list[Any]:
            return debtors(sort=sort, descending=descending, limit=limit, offset=offset, **asked)

        rows: Any = Listing(fetch)
        return rows  # type: ignore[no-any-return]


class DebtorView(PageView):
    """One debtor's account: what is open, instalment by instalment (S2-17)."""

    right = (PartCode.DEBTORS, Right.VIEW)
    template_name = "ledger/debtor.html"

    @cached_property
    def party(self) -> Party:
        found = visible_to(self.actor).select_related("merged_into").filter(number=self.kwargs["number"]).first()
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        settled = self.request.GET.get("settled") == "1"
        account = debtor_account(party_id=self.party.pk, on=self.today, actor=self.actor, settled=settled)
        rows = [(item, item.days_late(self.today)) for item in account.items]
        due = [item.due_date for item in account.items if item.left > 0]
        others = [self.party.merged_into] if self.party.merged_into else self.party.merged.order_by("pk")
        same = [(row, debtor_account(party_id=row.pk, on=self.today, actor=self.actor).total) for row in others]
        return super().get_context_data(
            same=same,
            party=self.party,
            account=account,
            rows=rows,
            settled=settled,
            next_due=min(due, default=None),
            **kwargs,
        )
