"""A fee beside the premium, of which insurance tax is due too: it stands so on quotation and invoice."""

import json
from pathlib import Path
from typing import Any

import pytest

from documents.models import Document
from documents.rendering.plain import from_plain
from policies.models import Invoice
from tests import given
from tests.chain import scenes

pytestmark = pytest.mark.django_db
TRAVELLER = {"birth_date": "1990-05-01", "winter_sports": False}
TRIP = {
    "start_date": "2026-12-01", "return_date": "2026-12-10", "area": "europe", "travellers": [TRAVELLER],
    "cancellation": False,
}  # fmt: skip


def test_a_taxed_fee_lies_in_the_tax_base_of_quotation_and_invoice(tmp_path: Path) -> None:
    definition = json.loads((given.ROOT / "tests/products/own_kinds/travel.json").read_text(encoding="utf-8"))
    definition["editions"][0]["valid_from"] = "2026-01-01"
    product = tmp_path / "travel.json"
    product.write_text(json.dumps(definition), encoding="utf-8")
    company = given.provider("reiswijk", str(product))
    policy = given.policy(company, language="en", answers=TRIP)
    with given.inside(company):
        invoice = Invoice.objects.get(policy=policy)
        papers = {row.kind: row for row in Document.objects.filter(case=policy.case_id)}
        printed: Any = from_plain("invoice", papers["invoice"].content)
        quoted: Any = from_plain("quotation", papers["quotation"].content)
    (tax,) = printed.taxes
    # 12.00 for ten days and 3.50 of costs: 21 % of 15.50 is 3.255, in cents 3.26
    assert (str(invoice.net), str(tax.base), str(tax.amount), str(invoice.total)) == ("12.00", "15.50", "3.26", "18.76")
    for paper in (printed.charges, quoted.premium.charges):
        assert [(str(charge.amount), charge.taxed) for charge in paper] == [("3.50", True)]
    assert scenes.books_are_right(company)
