"""What a client holds already, as a product's `contracts` expect it (docs/products.md).

Only of a client whom the office picked from the relations: whoever merely says that he is somebody is told nothing of
what that somebody holds, not even by the questions he is asked or by his price. The rooms above know what is held; they
register who tells it.
"""

from collections.abc import Callable

from applications.models import Draft
from products.language import Product
from products.models import ProductVersion
from products.selectors import compiled

Contract = dict[str, str]  # product, line_of_business, valid_from
Teller = Callable[[int], list[Contract]]
TELLERS: list[Teller] = []
MOST = 200  # as many contracts as the language takes


def tells_contracts(teller: Teller) -> Teller:
    """Register who tells the contracts that a party holds."""
    TELLERS.append(teller)
    return teller


def contracts_of(draft: Draft) -> list[Contract]:
    """The contracts that the known client of a draft holds; none where nobody picked him from the relations."""
    if draft.known_id is None:
        return []
    return [contract for teller in TELLERS for contract in teller(draft.known_id)][:MOST]


def product_for(draft: Draft, version: ProductVersion | None = None) -> Product:
    """The draft's version, or another, as its client is asked by it: beside the contracts that he holds."""
    return compiled(version or draft.version).beside(contracts_of(draft))
