"""The adviser's applications: what he is filling in, what is with the client, and what became of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from applications.models import ApplicationState, Draft
from common.formats import day, name_in_list
from companies.lists import Column, ListView
from portal.portfolio import GIVEN, NAME, PortfolioFilter, mark_of, portfolio, state_in_words
from portal.views.advisers import AdviserPage
from products.selectors import products_shown
from quotations.models import QuotationState

ENDED = {"policy", "closed"}


@dataclass(frozen=True, slots=True)
class Now:
    """How an application stands for its adviser: mark and word of its state, who does what next, and where."""

    mark: str
    state: str
    next: str
    page: str


class ApplicationListView(AdviserPage, ListView):
    """Applications he fills in or that came by his links, with state, days open and next act; newest first."""

    template_name = "portal/adviser_applications.html"
    name = "applications"
    form_class = PortfolioFilter
    default_sort = "-opened"
    sorts = {
        "number": ("number",),
        "name": ("family", "told_family", "given", "told_given"),
        "product": ("product_id",),
        "opened": ("opened_on", "number"),
        "stage": ("stage", "number"),
    }
    columns = (
        Column(_("Case"), lambda row: row.number),
        Column(_("Customer"), lambda row: row.holder),
        Column(_("Product"), lambda row: row.product_name, "product", 3),
        Column(_("Application"), lambda row: row.application_number),
        Column(_("State"), lambda row: row.now.state, "state", 4),
        Column(_("Days open"), lambda row: row.days, "days", 5),
        Column(_("Next"), lambda row: row.now.next, "next", 6),
    )

    def rows(self) -> QuerySet[Any]:
        self.names = {product.pk: product.name((get_language() or "en")[:2]) for product in products_shown()}
        draft = Draft.objects.filter(case=OuterRef("pk"), discarded_at=None)
        rows: QuerySet[Any] = (
            portfolio(self.actor)
            .annotate(
                changed_at=Subquery(draft.values("updated_at")[:1]),
                handed_over_at=Subquery(draft.values("handed_over_at")[:1]),
                declared=Subquery(draft.values("declared")[:1]),
                told_family=Subquery(draft.values(text=NAME)[:1], output_field=CharField()),
                told_given=Subquery(draft.values(text=GIVEN)[:1], output_field=CharField()),
            )
            .filter(Q(changed_at__isnull=False) | Q(application_number__isnull=False))
        )
        return rows

    def dress(self, row: Any) -> None:
        family, given = row.family or row.told_family or "", row.given or row.told_given or ""
        row.holder = name_in_list(family=family, given=given)
        row.product_name = self.names.get(row.product_id, "")
        row.shown_number = row.application_number or row.number
        row.days = "" if row.stage in ENDED else (self.today - row.opened_on).days
        row.now = how_it_stands(row, on=self.today)
        row.url = reverse(f"advisers:{row.now.page}", kwargs={"company": self.company.slug, "number": row.number})


def how_it_stands(row: Any, *, on: date) -> Now:
    """State and next act of one row."""
    if row.stage == "begun":
        if row.handed_over_at is None and row.declared:
            return Now("run", now("Sent in, being assessed"), now("The robot decides"), "draft")
        if row.handed_over_at is None:
            return Now("act", now("You are filling it in"), now("Go on"), "draft")
        if row.declared:
            return Now("run", now("Sent in, being assessed"), now("The robot decides"), "draft")
        since = day(timezone.localtime(row.handed_over_at).date())
        return Now(
            "wait",
            now("With the client"),
            now("The client sends it in; he has it since %(day)s") % {"day": since},
            "draft",
        )
    return Now(mark_of(row), state_in_words(row), next_act(row), "case")


def next_act(row: Any) -> str:
    """Who does what next with something that was sent in; nothing where it has ended."""
    if row.stage == "quotation":
        return now("The client orders before %(day)s") % {"day": day(row.valid_until)}
    if row.stage == "closed" and row.quotation_state == QuotationState.EXPIRED:
        return now("Apply again for a new quotation")
    acts = {
        ApplicationState.REFERRED: now("An acceptor decides"),
        ApplicationState.SPECIAL: now("A quotation officer makes an offer"),
        ApplicationState.SUBMITTED: now("The robot decides"),
    }
    return acts.get(row.application_state, "") if row.stage == "application" else ""
