"""Quotation and policy side by side: equal field by field, for each kind of product; a difference is marked."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from companies.models import Company
from policies.equal import compared, differing
from policies.models import Policy
from tests import given, world
from tests.chain.test_american import KIND as AMERICAN

pytestmark = pytest.mark.django_db
PLANS = {"answers": {"start_date": "2026-12-01", "insured_sum": "100000.00"}}
KINDS: list[tuple[str, dict[str, str], str | None, dict[str, Any]]] = [
    (given.PLANS, given.DUTCH, "monthly", PLANS),
    ("tests/products/us-test.json", given.AMERICAN, None, AMERICAN),
]


def loaded(policy: Policy) -> Policy:
    """The policy with all that it stands on; called inside the company."""
    related = ("case", "holder", "adviser", "order__quotation__assessment__application")
    return Policy.objects.select_related(*related).get(pk=policy.pk)


def report(company: Company) -> tuple[int, dict[str, Any]]:
    out = io.StringIO()
    try:
        call_command("policies_equal", "--company", company.slug, "--json", stdout=out)
        code = 0
    except SystemExit as end:
        code = int(str(end.code))
    return code, json.loads(out.getvalue())


@pytest.mark.parametrize(("product", "at", "plan", "facts"), KINDS, ids=["monthly", "american"])
def test_every_field_of_the_policy_is_that_of_its_quotation(product, at, plan, facts):
    company = given.provider("kustwacht", product, at=at)
    all_equal(company, given.policy(company, plan=plan, **facts))


def test_so_is_a_policy_by_an_adviser_and_one_of_two_taxed_sections(issued, german):
    all_equal(*issued)
    all_equal(*german)


def all_equal(company: Company, policy: Policy) -> None:
    """Every field of the one policy is that of its quotation, in words and by the command."""
    with given.inside(company):
        rows = compared(loaded(policy))
        assert differing(loaded(policy)) == []
    chapters = {row.chapter for row in rows}
    assert {"Contract", "Answers", "Cover", "Premium", "Payment"} <= chapters and len(rows) >= 25
    assert report(company) == (0, {"policies": 1, "differences": []})


SEEDED = [
    ("UPDATE policies_policyversion SET net = net + 1, total = total + 1", "Premium: Net, policy"),
    ("UPDATE policies_section SET valid_until = valid_until + 1", "Cover: "),
    ('UPDATE policies_section SET objects_insured = \'[{"sum": "1.00"}]\'', "Cover: "),
    ("UPDATE policies_instalment SET amount = amount + 1", "Payment: Instalment 1, amount"),
    ("UPDATE policies_policy SET starts_on = starts_on + 1", "Contract: Start of cover"),
    ("UPDATE policies_policyversion SET answers = answers || '{\"age_months\": 7}'", "Answers: "),
    ("UPDATE policies_policyversion SET terms = '[]'", "Terms: "),
]


@pytest.mark.parametrize(("sql", "field"), SEEDED, ids=[sql.split()[1] + sql.split()[3] for sql, _field in SEEDED])
def test_a_difference_written_past_every_door_is_found(issued, sql, field):
    company, policy = issued
    seeded(company, sql)
    code, told = report(company)
    assert code == 1
    assert {row["policy"] for row in told["differences"]} == {policy.number}
    assert any(row["field"].startswith(field) for row in told["differences"]), told


def seeded(company: Company, sql: str) -> None:
    """A row changed as only the machine's owner could: without a wall and without guards."""
    table = sql.split()[1]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("RESET ROLE")
        cursor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        cursor.execute(f"{sql} WHERE company_id = %s", [company.pk])
        cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
        cursor.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
        cursor.execute("SET ROLE bo_app")


def test_the_page_shows_the_two_and_marks_what_differs(issued):
    company, policy = issued
    world.employee(company, "all@duinhaven.example", *world.ALL_RIGHTS)
    client = world.client_of("all@duinhaven.example")
    there = f"/duinhaven/office/cases/{policy.case.number}/compare/"
    whole = client.get(there).content.decode()
    assert "fields of the policy equal those of the quotation" in whole and "Differs" not in whole
    seeded(company, "UPDATE policies_policyversion SET net = net + 1, total = total + 1")
    marked = client.get(there).content.decode()
    assert marked.count(">Differs<") == 2 and "2 of " in marked
