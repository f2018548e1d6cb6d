"""What a person keeps of a list: views with their counts, shared or his own, columns, and the view it opens with."""

import csv
import html
import io
import re

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext

from companies.lists import ListView
from companies.models import ListChoice, Membership, PartCode, Right, SavedView, TrailEntry
from tests import given, world
from tests.pages.test_office_lists import EXTRANET, LISTS
from tests.policies import withdrawing

pytestmark = pytest.mark.django_db
POLICIES, VIEWS = LISTS["policies"], "/duinhaven/office/views/"
ACTIVE = f"{POLICIES}?state=active&sort=-premium"
# What a head says otherwise than the export, which has no currency or is read without the page.
OTHER_HEADS = {
    "Premium": "Premium, EUR",
    "To pay back": "To pay back, EUR",
    "Total": "Total, EUR",
    "Name": "Party",
    "Balance": "Balance, EUR",
}


@pytest.fixture
def clerk(here):
    return world.client_of("all@duinhaven.example")


@pytest.fixture
def reader(here):
    """Views policies, and may edit nothing."""
    world.employee(here.company, "reads@duinhaven.example", (PartCode.POLICIES, Right.VIEW))
    return world.client_of("reads@duinhaven.example")


def send(client, act, back=ACTIVE, **data):
    return client.post(VIEWS, {"act": act, "back": back, **data})


def tabs(client, path=f"{POLICIES}?view=all"):
    return [(tab.name, tab.count, tab.current) for tab in client.get(path).context["views"]]


def saved(here, name):
    with given.inside(here.company):
        return SavedView.objects.get(name=name)


def test_conditions_are_kept_under_a_name_as_a_tab_with_its_count(here, clerk):
    assert tabs(clerk) == []
    response = clerk.post(VIEWS, {"act": "save", "back": f"{ACTIVE}&page=2&bogus=1", "name": " In  force "})
    view = saved(here, "In force")
    assert response["Location"] == f"{POLICIES}?view={view.public_id}&state=active&sort=-premium"
    assert tabs(clerk, response["Location"]) == [("All", None, False), ("In force", 1, True)]
    send(clerk, "save", f"{POLICIES}?state=ended", name="Ended")
    assert tabs(clerk) == [("All", None, True), ("In force", 1, False), ("Ended", 0, False)]
    page = clerk.get(response["Location"]).content.decode()
    assert "This view" in page and 'name="back"' in page


def test_counts_of_all_views_take_one_query(here, clerk):
    send(clerk, "save", name="One")
    clerk.get(f"{POLICIES}?view=all")
    with CaptureQueriesContext(connection) as one:
        clerk.get(f"{POLICIES}?view=all")
    for number in range(5):
        send(clerk, "save", f"{POLICIES}?q={number}&product=nl-horse-trailer", name=f"View {number}")
    clerk.get(f"{POLICIES}?view=all")  # what was said of saving is read
    with CaptureQueriesContext(connection) as six:
        clerk.get(f"{POLICIES}?view=all")
    assert len(one) == len(six)


def test_a_name_is_asked_for_and_stands_once(here, clerk):
    send(clerk, "save", name="Mine")
    assert (
        "You have a view “Mine” on this list already."
        in clerk.post(VIEWS, {"act": "save", "back": ACTIVE, "name": "Mine"}, follow=True).content.decode()
    )
    assert "found none" in clerk.post(VIEWS, {"act": "save", "back": ACTIVE, "name": " "}, follow=True).content.decode()
    with given.inside(here.company):
        assert SavedView.objects.count() == 1


def test_a_list_holds_twelve_views_of_a_person(here, clerk):
    for number in range(13):
        send(clerk, "save", name=f"View {number}")
    assert len(tabs(clerk)) == 13  # with “All”


def test_who_may_edit_shares_and_who_may_not_keeps_his_own(here, clerk, reader):
    send(clerk, "save", name="For all", shared="on")
    send(clerk, "save", name="For me")
    assert [name for name, *_rest in tabs(reader)] == ["All", "For all"]
    send(reader, "save", name="Hers", shared="on")
    assert not saved(here, "Hers").shared
    assert "Hers" not in [name for name, *_rest in tabs(clerk)]
    assert "Colleagues who open this list" not in reader.get(POLICIES).content.decode()


def test_a_view_is_renamed_shared_and_taken_back(here, clerk, reader):
    send(clerk, "save", name="Before")
    key = saved(here, "Before").public_id
    send(clerk, "change", view=key, name="After", shared="on")
    assert [name for name, *_rest in tabs(reader)] == ["All", "After"]
    send(clerk, "change", view=key, name="After")
    assert tabs(reader) == []


def test_delete_is_undone(here, clerk):
    send(clerk, "save", name="Mine")
    key = saved(here, "Mine").public_id
    response = send(clerk, "remove", view=key, name="")
    assert response["Location"] == f"{POLICIES}?view=all&removed={key}"
    page = clerk.get(response["Location"]).content.decode()
    assert "The view is deleted." in page and "Undo" in page and tabs(clerk) == []
    send(clerk, "put_back", view=key)
    assert [name for name, *_rest in tabs(clerk)] == ["All", "Mine"]


