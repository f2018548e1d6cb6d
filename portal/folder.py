"""What a customer's folder shows: his own policies, papers and payments; the wall shows no others (S1-15)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import get_language

from companies.actor import Actor
from companies.links import secret_of
from companies.models import Company
from documents.models import Document, DocumentKind
from documents.selectors import cases_visible_to, documents_visible_to
from policies.cooling import CoolingOff, cooling_off
from policies.models import Instalment, Invoice, Policy, PolicyState
from policies.views import MARKS
from products.selectors import with_product
from relations.models import Party

K = DocumentKind
PAPERS = [
    K.APPLICATION, K.QUOTATION, K.IPID, K.SUMMARY, K.TERMS, K.SERVICE, K.POLICY, K.INVOICE, K.DECISION, K.WITHDRAWAL,
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Insurance:
    """One of the customer's policies with the premium of a year, in the company's currency."""

    policy: Policy
    name: str
    mark: str
    premium: Decimal | None

    @property
    def adviser(self) -> Party | None:
        """Who advised him, if anybody did."""
        found: Party | None = self.policy.adviser
        return found


def premiums(on: date) -> dict[int, Decimal]:
    """The premium of each own policy as it holds on a day."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT policy_id, total FROM sec.my_premiums(%s)", [on])
        return dict(cursor.fetchall())


def own_policies(actor: Actor) -> QuerySet[Policy]:
    """The customer's policies, in force first, newest first."""
    rows = Policy.objects.select_related("case", "adviser").filter(case__in=cases_visible_to(actor))
    return with_product(rows).order_by("state", "-pk")


def insurances(policies: "QuerySet[Policy] | list[Policy]", *, on: date) -> list[Insurance]:
    """Policies as the folder shows them."""
    known, language = premiums(on), (get_language() or "en")[:2]
    return [
        Insurance(row, row.product.name(language), MARKS[PolicyState(row.state)], known.get(row.pk)) for row in policies
    ]


def total_of_a_year(rows: list[Insurance]) -> Decimal:
    """What the policies in force cost a year together."""
    return sum((row.premium for row in rows if row.premium and row.policy.state == PolicyState.ACTIVE), Decimal(0))


def secret_of_case(policy: Policy) -> str:
    """The secret of the customer's own link to the policy's file, as it was mailed; empty where none opens any more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.my_case_link(%s)", [policy.case_id])
        (nonce,) = cursor.fetchone() or (None,)
    return secret_of(nonce) if nonce else ""


def right_to_withdraw(policy: Policy, company: Company, *, on: date) -> CoolingOff | None:
    """The days in which the customer may withdraw, while they last and a link of his leads to the function."""
    if policy.state != PolicyState.ACTIVE:
        return None
    right = cooling_off(policy, company)
    return right if right.holds(on) and secret_of_case(policy) else None


def papers(actor: Actor) -> QuerySet[Document]:
    """The papers of the customer's cases, newest first."""
    return documents_visible_to(actor).filter(kind__in=PAPERS).defer("content").order_by("-pk")


def coming(actor: Actor, on: date) -> QuerySet[Instalment]:
    """What the customer owes from a day on, soonest first."""
    taken_back = Exists(Invoice.objects.filter(credits=OuterRef("invoice")))
    rows = Instalment.objects.filter(~taken_back, invoice__debtor=actor.party_id, invoice__credits=None, due_on__gte=on)
    return with_product(rows, "invoice__policy__product").order_by("due_on", "pk")


def invoices(actor: Actor) -> QuerySet[Invoice]:
    """The customer's invoices with their instalments, newest first."""
    parts = Prefetch("instalments", Instalment.objects.order_by("position"))
    credited = Exists(Invoice.objects.filter(credits=OuterRef("pk")))
    rows = with_product(Invoice.objects.filter(debtor=actor.party_id), "policy__product")
    return rows.annotate(credited=credited).prefetch_related(parts).order_by("-pk")
