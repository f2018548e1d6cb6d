"""How many statements an order costs. Fewer is welcome: write the new number here; more has to be worth it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from companies.jobs import run_job
from companies.models import Job
from tests import given

pytestmark = pytest.mark.django_db

NOT_COUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK TO")
ORDER = 35


def test_statements_of_one_order():
    company = given.provider()
    given.adviser(company)
    given.policy(
        company, holder={**given.HOLDER, "name": "Ockels", "email": "p@ockels.example"}
    )  # number series are there
    command = given.ordered(company, given.quotation(company, code="ilse-markus"))
    with given.inside(company):
        ticket = Job.objects.get(key=f"command:{command.pk}").ticket
    with CaptureQueriesContext(connection) as seen:
        assert run_job(ticket)
    statements = [query["sql"] for query in seen if not query["sql"].startswith(NOT_COUNTED)]
    assert len(statements) == ORDER, "\n".join(statement[:160] for statement in statements)
