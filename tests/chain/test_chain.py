"""From a visitor's draft to a booked policy, through the services, as a worker does it."""

import pytest
from django.core import mail

from companies.models import Command
from correspondence.models import Delivery
from documents.models import Document
from ledger.models import Line
from policies.models import Invoice
from tests import given

pytestmark = pytest.mark.django_db


def test_application_becomes_quotation_policy_and_mails():
    company = given.provider()
    adviser = given.adviser(company)
    policy = given.policy(company, code="ilse-markus")
    with given.inside(company):
        invoice = Invoice.objects.get(policy=policy)
        assert (str(invoice.net), str(invoice.tax), str(invoice.total)) == ("116.88", "24.54", "141.42")
        assert policy.adviser_id == adviser.pk
        assert sorted(Document.objects.values_list("kind", flat=True)) == [
            "application",
            "invoice",
            "ipid",
            "policy",
            "quotation",
        ]
        assert Delivery.objects.count() == 4
        assert set(Command.objects.values_list("state", flat=True)) == {"done"}
        booked = sorted(
            (line.account.role, str(line.debit), str(line.credit)) for line in Line.objects.select_related("account")
        )
        assert booked == [
            ("advisers", "0.00", "17.53"),
            ("commission_expense", "17.53", "0.00"),
            ("debtors", "141.42", "0.00"),
            ("insurance_tax_due", "0.00", "24.54"),
            ("premium", "0.00", "116.88"),
        ]
    assert [len(m.attachments) for m in mail.outbox] == [3, 3, 3, 3]
