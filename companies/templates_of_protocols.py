"""Ready-made protocols for the usual posts; a company gets its own copies and may change them (S2-05)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from companies.models import Act, PartCode, Right

V, E, I = Right.VIEW, Right.EDIT, Right.INPUT  # noqa: E741 the three letters of the matrix
P = PartCode


@dataclass(frozen=True, slots=True)
class ProtocolTemplate:
    """A post in an insurer's office: which rights on which parts, and which named acts."""

    slug: str
    name: "str | Promise"
    rights: dict[PartCode, tuple[Right, ...]]
    acts: tuple[Act, ...] = ()

    def pairs(self) -> Iterator[tuple[PartCode, Right]]:
        """Each right one by one."""
        return ((part, right) for part, rights in self.rights.items() for right in rights)


TEMPLATES = {
    template.slug: template
    for template in (
        ProtocolTemplate(
            "policy-clerk",
            _("Policy clerk"),
            {
                P.APPLICATIONS: (V, I),
                P.QUOTATIONS: (V,),
                P.POLICIES: (V, E, I),
                P.RELATIONS: (V, E, I),
                P.ADDRESSES: (V, E, I),
                P.INVOICES: (V, I),
                P.IMPORT: (V, E, I),
            },
        ),
        ProtocolTemplate(
            "acceptor",
            _("Acceptor"),
            {P.APPLICATIONS: (V,), P.ACCEPTANCE: (V, E, I), P.QUOTATIONS: (V,), P.RELATIONS: (V,), P.POLICIES: (V,)},
            (Act.DECIDE_REFERRAL,),
        ),
        ProtocolTemplate(
            "quotation-officer",
            _("Quotation officer"),
            {P.APPLICATIONS: (V,), P.ACCEPTANCE: (V, E), P.QUOTATIONS: (V, E, I), P.RELATIONS: (V,), P.POLICIES: (V,)},
        ),
        ProtocolTemplate(
            "bookkeeper",
            _("Bookkeeper"),
            {
                P.LEDGER: (V,),
                P.LEDGER_INPUT: (V, I),
                P.DEBTORS: (V,),
                P.CREDITORS: (V,),
                P.MATCHING: (V, E, I),
                P.INVOICES: (V,),
                P.RELATIONS: (V,),
                P.IMPORT: (V, E, I),
            },
        ),
        ProtocolTemplate(
            "debtor-clerk",
            _("Debtor clerk"),
            {P.DEBTORS: (V,), P.INVOICES: (V,), P.RELATIONS: (V,), P.MATCHING: (V, I)},
        ),
        ProtocolTemplate(
            "claims-handler",
            _("Claims handler"),
            {P.CLAIMS: (V, E, I), P.CLAIMS_HANDLING: (V, E, I), P.POLICIES: (V,), P.RELATIONS: (V,)},
        ),
        ProtocolTemplate("product-developer", _("Product developer"), {P.PRODUCTS: (V, E, I)}),
        ProtocolTemplate(
            "product-approver", _("Product approver"), {P.PRODUCTS: (V,)}, (Act.APPROVE_PRODUCT, Act.RELEASE_PRODUCT)
        ),
        ProtocolTemplate("auditor", _("Auditor"), dict.fromkeys(P, (V,))),
    )
}
