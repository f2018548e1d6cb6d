"""What the search box finds: parties, applications, quotations, policies and invoices, as far as the reader may view
them (docs/search.md).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from applications.models import Application, ApplicationState
from applications.office import MARKS as APPLICATION_MARKS
from applications.office import holder_in_list
from common.formats import amount
from common.text import clean_line
from companies.actor import Actor
from companies.doors import Door
from companies.models import PartCode
from companies.signing import ask
from policies.models import Invoice, Policy, PolicyState
from policies.views import MARKS as POLICY_MARKS
from quotations.models import Quotation, QuotationState
from quotations.office import MARKS as QUOTATION_MARKS
from relations.models import Address
from relations.selectors import visible_to

MOST = 200  # of a kind; who finds more adds a word
LONGEST = 100  # characters of a search that are looked at
OFFICE = "SELECT kind, id FROM sec.search(%s, %s, %s, %s)"
PORTFOLIO = "SELECT kind, id FROM sec.search_portfolio(%s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was found, as a line of the page: where it leads, its number, who it is, what else it says."""

    number: str
    name: str
    more: str
    url: str
    mark: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing one searches for, the part whose view shows it, and how rows are read by their keys."""

    code: str
    title: "str | Promise"
    part: PartCode
    icon: str
    rows: Callable[[Sequence[int], "Place"], dict[int, Row]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a search is asked: the company's slug, the day, whose door, and whether cases may be opened."""

    slug: str
    on: date
    actor: Actor
    opens_cases: bool = True

    def case(self, number: str) -> str:
        """The page of a case behind the reader's door; nothing for who may not open it."""
        door = "advisers" if self.actor.door == Door.ADVISERS else "office"
        return reverse(f"{door}:case", args=[self.slug, number]) if self.opens_cases else ""


def asked_for(text: str) -> str:
    """A search as it is looked at: one line, without signs that deceive, and no longer than is read."""
    return clean_line(text[: 10 * LONGEST])[:LONGEST].strip()


def worth_asking(text: str) -> bool:
    """Two letters or digits at least: one finds half the company."""
    return sum(character.isalnum() for character in text) >= 2


def found(
    text: str, *, kinds: Collection[str], actor: Actor, private: bool = False, most: int = MOST
) -> dict[str, list[int]]:
    """Keys of what is found, by kind, the nearest first: whole words and numbers, then their beginnings, then parts.

    private: mail, phone and account find too, for who may view relations. The words go to the database apart from the
    statement, and no log holds them. An operator finds nothing: a window shows pages, it isn't searched.
    """
    rows: dict[str, list[int]] = {kind: [] for kind in kinds}
    if not worth_asking(text) or actor.door not in {Door.OFFICE, Door.ADVISERS}:
        return rows
    if actor.door == Door.ADVISERS:
        answer = ask(PORTFOLIO, [text, list(kinds), most * len(rows)])
    else:
        answer = ask(OFFICE, [text, list(kinds), private, most])
    for kind, key in answer:
        rows[kind].append(key)
    return rows


def parties(keys: Sequence[int], place: Place) -> dict[int, Row]:
    """Parties with where they live and their mail; one that was merged says into which."""
    holds = Q(valid_until=None) | Q(valid_until__gt=place.on)
    address = Address.objects.filter(holds, party=OuterRef("pk"), valid_from__lte=place.on)
    places = {
        name: Subquery(address.values(name)[:1]) for name in ("street", "house_number", "postcode", "city", "country")
    }
    found = visible_to(place.actor).select_related("merged_into").annotate(**places).filter(pk__in=keys)
    return {row.pk: party_row(row, place) for row in found}


def party_row(party: Any, place: Place) -> Row:
    url = reverse("office:party", args=[place.slug, party.number])
    if party.merged_into:
        more = now("merged into %(number)s") % {"number": party.merged_into.number}
        return Row(party.number, party.sort_name, more, url, "end", now("Merged"))
    lines = Address(
        street=party.street or "", house_number=party.house_number or "", postcode=party.postcode or "",
        city=party.city or "", country=party.country or "",
    ).lines  # fmt: skip
    return Row(party.number, party.sort_name, joined(*lines, party.email), url)


def applications(keys: Sequence[int], place: Place) -> dict[int, Row]:
    found = Application.objects.select_related("case", "version__product").filter(pk__in=keys)
    heavy = ("answers", "version__definition", "version__evidence")
    return {
        row.pk: Row(
            row.number, holder_in_list(row), product_name(row.version.product), place.case(row.case.number),
            APPLICATION_MARKS[ApplicationState(row.state)], row.get_state_display(),
        )
        for row in found.defer(*heavy)
    }  # fmt: skip


def quotations(keys: Sequence[int], place: Place) -> dict[int, Row]:
    """Quotations with whom they are for, as the application of their case tells: the one that every door reads."""
    found = list(Quotation.objects.select_related("case").defer("evaluation").filter(pk__in=keys))
    cases = [row.case_id for row in found]
    heavy = ("answers", "version__definition", "version__evidence")
    told = Application.objects.select_related("version__product").defer(*heavy).filter(case__in=cases).order_by("pk")
    by_case = {row.case_id: row for row in told}
    return {row.pk: quotation_row(row, by_case[row.case_id], place) for row in found if row.case_id in by_case}


def quotation_row(row: Quotation, application: Application, place: Place) -> Row:
    return Row(
        row.number, holder_in_list(application), product_name(application.version.product),
        place.case(row.case.number), QUOTATION_MARKS[QuotationState(row.state)], row.get_state_display(),
    )  # fmt: skip


def policies(keys: Sequence[int], place: Place) -> dict[int, Row]:
    found = Policy.objects.select_related("case", "product", "holder").filter(pk__in=keys)
    return {
        row.pk: Row(
            row.number, row.holder.sort_name, product_name(row.product), place.case(row.case.number),
            POLICY_MARKS[PolicyState(row.state)], row.get_state_display(),
        )
        for row in found
    }  # fmt: skip


def invoices(keys: Sequence[int], place: Place) -> dict[int, Row]:
    """Invoices lead to their case, or to the list for who may not open it."""
    found = Invoice.objects.select_related("case", "policy", "debtor").filter(pk__in=keys)
    listed = reverse("policies:invoices", args=[place.slug])
    return {
        row.pk: Row(
            row.number, row.debtor.sort_name, joined(row.policy.number, amount(row.total)),
            place.case(row.case.number) or f"{listed}?q={row.number}",
        )
        for row in found
    }  # fmt: skip


def product_name(product: Any) -> str:
    return str(product.name((get_language() or "en")[:2]))


def joined(*parts: str) -> str:
    """What there is of several texts, with a dot between."""
    return " · ".join(part for part in parts if part.strip(" ,"))


KINDS = (
    Kind("party", _("Relations"), PartCode.RELATIONS, "people", parties),
    Kind("application", _("Applications"), PartCode.APPLICATIONS, "file", applications),
    Kind("quotation", _("Quotations"), PartCode.QUOTATIONS, "quote", quotations),
    Kind("policy", _("Policies"), PartCode.POLICIES, "policy", policies),
    Kind("invoice", _("Invoices"), PartCode.INVOICES, "invoice", invoices),
)
ADVISERS_SEE = {"application", "quotation", "policy"}


def read(kind: Kind, keys: Sequence[int], place: Place) -> list[Row]:
    """The rows of these keys in their order, as far as the wall and the reader's door show them."""
    rows = kind.rows(keys, place) if keys else {}
    return [rows[key] for key in keys if key in rows]
