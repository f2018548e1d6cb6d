"""What the computing centre saw in a window, as the company's administrators read it: pages, and rows by table, each
with its page where it has one.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from companies.models import Look, LookedRow, Window
from documents.models import Case, Document
from policies.models import Policy
from quotations.models import Quotation
from relations.models import Party

SHOWN = 100  # rows of a table that a page lists
WORDS = {
    "relations_party": _("Relations"),
    "relations_address": _("Addresses"),
    "relations_bankaccount": _("Bank accounts"),
    "relations_appointment": _("Appointments"),
    "relations_proposal": _("Proposed changes"),
    "documents_case": _("Cases"),
    "documents_document": _("Papers"),
    "documents_file": _("Files"),
    "correspondence_message": _("Mails"),
    "policies_policy": _("Policies"),
    "policies_policyversion": _("Versions of policies"),
    "policies_invoice": _("Invoices"),
    "quotations_quotation": _("Quotations"),
    "applications_application": _("Applications"),
    "applications_draft": _("Applications in the making"),
    "acceptance_decision": _("Decisions"),
    "products_product": _("Products"),
    "products_productversion": _("Versions of products"),
    "ledger_entry": _("Entries"),
    "ledger_line": _("Lines of entries"),
    "ledger_openitem": _("Open items"),
    "ledger_account": _("Accounts"),
    "companies_membership": _("Logins"),
    "companies_module": _("Modules"),
    "companies_trailentry": _("Trail"),
    "companies_job": _("Work of the machine"),
    "companies_import": _("Imports"),
    "companies_importrow": _("Lines of imports"),
}
# Where a row of a table is read: its model, the number that stands in the address, and the page.
PLACES: dict[str, tuple[type[Model], str, str]] = {
    "relations_party": (Party, "number", "office:party"),
    "documents_case": (Case, "number", "office:case"),
    "policies_policy": (Policy, "case__number", "office:case"),
    "quotations_quotation": (Quotation, "case__number", "office:case"),
    "documents_document": (Document, "case__number", "office:case"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind that a window showed."""

    name: str
    words: str
    count: int
    last: datetime
    rows: list[tuple[str, str]]  # number and address of the first hundred that have a page

    @property
    def more(self) -> int:
        """How many rows of a kind with pages aren't listed."""
        return self.count - len(self.rows) if self.rows else 0


def windows() -> QuerySet[Window]:
    """All windows of the company, newest first, with how many pages and rows each showed."""
    pages = Look.objects.filter(window=OuterRef("pk")).order_by().values("window").annotate(n=Count("pk")).values("n")
    rows = LookedRow.objects.filter(window=OuterRef("pk")).order_by().values("window").annotate(n=Count("pk"))
    return (
        Window.objects.select_related("asked_by", "opened_by__user", "closed_by__user", "refused_by__user")
        .annotate(pages=Coalesce(Subquery(pages), 0), rows=Coalesce(Subquery(rows.values("n")), 0))
        .order_by("-pk")
    )


def tables_of(window: Window, slug: str) -> list[Table]:
    """What the database showed, most rows first; one query, and one more for each kind that has pages."""
    found = LookedRow.objects.filter(window=window.pk).values("table").annotate(n=Count("pk"), last=Max("at"))
    return [
        Table(row["table"], words_of(row["table"]), row["n"], row["last"], rows_of(window, row["table"], slug))
        for row in found.order_by("-n", "table")
    ]


def words_of(table: str) -> str:
    """A table as the office names it; one of history or of inner working by its own name."""
    return str(WORDS.get(table, table.replace("_", " ")))


def rows_of(window: Window, table: str, slug: str) -> list[tuple[str, str]]:
    """Number and address of the rows that have a page."""
    if table not in PLACES:
        return []
    model, number, page = PLACES[table]
    seen = LookedRow.objects.filter(window=window.pk, table=table).values("row")
    # nosemgrep: around-the-wall (the default manager of a model named here; row security holds)
    numbers = model._default_manager.filter(pk__in=seen).order_by("pk").values_list(number, flat=True)[:SHOWN]
    return [(value, reverse(page, kwargs={"company": slug, "number": value})) for value in numbers]
