"""Lists of the office and the extranet: filter, sort, pages, export, islands, and a constant number of queries."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.clock import frozen
from companies.actor import ROBOT
from quotations.models import Quotation
from quotations.navigation import unordered
from quotations.services.expire import expire_quotations
from relations.models import Party
from tests import given, world

pytestmark = pytest.mark.django_db
OFFICE = "/duinhaven/office/"
LISTS = {
    "applications": f"{OFFICE}applications/",
    "drafts": f"{OFFICE}applications/drafts/",
    "quotations": f"{OFFICE}quotations/",
    "policies": f"{OFFICE}policies/",
    "invoices": f"{OFFICE}invoices/",
    "withdrawals": f"{OFFICE}withdrawals/",
    "relations": f"{OFFICE}relations/",
    "proposals": f"{OFFICE}relations/proposals/",
    "products": f"{OFFICE}products/",
    "jobs": f"{OFFICE}jobs/",
    "imports": f"{OFFICE}imports/",
    "portfolio": "/duinhaven/advisers/",
    "business": "/duinhaven/advisers/applications/",
}
EXTRANET = {"portfolio", "business"}


@pytest.fixture
def clerk(here):
    return world.client_of("all@duinhaven.example")


@pytest.fixture
def ilse(here):
    return world.client_of("ilse@kroonlaan.example")


def queries(client, path):
    """How many statements a page takes, after one visit that warms what is read once a process."""
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as found:
        response = client.get(path)
    assert response.status_code == 200
    return len(found), response


GROWING = ["applications", "quotations", "policies", "invoices", "relations", "portfolio", "business"]


def test_lists_take_the_same_number_of_queries_at_3_and_60_rows(here, clerk, ilse):
    world.bare_policies(here.company, 2, code="ilse-markus")
    few = {name: queries(ilse if name in EXTRANET else clerk, LISTS[name]) for name in GROWING}
    world.bare_policies(here.company, 57, code="ilse-markus", name="Haddad")
    for name in GROWING:
        many, response = queries(ilse if name in EXTRANET else clerk, LISTS[name])
        assert response.context["page"].paginator.count >= 60, name
        assert len(response.context["page"]) == 50, name
        assert many == few[name][0], name
        second = (ilse if name in EXTRANET else clerk).get(LISTS[name] + "?page=2")
        first = {row.pk for row in response.context["page"]}
        assert first.isdisjoint(row.pk for row in second.context["page"]), name


@pytest.mark.parametrize("name", LISTS)
def test_every_sort_works_both_ways_and_an_unknown_one_is_the_lists_own(here, clerk, ilse, name):
    client = ilse if name in EXTRANET else clerk
    view = client.get(LISTS[name]).context["view"]
    for key in view.sorts:
        up = [row.pk for row in client.get(f"{LISTS[name]}?sort={key}").context["page"]]
        down = [row.pk for row in client.get(f"{LISTS[name]}?sort=-{key}").context["page"]]
        assert sorted(up) == sorted(down)
        if len(up) > 1 and None not in up:
            assert up == down[::-1] or key in {"renews", "premium", "live", "adviser", "city", "name", "stage"}
    assert client.get(f"{LISTS[name]}?sort=pk").context["sort"] == view.default_sort


@pytest.mark.parametrize("name", LISTS)
def test_search_that_meets_nothing_says_so(here, clerk, ilse, name):
    response = (ilse if name in EXTRANET else clerk).get(f"{LISTS[name]}?q=zzzz")
    assert response.context["page"].paginator.count == 0
    assert "Nothing meets these conditions" in response.content.decode()


@pytest.mark.parametrize(
    "query",
    ["applications/?state=nonsense", "quotations/?adviser=R-1", "policies/?product=nonsense", "invoices/?adviser=x",
     "relations/?kind=ghost", "relations/proposals/?state=x", "products/?state=x", "jobs/?state=x", "policies/?q=%00"],
)  # fmt: skip
def test_a_condition_that_does_not_exist_is_met_by_nothing(here, clerk, query):
    assert clerk.get(OFFICE + query).context["page"].paginator.count == 0


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("applications/?q=verbruggen", 2),
        ("applications/?state=accepted&product=nl-horse-trailer", 2),
        ("applications/?state=referred", 0),
        ("applications/?adviser=direct", 0),
        ("applications/?channel=adviser", 2),
        ("applications/?channel=office", 0),
        ("applications/drafts/?channel=office", 1),
        ("applications/drafts/?adviser=direct", 1),
        ("applications/drafts/?product=nl-horse-trailer", 2),
        ("quotations/?state=open", 1),
        ("quotations/?state=ordered", 1),
        ("quotations/?state=soon", 0),
        ("policies/?q=VERBRUGGEN", 1),
        ("policies/?state=ended", 0),
        ("invoices/?q=F-", 1),
        ("relations/?role=adviser", 1),
        ("relations/?role=login", 1),
        ("relations/?kind=person&q=sanne", 1),
        ("relations/proposals/?state=open", 1),
        ("relations/proposals/?state=refused", 0),
        ("products/?state=live&q=trailer", 1),
        ("products/?state=submitted", 0),
        ("jobs/?state=failed", 0),
    ],
)
def test_conditions_narrow(here, clerk, path, expected):
    assert clerk.get(OFFICE + path).context["page"].paginator.count == expected


def test_adviser_filter_takes_his_number(here, clerk):
    for name in ("applications", "quotations", "policies", "invoices"):
        found = clerk.get(f"{LISTS[name]}?adviser={here.adviser.number}").context["page"].paginator.count
        assert found == clerk.get(LISTS[name]).context["page"].paginator.count > 0


@pytest.mark.parametrize("name", LISTS)
def test_htmx_gets_the_rows_alone(here, clerk, ilse, name):
    client = ilse if name in EXTRANET else clerk
    page = client.get(LISTS[name])
    whole, shown = page.content.decode(), "<table" if page.context["page"] else 'class="empty"'
    rows = client.get(LISTS[name], headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole and "<html" not in rows and shown in rows and rows.strip() in whole
    restored = client.get(LISTS[name], headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in restored.content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_export_holds_the_whole_list_with_its_columns(here, clerk, ilse, name):
    client = ilse if name in EXTRANET else clerk
    page = client.get(LISTS[name])
    response = client.get(LISTS[name] + "?export=csv")
    assert response["Content-Type"].startswith("text/csv")
    assert "attachment" in response["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 1 + page.context["page"].paginator.count
    assert len(rows[0]) == len(page.context["view"].columns)


def test_export_starts_no_cell_with_a_formula(here, clerk):
    with given.inside(here.company):
        Party.objects.filter(pk=here.policy.holder_id).update(given_name="", family_name='=HYPERLINK("x")', phone="+31")
    text = clerk.get(LISTS["relations"] + "?export=csv").content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)


def test_export_beyond_the_limit_says_so_and_holds_nothing(here, clerk, monkeypatch):
    monkeypatch.setattr("companies.lists.MOST_LISTED", 1)
    response = clerk.get(LISTS["applications"] + "?export=csv&state=accepted", follow=True)
    assert response.redirect_chain == [(f"{LISTS['applications']}?state=accepted", 302)]
    assert "at most 1 rows" in response.content.decode()


def test_a_list_longer_than_it_pages_says_so_and_how_to_see_the_rest(here, clerk, monkeypatch):
    monkeypatch.setattr("companies.lists.MOST_LISTED", 1)
    text = clerk.get(LISTS["applications"]).content.decode()
    assert "1+ application" in text and "1 to 1 of 1+" in text
    assert "narrow it, or turn its order round" in text


def test_an_expired_offer_is_shown_as_one_everywhere(here, clerk, ilse):
    with given.inside(here.company):
        offer = Quotation.objects.get(state="open")
        expire_quotations(actor=ROBOT, on=offer.valid_until)
    shown = clerk.get(f"{LISTS['quotations']}?state=expired")
    assert [row.number for row in shown.context["page"]] == [offer.number]
    assert 'class="st st-end">Expired<' in shown.content.decode()
    assert "Apply again for a new quotation" in ilse.get(LISTS["business"]).content.decode()
    assert clerk.get(f"{LISTS['quotations']}?state=open").context["page"].paginator.count == 0
    with given.inside(here.company):
        assert unordered() == 0
    with frozen(offer.valid_until):
        assert [row.number for row in clerk.get(f"{LISTS['quotations']}?state=soon").context["page"]] == [offer.number]
        assert f"Quotation {offer.number} has expired" in clerk.get(OFFICE).content.decode()


def test_empty_lists_say_what_will_stand_there(here):
    company = given.company("stillewater")
    world.employee(company, "new@stillewater.example", *world.ALL_RIGHTS, administrator=True)
    client = world.client_of("new@stillewater.example")
    for name, path in LISTS.items():
        if name not in EXTRANET:
            response = client.get(path.replace("duinhaven", "stillewater"))
            assert response.status_code == 200 and 'class="empty"' in response.content.decode(), name


@pytest.mark.parametrize("name", ["applications", "drafts", "relations", "products", "imports"])
def test_n_presses_the_button_that_begins_something_new(clerk, name):
    assert clerk.get(LISTS[name]).content.decode().count('data-key="n"') == 1
