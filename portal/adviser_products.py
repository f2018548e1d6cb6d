"""What an adviser may sell, as his list shows it (S1-21)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import get_language

from companies.models import Company
from products.models import ProductVersion
from products.selectors import insurers_offered, versions_sold_by
from quotations.offer import spoken
from relations.models import Appointment


@dataclass(frozen=True, slots=True)
class Offered:
    """A product with its insurer, the documents that come with it, and his commission as a share of the net premium."""

    slug: str
    name: str
    description: str
    insurer: str
    documents: tuple[str, ...]
    commission: Decimal | None
    begin_url: str


def offered_to(appointment: Appointment, *, company: Company, on: date) -> list[Offered]:
    """The live products he may sell on a day, in a constant number of queries."""
    sold = {version.pk: version for version in versions_sold_by(appointment, on=on)}
    parts = {name: F(f"definition__{name}") for name in ("description", "documents", "commission")}
    rows: dict[int, dict[str, Any]] = {
        row["pk"]: dict(row) for row in ProductVersion.objects.filter(pk__in=sold).values("pk", **parts)
    }
    insurers, language = insurers_offered(), (get_language() or "en")[:2]
    return [
        Offered(
            slug=version.product.slug,
            name=version.product.name(language),
            description=spoken(rows[key]["description"], language),
            insurer=insurers.get(version.product_id, company.name),
            documents=tuple(spoken(row["names"], language) for row in rows[key]["documents"] or []),
            commission=next(
                (
                    Decimal(row["percent"]) / 100
                    for row in rows[key]["commission"] or []
                    if row["receiver"] == "adviser"
                ),
                None,
            ),
            begin_url=reverse("advisers:begin", kwargs={"company": company.slug, "product": version.product.slug}),
        )
        for key, version in sold.items()
    ]
