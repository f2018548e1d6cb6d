"""What an order becomes while it is issued: one value that the steps of the issue fill, one after the other."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from applications.models import Application
from policies.models import Invoice, Policy, PolicyVersion, Section
from products.language.schema import Definition
from products.models import Product, ProductVersion
from products.selectors import compiled
from quotations.models import Order, Quotation
from quotations.offer import Offer
from relations.models import Party


@dataclass
class Contract:
    """An order on its way to a policy: what it stands on, and the rows that it has become so far."""

    order: Order
    holder: Party = field(init=False)
    policy: Policy = field(init=False)
    version: PolicyVersion = field(init=False)
    sections: dict[str, Section] = field(init=False)
    invoice: Invoice = field(init=False)

    @property
    def on(self) -> date:
        """The day of the order, on which the policy is issued."""
        return self.order.on

    @property
    def quotation(self) -> Quotation:
        quotation: Quotation = self.order.quotation
        return quotation

    @property
    def application(self) -> Application:
        application: Application = self.quotation.assessment.application
        return application

    @property
    def product_version(self) -> ProductVersion:
        version: ProductVersion = self.application.version
        return version

    @property
    def product(self) -> Product:
        product: Product = self.product_version.product
        return product

    @property
    def definition(self) -> Definition:
        return compiled(self.product_version).definition

    @cached_property
    def offer(self) -> Offer:
        """The quotation's offer on the ordered plan, as of the day of the order."""
        return Offer(self.quotation.evaluation, self.order.plan, self.order.on)

    @cached_property
    def shared(self) -> dict[str, Any]:
        """The dimensions of all lines that are booked of it."""
        return {"case": self.quotation.case_id, "invoice": self.invoice.pk, "product": self.product.pk}
