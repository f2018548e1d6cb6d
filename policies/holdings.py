from applications.held import Contract, tells_contracts
from policies.models import Policy, PolicyState


@tells_contracts
def policies_in_force(party_id: int) -> list[Contract]:
    """The policies of a holder that haven't ended, oldest first; a product sees by its day whether one has begun."""
    rows = Policy.objects.select_related("product").filter(holder=party_id, state=PolicyState.ACTIVE)
    return [
        {
            "product": row.product.slug,
            "line_of_business": row.product.line_of_business,
            "valid_from": row.starts_on.isoformat(),
        }
        for row in rows.order_by("starts_on", "pk")
    ]
