"""The rehearsal twin walks the whole chain and nothing of it reaches the company (DESIGN section 5)."""

import pytest
from django.core import mail

from companies.actor import ROBOT
from companies.models import Company
from companies.services.founding import set_profile
from documents.models import Document
from ledger.models import Entry
from ledger.services import open_books
from policies.models import Invoice
from tests import given
from tests.chain import scenes

pytestmark = pytest.mark.django_db


def test_policy_of_the_twin_stays_there_and_says_what_it_is():
    company = given.provider()
    twin = Company.objects.get(rehearsal_of=company)
    with given.inside(twin):
        open_books(kind=twin.kind, actor=ROBOT)
        set_profile(on=given.DAY, actor=ROBOT, iban="NL91ABNA0417164300", email="proef@duinhaven.example")
    before = scenes.counts(company)
    policy = given.policy(twin, answers={**given.TRAILER_ANSWERS, "start_date": "2026-07-01"})
    with given.inside(twin):
        assert Invoice.objects.get().policy_id == policy.pk
        assert Entry.objects.count() == 1
        papers = list(Document.objects.select_related("file").filter(case=policy.case_id))
        assert len(papers) == 5
        for paper in papers:
            assert "niets in dit document is verzekerd" in scenes.text_of(scenes.pdf(paper)), paper.kind
    assert scenes.counts(company) == before
    assert scenes.books_are_right(twin)
    assert len(mail.outbox) == 2
