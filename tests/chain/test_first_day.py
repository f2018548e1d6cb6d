"""Nobody is insured for days before his order: cover and first payment begin on that day at the earliest."""

from datetime import timedelta

import pytest

from common.periods import months_later
from companies.clock import today
from policies.models import Instalment, Invoice, Policy, Section
from tests import given

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return given.provider()


def ordered_for(company, start):
    answers = {**given.TRAILER_ANSWERS, "start_date": start.isoformat()}
    case = given.policy(company, answers=answers).case_id
    with given.inside(company):
        invoice = Invoice.objects.get(case=case)
        return (
            Policy.objects.get(case=case),
            Section.objects.get(version__policy__case=case),
            invoice,
            Instalment.objects.get(invoice=invoice),
        )


def test_ordered_in_time_it_starts_on_the_day_that_was_asked_for(company):
    start = today(company) + timedelta(days=5)
    policy, section, invoice, instalment = ordered_for(company, start)
    assert policy.starts_on == section.valid_from == invoice.term_from == instalment.due_on == start
    assert policy.renews_on == section.valid_until == months_later(start, 12)


def test_ordered_after_that_day_it_starts_on_the_day_of_the_order(company):
    on = today(company)
    policy, section, invoice, instalment = ordered_for(company, on - timedelta(days=5))
    assert policy.starts_on == section.valid_from == invoice.term_from == instalment.due_on == on
    assert policy.renews_on == section.valid_until == months_later(on, 12)
