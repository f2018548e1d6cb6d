"""Policies in force, built once a module; each test's own writes are rolled back to them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from companies.models import Company
from policies.models import Policy
from tests import given
from tests.chain.conftest import woken
from tests.policies import withdrawing

__all__ = ["woken"]


def loaded(company: Company, policy: Policy) -> Policy:
    """The policy with its case and quotation, which a test reads outside the company too."""
    with given.inside(company):
        return Policy.objects.select_related("case", "order__quotation").get(pk=policy.pk)


@pytest.fixture(scope="module")
def issued(django_db_setup: Any, django_db_blocker: Any) -> Iterator[tuple[Company, Policy]]:
    """A Dutch policy with its papers sent, by an adviser."""
    with django_db_blocker.unblock(), transaction.atomic():
        company = given.provider()
        given.adviser(company)
        yield company, loaded(company, given.policy(company, code="ilse-markus"))
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def german(django_db_setup: Any, django_db_blocker: Any) -> Iterator[tuple[Company, Policy]]:
    """A German policy with its papers sent."""
    with django_db_blocker.unblock(), transaction.atomic():
        company = given.provider("lindenquell", "products/catalogue/de-contents-glass.json", at=given.GERMAN)
        facts: dict[str, Any] = {"answers": withdrawing.GERMAN_ANSWERS, "holder": withdrawing.GERMAN_HOLDER}
        yield company, loaded(company, given.policy(company, language="de", **facts))
        transaction.set_rollback(True)
