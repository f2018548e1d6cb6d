"""The sums that figures are read from equal policies and invoices, whoever writes these, and nobody waits for them."""

import io
import json
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from companies.models import Company
from policies.models import DaySum, Invoice, Policy
from policies.sums import differing_sums
from products.models import Product
from tests import given, world
from tests.conftest import role_connection
from tests.policies.withdrawing import withdrawn

pytestmark = pytest.mark.django_db
ADD = "SELECT sec.add_day_sum(%s, '2026-03-02', %s, 1, 10.00, 2.10, 0.00, 12.10)"


def kept() -> dict[str, Any]:
    return DaySum.objects.aggregate(*map(Sum, ("policies", "net", "tax", "fees", "total")))


def test_sums_are_those_of_policies_and_invoices(issued):
    company, policy = issued
    # given: another policy of the day, and a customer who withdrew: an invoice and its credit note
    world.bare_policies(company, 1)
    withdrawn(company, policy)
    with given.inside(company):
        # then: nothing differs, the policy that was withdrawn from counts as ordered, and its premium is gone
        assert differing_sums() == []
        found = kept()
        assert found["policies__sum"] == Policy.objects.count() == 2
        invoiced = Invoice.objects.aggregate(*map(Sum, ("net", "tax", "fees", "total")))
        assert {key: found[key] for key in invoiced} == invoiced
        assert DaySum.objects.count() == DaySum.objects.values("on", "product").distinct().count()


def report(company: Company) -> tuple[int, dict[str, Any]]:
    out = io.StringIO()
    try:
        call_command("figures_equal", "--company", company.slug, "--json", stdout=out)
    except SystemExit as end:
        return int(str(end.code)), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_the_command_says_that_they_agree_and_refuses_an_unknown_company(issued):
    assert report(issued[0]) == (0, {"days": 1, "differences": []})
    with pytest.raises(CommandError) as wrong:
        call_command("figures_equal", "--company", "nobody")
    assert wrong.value.returncode == 2


@pytest.mark.parametrize("verb", ["UPDATE {} SET net = 0", "DELETE FROM {}", "INSERT INTO {} DEFAULT VALUES"])
def test_no_door_writes_a_sum(verb):
    for role in ("bo_app", "bo_public"):
        with role_connection(role) as login, pytest.raises(psycopg.errors.InsufficientPrivilege):
            login.execute(verb.format("policies_daysum"))
    with role_connection("bo_app") as login, pytest.raises(psycopg.errors.InsufficientPrivilege):
        login.execute(ADD, [1, 1])


@pytest.mark.django_db(transaction=True)
def test_who_finds_a_sum_held_begins_his_own_and_what_is_wrong_is_named():
    company = given.provider()
    with given.inside(company):
        product = Product.objects.get().pk
    with role_connection("bo_owner") as one, role_connection("bo_owner") as other:
        for login in (one, other):
            login.execute("SET ROLE sec_guard")
            login.execute("SET lock_timeout = '1s'")
        one.execute(ADD, [company.pk, product])
        # when: one has added to the row and isn't done
        with one.transaction():
            one.execute(ADD, [company.pk, product])
            other.execute(ADD, [company.pk, product])
        other.execute(ADD, [company.pk, product])
    with given.inside(company):
        # then: the other didn't wait, and both count; a free row is added to
        rows = list(DaySum.objects.order_by("pk").values_list("policies", flat=True))
        assert rows == [3, 1]
    # and: since no policy stands behind them, the command names the day
    code, found = report(company)
    assert code == 1
    assert found["differences"] == [{
        "on": "2026-03-02", "product": "nl-horse-trailer", "policies": "4", "net": "40.00", "tax": "8.40",
        "fees": "0.00", "total": "48.40",
    }]  # fmt: skip
