"""Conditions that the lists of the chain share: product and adviser."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from companies.lists import ListFilter
from products.models import Product
from relations.models import Appointment

DIRECT = "direct"


class BusinessFilter(ListFilter):
    """Number or name, product by its short name, adviser by his number or “direct”.

    `product_by` and `adviser_by` name the columns that hold the product's and the adviser's id.
    """

    product_by = "version__product"
    adviser_by = "adviser"
    product = forms.ChoiceField(label=_("Product"), required=False)
    adviser = forms.ChoiceField(label=_("Adviser"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = (get_language() or "en")[:2]
        self.products = {product.slug: product for product in Product.objects.order_by("slug")}
        self.advisers = {a.party.number: a.party for a in Appointment.objects.select_related("party")}
        products = sorted((product.name(language), slug) for slug, product in self.products.items())
        advisers = sorted((party.sort_key, party.sort_name, number) for number, party in self.advisers.items())
        fields: dict[str, Any] = self.fields
        fields["product"].choices = [("", _("All products")), *((slug, name) for name, slug in products)]
        fields["adviser"].choices = [
            ("", _("All advisers")),
            (DIRECT, _("Direct, without adviser")),
            *((number, name) for _key, name, number in advisers),
        ]

    def narrow_business(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Cut to the product and the adviser asked for."""
        if slug := self.cleaned_data.get("product"):
            rows = rows.filter(**{self.product_by: self.products[slug].pk})
        adviser = self.cleaned_data.get("adviser")
        if adviser == DIRECT:
            return rows.filter(**{f"{self.adviser_by}__isnull": True})
        return rows.filter(**{self.adviser_by: self.advisers[adviser].pk}) if adviser else rows
