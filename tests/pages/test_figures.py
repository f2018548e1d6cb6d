"""Figures: sales by product and week, premium by line, outcomes by rule, open items by age, against sums by hand."""

import csv
import io
from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from acceptance.figures import outcomes_by_rule
from acceptance.models import Assessment
from applications.models import Application, ApplicationState
from common.charts import SPAN, Bar, drawn
from companies.clock import today
from ledger.models import OpenItem
from ledger.selectors.ages import open_by_age
from policies.figures import premium_by_line, sales_by_product, sales_by_week, sold
from policies.models import Invoice, Policy
from policies.sums import sums_of
from products.lines import line_name
from tests import given, world

pytestmark = pytest.mark.django_db
OFFICE = "/duinhaven/office/"
PAGES = {"policies": f"{OFFICE}policies/figures/", "rules": f"{OFFICE}acceptance/figures/"}
AGES = f"{OFFICE}ledger/debtors/ages/"


@pytest.fixture
def clerk(here):
    return world.client_of("all@duinhaven.example")


def table(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_sales_are_the_policies_ordered_in_the_period(here):
    world.bare_policies(here.company, 2)
    with given.inside(here.company):
        days = list(Policy.objects.values_list("order__on", flat=True))
        first, last = min(days), max(days)
        weeks = sold(sums_of(since=first, until=last))
        by_week = Counter(day - timedelta(days=day.weekday()) for day in days)
        assert {week: counts.total() for week, counts in weeks.items()} == dict(by_week)
        assert sum(row[1] for row in sales_by_product(weeks).rows) == len(days) == 3
        assert [row[-1] for row in sales_by_week(weeks).rows] == [count for _week, count in sorted(by_week.items())]
        assert sold(sums_of(since=last + timedelta(days=1), until=last + timedelta(days=9))) == {}


def test_premium_by_line_is_the_sum_of_the_invoices(here):
    with given.inside(here.company):
        invoices = list(Invoice.objects.select_related("policy__product"))
        days = [invoice.invoiced_on for invoice in invoices]
        figure = premium_by_line(sums_of(since=min(days), until=max(days)))
        expected: defaultdict[str, Decimal] = defaultdict(Decimal)
        for invoice in invoices:
            expected[line_name(invoice.policy.product.line_of_business)] += invoice.net
        assert {row[0]: row[1] for row in figure.rows} == dict(expected)
        assert sum(row[4] for row in figure.rows) == sum(invoice.total for invoice in invoices)
        later = sums_of(since=max(days) + timedelta(days=1), until=max(days) + timedelta(days=2))
        assert premium_by_line(later).rows == []


def assess(here, on, *reasons):
    """An application of its own, assessed with these reasons."""
    told = [{"key": key, "outcome": outcome} for key, outcome in reasons]
    application = Application.objects.get(pk=here.application.pk)
    application.pk, application.command, application.state = None, None, ApplicationState.SUBMITTED
    application.number = f"A-{Application.objects.count()}"
    application.save(force_insert=True)
    Assessment.objects.create(
        application=application, outcome="refer", reasons=told, terms=[], trace={}, definition_sha256="0" * 64,
        on=on,
    )  # fmt: skip


def test_each_rule_counts_what_it_said_once_an_assessment(here):
    with given.inside(here.company):
        day = today(here.company)
        assess(here, day, ("A1", "refer"), ("A2", "decline"))
        assess(here, day, ("A1", "refer"), ("A1", "refer"))
        assess(here, day, ("A2", "special"))
        assess(here, day - timedelta(days=30), ("A1", "decline"))
        figure = outcomes_by_rule(since=day, until=day)
        assert figure.rows == [("A1", 0, 2, 0), ("A2", 1, 0, 1)]
        assert figure.total == "4"
        slug = here.application.version.product.slug
        assert outcomes_by_rule(since=day, until=day, product=slug).rows == figure.rows
        assert outcomes_by_rule(since=day, until=day, product="another").rows == []


def test_a_rule_is_read_in_the_underwriters_words_with_its_values_left_open(here, clerk):
    with given.inside(here.company):
        assess(here, today(here.company), ("R02_NO_THEFT_DEVICE", "refer"), ("GONE", "refer"))
    said = "Value …, below 20,000, without a device against theft."
    page = clerk.get(PAGES["rules"]).content.decode()
    assert f'R02_NO_THEFT_DEVICE<small class="under">{said}</small>' in page
    assert '<th scope="row">GONE</th>' in page
    rows = table(clerk.get(PAGES["rules"] + "?export=outcomes-by-rule"))
    assert rows[0][-1] == "What it says" and {row[0]: row[-1] for row in rows[1:]}["R02_NO_THEFT_DEVICE"] == said
    assert all(len(row) == 5 for row in rows)


@pytest.mark.parametrize(("late", "band"), [(0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4)])
def test_an_open_item_stands_in_the_age_of_its_days(here, late, band):
    clerk = given.actor_of(given.member(here.company, f"books{late}@duinhaven.example", "bookkeeper"))
    with given.inside(here.company):
        items = list(OpenItem.objects.filter(amount__gt=0, account__control="debtors"))
        last = max(item.due_date for item in items)
        on = last + timedelta(days=late)
        ages = open_by_age(on=on, actor=clerk)
        assert sum(age.amount for age in ages) == sum(item.amount for item in items)
        due_last = [item for item in items if item.due_date == last]
        found = next(age for age in ages if age.band == band)
        assert found.amount >= sum(item.amount for item in due_last)
        assert sum(age.items for age in ages) == len(items)


def test_bars_are_zero_based_and_the_longest_takes_the_span():
    drawing = drawn([Bar("All", [3, 1]), Bar("Half", [2, 0]), Bar("None", [0, 0])], figure=str)
    assert [(s.x, s.width, s.voice) for s in drawing.rows[0].segments] == [
        (0, SPAN * 3 // 4, "bar-fill"), (SPAN * 3 // 4, SPAN // 4, "bar-soft"),
    ]  # fmt: skip
    assert [sum(part.width for part in row.segments) for row in drawing.rows] == [SPAN, SPAN // 2, 0]
    assert drawing.told == "All: 4; Half: 2; None: 0"


def test_pages_show_chart_table_and_file_alike(here, clerk):
    page = clerk.get(PAGES["policies"]).content.decode()
    assert page.count('role="img"') == 3 and page.count("<summary>Table</summary>") == 3
    with given.inside(here.company):
        net = sum(Invoice.objects.values_list("net", flat=True), Decimal(0))
    rows = table(clerk.get(PAGES["policies"] + "?export=premium-by-line"))
    assert rows[0] == ["Line of business", "Net", "Tax", "Fees", "Total"]
    assert sum(Decimal(row[1]) for row in rows[1:]) == net
    assert clerk.get(PAGES["policies"] + "?export=nonsense").status_code == 404
    ages = clerk.get(AGES).content.decode()
    assert "Not due yet" in ages and 'role="img"' in ages
    assert len(table(clerk.get(AGES + "?export=open-items-by-age"))) == 6


def test_a_period_without_anything_says_so(here, clerk):
    for path in PAGES.values():
        page = clerk.get(path + "?since=2001-01-01&until=2001-01-31").content.decode()
        assert "Nothing in this period" in page and '<svg class="chart"' not in page
    assert clerk.get(PAGES["policies"] + "?since=nonsense").status_code == 200


def test_figures_take_as_many_queries_for_many_rows_as_for_few(here, clerk):
    clerk.get(PAGES["policies"])
    with CaptureQueriesContext(connection) as few:
        clerk.get(PAGES["policies"])
    world.bare_policies(here.company, 3, name="Haddad")
    with CaptureQueriesContext(connection) as many:
        clerk.get(PAGES["policies"])
    assert len(few) == len(many)
