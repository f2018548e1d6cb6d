"""A policy taken over from an old system, with the premium as it stood there; no invoice and no entry (S2-13)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from common.db import step
from companies.actor import Actor
from companies.models import ImportRow
from companies.series import next_number
from companies.trail import record
from documents.models import Case
from policies.models import InsurerShare, Policy, PolicyVersion, PremiumComponent, Section, Transaction
from products.models import ProductVersion
from relations.models import Party

SECTION = "policy"
PLANS = {
    "annual": {"nl": "Per jaar", "de": "Jährlich", "en": "Yearly"},
    "half_yearly": {"nl": "Per half jaar", "de": "Halbjährlich", "en": "Half-yearly"},
    "quarterly": {"nl": "Per kwartaal", "de": "Vierteljährlich", "en": "Quarterly"},
    "monthly": {"nl": "Per maand", "de": "Monatlich", "en": "Monthly"},
}

PREMIUM = {"nl": "Premie", "de": "Beitrag", "en": "Premium"}
COSTS = {"nl": "Kosten", "de": "Kosten", "en": "Costs"}
AS_THERE = {
    "nl": "Zoals het in het oude systeem stond",
    "de": "Wie im alten System",
    "en": "As it stood in the old system",
}


@dataclass(frozen=True, slots=True)
class Held:
    """A policy as it stood in the old system. Amounts are of a year, in the company's currency."""

    number: str
    version: ProductVersion
    holder: Party
    adviser: Party | None
    starts_on: date
    renews_on: date
    plan: str
    net: Decimal
    tax: Decimal
    fees: Decimal
    insured: str
    country: str

    @property
    def total(self) -> Decimal:
        return self.net + self.tax + self.fees


@step
def take_over_policy(*, held: Held, row: ImportRow, on: date, actor: Actor) -> Policy:
    """Make a policy of a line of an import: its Case, policy, first version, section, premium and who carries it.

    What is owed for it comes with the opening balances, so nothing is invoiced or booked.
    """
    product = held.version.product
    case = Case.objects.create(
        number=next_number("case", on=on), product_id=product.pk, product_version_id=held.version.pk,
        customer=held.holder, adviser=held.adviser, language=held.holder.language, opened_on=on,
    )  # fmt: skip
    policy = Policy.objects.create(
        number=held.number, case=case, import_row=row, product=product, holder=held.holder, adviser=held.adviser,
        starts_on=held.starts_on, renews_on=held.renews_on,
    )  # fmt: skip
    version = PolicyVersion.objects.create(
        policy=policy, number=1, transaction=Transaction.IMPORT, product_version=held.version, answers={}, terms=[],
        evaluation=evaluation_of(held), plan=held.plan, valid_from=held.starts_on, net=held.net, tax=held.tax,
        fees=held.fees, total=held.total,
    )  # fmt: skip
    insure(version, held)
    record(policy, "policy.imported", actor=actor, on=on, number=policy.number)
    return policy


def insure(version: PolicyVersion, held: Held) -> None:
    """One section for the whole policy, its premium as one component, carried by the product's insurer."""
    product = held.version.product
    section = Section.objects.create(
        version=version, key=SECTION, names=product.names, valid_from=held.starts_on, valid_until=held.renews_on,
        tax_country=held.country, objects_insured=[{"words": held.insured}] if held.insured else [],
    )  # fmt: skip
    PremiumComponent.objects.create(section=section, kind="premium", amount=held.net)
    InsurerShare.objects.create(
        section=section, insurer=product.insurer, percent=Decimal(100), valid_from=section.valid_from
    )


def evaluation_of(held: Held) -> dict[str, Any]:
    """The premium in the shape of an offer, so that every page reads it; how it came to be the old system knows."""
    no_rate = {"base": None, "rate": None}
    component = {"section": SECTION, "kind": "premium", "key": "premium", "names": PREMIUM, "taxed": True, **no_rate}
    fee = {"section": None, "kind": "fee", "key": "fees", "names": COSTS, "taxed": False, **no_rate}
    components = [component | {"amount": str(held.net)}, *([fee | {"amount": str(held.fees)}] if held.fees else [])]
    tax = {"section": SECTION, "country": held.country, "amount": str(held.tax), "base": str(held.net), "rate": None,
           "how": AS_THERE}  # fmt: skip
    premium = {
        "net": str(held.net), "tax": str(held.tax), "fees": str(held.fees), "rounding": "0.00",
        "steps": [{"key": "premium", "how": AS_THERE}],
        "sections": [], "components": components, "commission": [],
        "tax_lines": [tax | {"due_on": held.starts_on.isoformat()}] if held.tax else [],
    }  # fmt: skip
    plan: dict[str, Any] = {
        "plan": held.plan, "names": PLANS[held.plan], "fees": "0.00", "total": str(held.total), "premium": None,
        "allowed": True, "instalments": [],
    }  # fmt: skip
    return {
        "imported": True, "starts_on": held.starts_on.isoformat(), "as_of": held.starts_on.isoformat(),
        "insured": held.insured, "edition": None, "answers": {}, "asked": [], "terms": [], "plans": [plan],
        "premium": premium,
    }  # fmt: skip
