"""The instalments of the ordered plan stand as open items, to the cent and on their days (S0-26, S0-31)."""

from decimal import Decimal

import pytest

from ledger.models import Entry, Line, OpenItem
from policies.models import Instalment, Invoice, PolicyVersion
from tests import given
from tests.chain import scenes

pytestmark = pytest.mark.django_db

DAYS = {
    "annual": ["2027-01-31"],
    "quarterly": ["2027-01-31", "2027-04-30", "2027-07-31", "2027-10-31"],
    "monthly": [
        "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30", "2027-07-31", "2027-08-31",
        "2027-09-30", "2027-10-31", "2027-11-30", "2027-12-31",
    ],
}  # fmt: skip
SUMS = {
    "100000": ("1000.00", "210.00", "1210.00"),  # 1,210.00 / 12 = 100.8333
    "33333.33": ("333.33", "70.00", "403.33"),  # 403.33 / 4 = 100.8325
}


@pytest.mark.parametrize("insured", SUMS)
@pytest.mark.parametrize("plan", DAYS)
def test_instalments_are_open_items_that_sum_to_the_invoice(plan, insured):
    company = given.provider("duinhaven", given.PLANS)
    quotation = given.quotation(company, answers={**scenes.PLANS_ANSWERS, "insured_sum": insured})
    assert scenes.order(company, quotation, plan=plan).state == "done"
    with given.inside(company):
        invoice, entry = Invoice.objects.get(), Entry.objects.get()
        net, tax, total = map(Decimal, SUMS[insured])
        assert (invoice.net, invoice.tax, invoice.fees, invoice.total, entry.total) == (
            net,
            tax,
            Decimal(0),
            total,
            total,
        )
        assert (invoice.plan, PolicyVersion.objects.get().plan) == (plan, plan)
        items = list(OpenItem.objects.order_by("position").values_list("due_date", "amount"))
        assert [day.isoformat() for day, _amount in items] == DAYS[plan]
        assert items == list(Instalment.objects.order_by("position").values_list("due_on", "amount"))
        amounts = [amount for _day, amount in items]
        assert sum(amounts) == total
        assert max(amounts) - min(amounts) <= Decimal("0.01")
        assert Line.objects.get(account__role="debtors").debit == total
    assert scenes.books_are_right(company)


def test_papers_of_each_plan_are_filed_and_name_its_days():
    company = given.provider("duinhaven", given.PLANS)
    policy = given.policy(company, plan="monthly", answers=scenes.PLANS_ANSWERS)
    with given.inside(company):
        document = policy.case.documents.select_related("file").get(kind="invoice")
        text = scenes.text_of(scenes.pdf(document))
        first = Instalment.objects.get(position=1)
    assert str(first.amount).replace(".", ",") in text
    assert text.count("2027") >= 12
