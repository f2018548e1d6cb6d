"""Quotation and policy side by side: equal field by field, for each kind of product; a difference is marked."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import translation

from applications.steps import QUESTIONS, Step
from applications.told import told_answers
from companies.models import Company
from policies.equal import compared, differing
from policies.models import Policy
from portal.case_file import answers_told
from products.selectors import compiled
from products.words import Reader
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
    related = (
        "case",
        "adviser",
        "order__quotation__assessment__application__version",
        "order__quotation__assessment__application__adviser",
    )
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
    assert {"Contract", "Answers", "Cover", "Premium", "Payment"} <= chapters and len(rows) >= 20
    assert report(company) == (0, {"policies": 1, "differences": []})


LONGER = "UPDATE policies_policy SET renews_on = renews_on + 1 WHERE id = %s"
# A version before the first, for no day, which nobody issued: what the office's login may write past every service.
FORGED = (
    "INSERT INTO policies_policyversion (company_id, policy_id, number, transaction, product_version_id, answers, "
    "terms, evaluation, plan, valid_from, valid_until, net, tax, fees, total) "
    "SELECT company_id, policy_id, 0, transaction, product_version_id, answers || '{\"age_months\": 7}', '[]', "
    "evaluation, plan, valid_from, valid_from, net + 1, tax, fees, total + 1 "
    "FROM policies_policyversion WHERE policy_id = %s"
)
SEEDED = [
    (LONGER, {"Contract: End of the term"}),
    (FORGED, {"Premium: Net, policy", "Premium: Total, policy", "Terms: ", "Answers: ", "Cover: "}),
]


@pytest.mark.parametrize(("sql", "fields"), SEEDED, ids=["longer", "forged"])
def test_a_difference_written_past_every_service_is_found(issued, sql, fields):
    company, policy = issued
    seeded(company, policy, sql)
    code, told = report(company)
    assert code == 1
    assert {row["policy"] for row in told["differences"]} == {policy.number}
    for field in fields:
        assert any(row["field"].startswith(field) for row in told["differences"]), (field, told)


def seeded(company: Company, policy: Policy, sql: str) -> None:
    """A row written by raw SQL as the office's login."""
    with given.inside(company), connection.cursor() as cursor:
        cursor.execute(sql, [policy.pk])


READ = [
    ("issued", "nl", {"0 maanden", "€\u00a08.500,00"}, {"€\u00a0116,88", "21\u00a0%"}),
    ("issued", "de", {"0 months", "8.500,00\u00a0€", "Ja"}, {"116,88\u00a0€", "21\u00a0%"}),
    ("german", "de", {"140 m²", "Ja"}, {"168,71\u00a0€", "16,15\u00a0%"}),
]


@pytest.mark.parametrize(("whose", "language", "answers", "amounts"), READ, ids=["dutch", "abroad", "german"])
def test_an_answer_reads_on_every_page_as_the_form_writes_it(request, whose, language, answers, amounts):
    company, policy = request.getfixturevalue(whose)
    with given.inside(company), translation.override(language):
        beside = {row.field: row.both for row in compared(loaded(policy))}
        application = loaded(policy).order.quotation.assessment.application
        product = compiled(application.version)
        page = Step("all", QUESTIONS, tuple(product.keys))
        form = dict(told_answers(product, page, application.answers, application.submitted_on, language))
        file = {one.label: one.words for one in answers_told(application.answers, application.version, language)}
        seen = Reader(product, language).values(application.answers)
    assert answers <= set(form.values())
    assert file == {label: form[label] for label in file}
    assert {label: beside[label] for label in file} == {label: (words, words) for label, words in file.items()}
    assert amounts <= {words for both in beside.values() for words in both}
    assert all(answer.lower() in seen.lower() for answer in answers)


def test_the_page_shows_the_two_and_marks_what_differs(issued):
    company, policy = issued
    world.employee(company, "all@duinhaven.example", *world.ALL_RIGHTS)
    client = world.client_of("all@duinhaven.example")
    there = f"/duinhaven/office/cases/{policy.case.number}/compare/"
    whole = client.get(there).content.decode()
    assert "fields of the policy equal those of the quotation" in whole and "Differs" not in whole
    seeded(company, policy, LONGER)
    marked = client.get(there).content.decode()
    assert marked.count(">Differs<") == 1 and "1 of " in marked
