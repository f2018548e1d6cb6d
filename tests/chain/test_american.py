"""A company without a European account, in dollars, sells a product without information document."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from applications.party_forms import PartyForm
from companies.links import secret_of
from companies.models import Company
from correspondence.models import Message
from documents.models import Document
from policies.models import Invoice, Policy
from products.models import ProductVersion
from products.selectors import compiled
from tests import given
from tests.chain import scenes

pytestmark = pytest.mark.django_db
ANSWERS = {"start_date": "2026-12-01", "insured_sum": "40000"}
HOLDER: dict[str, Any] = {
    "kind": "person", "name": "Hale", "given_names": "Marcus", "birth_date": "1986-04-17",
    "email": "marcus@hale.example",
    "address": {"street": "Elm Street", "house_number": "1207", "postcode": "63101", "city": "St. Louis, MO",
                "country": "US"},
}  # fmt: skip
KIND: dict[str, Any] = {"answers": ANSWERS, "holder": HOLDER, "language": "en"}


@pytest.fixture
def company() -> Company:
    return given.provider("bluestem-test", "tests/products/us-test.json", at=given.AMERICAN)


def paper(case_id: int, kind: str) -> str:
    """The words of the one paper of a kind in the case; called inside the company."""
    return scenes.text_of(scenes.pdf(Document.objects.select_related("file").get(case=case_id, kind=kind)))


def test_a_summary_of_cover_comes_in_place_of_the_information_document(company):
    quotation = given.quotation(company, **KIND)
    with given.inside(company):
        kinds = [row.kind for row in Document.objects.filter(case=quotation.case_id).order_by("pk")]
        told = paper(quotation.case_id, "summary")
        message = Message.objects.get(case=quotation.case_id)
    assert kinds == ["quotation", "summary", "application"]
    for words in ("Summary of cover", "$40,000", "Contents", "What decided the price", "1 % of $40,000.00", "$400.00",
                  "You can end the policy on any day", "Deductible", "December 1, 2026"):  # fmt: skip
        assert words in told
    assert "Summary of cover" in message.body and "information document" not in message.body


def test_its_form_asks_for_zip_code_city_and_state(company):
    with given.inside(company):
        role = compiled(ProductVersion.objects.get()).definition.parties[0]
    form = PartyForm({}, role=role, country="US", on=date(2026, 12, 1), holder=True, purpose="test")
    assert (form.fields["postcode"].label, form.fields["city"].label) == ("ZIP code", "City and state")
    assert form.errors["postcode"] == ["Expected a ZIP code, found none."]
    dutch = PartyForm({}, role=role, country="NL", on=date(2026, 12, 1), holder=True, purpose="test")
    assert dutch.fields["postcode"].label == "Postcode" and dutch.errors["city"] == ["Expected a town, found none."]


def test_the_papers_of_an_untaxed_product_speak_of_no_tax(company):
    policy = given.policy(company, **KIND)
    with given.inside(company):
        told = [paper(policy.case_id, kind) for kind in ("quotation", "summary", "policy", "invoice")]
    for words in told:
        assert " tax" not in words.lower().replace("insurance tax number", "")
        assert "$400.00" in words and "€" not in words


def test_the_invoice_of_a_company_without_iban_names_check_and_bank_transfer(company):
    # given / when
    policy = given.policy(company, **KIND)
    # then
    with given.inside(company):
        invoice = Invoice.objects.get(policy=policy)
        content = Document.objects.get(case=policy.case_id, kind="invoice").content
        told = paper(policy.case_id, "invoice")
    assert content["transfer"] is None and content["debit"] is None
    for words in ("By check", "Payable to Bluestem-Test", "400 Prairie Avenue", "Columbia, MO 65201",
                  "By bank transfer", "(573) 555-0100", "you pay by check or bank transfer", invoice.payment_reference,
                  "1207 Elm Street", "St. Louis, MO 63101"):  # fmt: skip
        assert words in told
    for words in ("IBAN", "SEPA", "QR", "Scan it"):
        assert words not in told


def test_what_the_product_does_not_say_is_not_said_for_it(company):
    policy = given.policy(company, **KIND)
    with given.inside(company):
        told = [paper(policy.case_id, kind) for kind in ("quotation", "summary", "policy")]
        body = Message.objects.get(case=policy.case_id, key=f"policy:{policy.number}").body
    for words in told:  # no product names its deductible section by section, so "none" would be a promise
        assert "Deductible" in words and "Excess" not in words
        assert "see the clauses" in words or "by the conditions" in words
    assert "Check the policy against your application." in body and "withdraw" not in body


def test_its_customer_orders_with_the_summary_before_his_eyes(company):
    # given
    quotation = given.quotation(company, **KIND)
    with given.inside(company):
        secret = secret_of(scenes.customer_link(quotation).nonce)
    page = Client().get(f"/{company.slug}/c/{secret}/").content.decode()
    assert "Summary of cover" in page and "information document" not in page and "$400.00" in page
    # when
    given.ordered(company, quotation, plan="two_pay")
    given.work(company)
    # then
    with given.inside(company):
        invoice = Invoice.objects.get(policy=Policy.objects.get(case=quotation.case_id))
    assert (str(invoice.fees), str(invoice.total)) == ("10.00", "410.00")
    assert scenes.books_are_right(company)