def test_what_others_see_of_a_view_stands_in_its_owners_history_and_what_is_his_alone_does_not(here, clerk):
    send(clerk, "save", name="Mine")
    send(clerk, "columns", columns=["state"])
    send(clerk, "change", view=saved(here, "Mine").public_id, name="Mine still")
    with given.inside(here.company):
        assert not TrailEntry.objects.filter(code__startswith="view.").exists()
    send(clerk, "save", name="Ours", shared="on")
    key = saved(here, "Ours").public_id
    for act, data in [("change", {"name": "Ours, too", "shared": "on"}), ("remove", {}), ("put_back", {})]:
        send(clerk, act, view=key, **data)
    send(clerk, "change", view=key, name="Ours, too")
    with given.inside(here.company):
        rows = TrailEntry.objects.filter(code__startswith="view.").order_by("pk")
        assert [row.code.partition(".")[2] for row in rows] == ["shared", "renamed", "removed", "put_back", "unshared"]
        assert {row.details["list"] for row in rows} == {"policies:list"} and "Ours" not in str(rows.values())
        member = Membership.objects.get(user__email="all@duinhaven.example")
        assert {row.subject_id for row in rows} == {member.pk}


def test_nobody_changes_anothers_view(here, clerk, reader):
    send(clerk, "save", name="For all", shared="on")
    key = saved(here, "For all").public_id
    for act in ("change", "remove", "put_back"):
        assert send(reader, act, view=key, name="Mine now").status_code == 404
        assert send(reader, act, view="-" * 36, name="Mine now").status_code == 404
    assert saved(here, "For all").removed_at is None


def test_the_database_lets_nobody_write_anothers_choice(here, clerk, reader):
    send(clerk, "save", name="Mine")
    with given.inside(here.company):
        other = Membership.objects.get(user__email="reads@duinhaven.example")
    with given.inside(here.company, actor=given.actor_of(other)), connection.cursor() as cursor:
        cursor.execute("UPDATE companies_savedview SET name = 'x'")
        assert cursor.rowcount == 0
    mine = saved(here, "Mine").membership_id
    with pytest.raises(ProgrammingError), given.inside(here.company, actor=given.actor_of(other)):
        ListChoice.objects.create(membership_id=mine, list_name="policies:list")


def test_a_list_opens_with_the_view_chosen_and_all_rows_stay_reachable(here, clerk, reader):
    send(clerk, "save", name="In force", shared="on", default="on")
    view = saved(here, "In force")
    assert clerk.get(POLICIES)["Location"] == f"{POLICIES}?view={view.public_id}&state=active&sort=-premium"
    assert clerk.get(f"{POLICIES}?view=all").status_code == reader.get(POLICIES).status_code == 200
    send(reader, "open", view=view.public_id)
    assert reader.get(POLICIES).status_code == 302
    send(clerk, "change", view=view.public_id, name="In force")
    assert reader.get(POLICIES).status_code == 200  # not shared any more
    send(clerk, "open")
    assert clerk.get(POLICIES).status_code == 200


def test_hidden_columns_stay_away_from_table_and_export(here, clerk):
    def head(query):
        content = clerk.get(POLICIES + query).content.decode("utf-8-sig")
        return next(csv.reader(io.StringIO(content)))

    assert "Place" in head("?export=csv")
    send(clerk, "columns", columns=["product", "state", "premium", "starts", "renews"])
    assert 'class="tbl hide-4 hide-9"' in clerk.get(ACTIVE).content.decode()
    assert 'class="tbl hide-4 hide-9"' in clerk.get(ACTIVE, headers={"HX-Request": "true"}).content.decode()
    assert "Place" not in head("?export=csv") and "Adviser" not in head("?export=csv")
    assert "hide-" not in clerk.get(LISTS["invoices"]).content.decode()


@pytest.mark.parametrize("name", [*LISTS, "debtors"])
def test_a_column_that_can_be_hidden_stands_where_the_list_says(here, clerk, name):
    client = world.client_of("ilse@kroonlaan.example") if name in EXTRANET else clerk
    if name == "withdrawals":
        withdrawing.withdrawn(here.company, here.policy)
    response = client.get(LISTS.get(name, "/duinhaven/office/ledger/debtors/"))
    text = response.content.decode()
    row = re.search(r"<thead><tr>(.*?)</tr></thead>", text, re.DOTALL)
    assert row is not None, "the list is empty here"
    cells = re.findall(r"<th[ >].*?</th>", row.group(1), re.DOTALL)
    heads = [html.unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in cells if "tick" not in cell]
    view: ListView = response.context["view"]
    places = [column for column in view.columns if column.at]
    assert places
    for column in places:
        assert heads[column.at - 1] in {str(column.title), OTHER_HEADS.get(str(column.title)), "Works here"}


def test_the_extranet_keeps_views_and_columns_of_its_own(here):
    ilse = world.client_of("ilse@kroonlaan.example")
    path, views = LISTS["portfolio"], "/duinhaven/advisers/views/"
    ilse.post(views, {"act": "save", "back": f"{path}?q=Verbruggen", "name": "Sanne", "shared": "on"})
    assert [name for name, *_rest in tabs(ilse, path)] == ["All", "Sanne"]
    assert not saved(here, "Sanne").shared
    ilse.post(views, {"act": "columns", "back": path, "columns": ["product"]})
    assert "hide-5" in ilse.get(path).content.decode()


@pytest.mark.parametrize(
    "back",
    ["https://elsewhere.example/", "//elsewhere.example/", "/kusthuis/office/policies/", "/duinhaven/office/",
     "/duinhaven/advisers/", ""],
)  # fmt: skip
def test_only_a_list_of_this_company_and_door_keeps_something(here, clerk, back):
    assert send(clerk, "save", back, name="x").status_code == 404


def test_a_list_that_one_may_not_open_keeps_nothing(here, reader):
    assert send(reader, "save", LISTS["relations"], name="x").status_code == 403
    assert send(reader, "save", LISTS["jobs"], name="x").status_code in {302, 403}
