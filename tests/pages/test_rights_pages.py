"""The pages on rights: protocols as a matrix, who holds what and why, what is unused, what is to confirm (S2-15)."""

import csv
import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.clock import today as day_everywhere
from companies.fresh import KEPT
from companies.models import (
    Act,
    Confirmation,
    Grant,
    Membership,
    PartCode,
    Protocol,
    Right,
    RightUse,
)
from companies.rights import effective_rights, use
from companies.rights.protocols import content_of
from tests import given, world

pytestmark = pytest.mark.django_db
BASE = "/duinhaven/office/admin/rights/"
V = Right.VIEW


@pytest.fixture
def boss(here: world.World) -> Client:
    """An administrator without any other right."""
    world.employee(here.company, "boss@duinhaven.example", administrator=True)
    return english("boss@duinhaven.example")


def english(email: str) -> Client:
    client = world.client_of(email)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def auditor(here: world.World) -> Client:
    world.employee(here.company, "auditor@duinhaven.example", *[(part, V) for part in PartCode])
    return english("auditor@duinhaven.example")


@pytest.fixture
def clerk(here: world.World) -> Membership:
    return world.employee(here.company, "rights@duinhaven.example", (PartCode.POLICIES, V))


def protocol(here: world.World, **where: Any) -> Protocol:
    with given.inside(here.company):
        return Protocol.objects.get(**where)


def page_of(found: Protocol) -> str:
    return f"{BASE}protocols/{found.public_id}/"


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_list_says_how_many_hold_each(here: world.World, boss: Client, clerk: Membership) -> None:
    rows = {row["protocol"].name: row for row in boss.get(BASE).context["rows"]}
    assert rows["rights@duinhaven.example"]["protocol"].holders == 1 and rows["Boekhouder"]["protocol"].holders == 0
    assert rows["Boekhouder"]["rights"] == 13 and rows["Boekhouder"]["template"] == "Bookkeeper"


def test_a_change_shows_whom_it_concerns_before_it_is_saved(here: world.World, boss: Client, clerk: Membership) -> None:
    own = protocol(here, name="rights@duinhaven.example")
    sent = {"name": own.name, "rights": ["policies:view", "policies:edit"], "acts": ["release_payment"]}
    shown = text_of(boss.post(page_of(own), sent))
    assert "Policies: Edit" in shown and "Release payment files" in shown and ">Rights<" in shown
    with given.inside(here.company):
        assert content_of(own).rights == {(PartCode.POLICIES, V)}, "nothing is saved yet"
    assert boss.post(page_of(own), {**sent, "confirmed": "1"})["Location"] == page_of(own)
    with given.inside(here.company):
        assert content_of(own).rights == {(PartCode.POLICIES, V), (PartCode.POLICIES, Right.EDIT)}
        assert effective_rights(user_id=clerk.user_id) >= {("policies", "edit")}
    assert "Added: Policies: Edit, Release payment files." in text_of(boss.get(page_of(own)))


def test_adding_a_right_asks_for_the_factor_again_and_taking_one_does_not(
    here: world.World, boss: Client, clerk: Membership, settings: Any
) -> None:
    settings.FRESH_FACTOR = 0
    own = protocol(here, name="rights@duinhaven.example")
    more = {"name": own.name, "rights": ["policies:view", "policies:edit"], "confirmed": "1"}
    asked = boss.post(page_of(own), more)
    assert asked["Location"].endswith("?next=%2Faccounts%2Fgo-on%2F") and KEPT in boss.session
    with given.inside(here.company):
        assert content_of(own).rights == {(PartCode.POLICIES, V)}
    assert 'value="policies:edit"' in text_of(boss.get("/accounts/go-on/"))
    assert boss.post(page_of(own), {"name": own.name, "confirmed": "1"})["Location"] == page_of(own)
    with given.inside(here.company):
        assert content_of(own).rights == frozenset()
    person = f"{BASE}employees/{clerk.public_id}/"
    assert "accounts" in boss.post(person, {"give": str(protocol(here, template="acceptor").public_id)})["Location"]
    assert boss.post(person, {"take": str(own.public_id)})["Location"] == person
    with given.inside(here.company):
        assert not Grant.objects.filter(membership=clerk, taken_at=None).exists()


def test_parts_of_a_switched_off_module_are_greyed_and_keep_what_they_held(here: world.World, boss: Client) -> None:
    handler = protocol(here, template="claims-handler")
    shown = text_of(boss.get(page_of(handler)))
    assert "switched off in this company" in shown
    assert '<input type="checkbox" name="rights" value="claims:view" checked disabled>' in shown
    boss.post(page_of(handler), {"name": handler.name, "rights": ["policies:view", "claims:edit"], "confirmed": "1"})
    with given.inside(here.company):
        held = content_of(handler).rights
    assert (PartCode.CLAIMS, V) in held and (PartCode.RELATIONS, V) not in held


def test_a_name_alone_is_saved_at_once_and_one_in_use_is_refused(here: world.World, boss: Client) -> None:
    books = protocol(here, template="bookkeeper")
    with given.inside(here.company):
        same = [f"{part.value}:{right.value}" for part, right in content_of(books).rights]
    assert boss.post(page_of(books), {"name": "Books", "rights": same}).status_code == 302
    assert protocol(here, template="bookkeeper").name == "Books"
    taken = protocol(here, template="acceptor").name
    refused = boss.post(page_of(books), {"name": taken, "rights": same})
    assert refused.status_code == 422 and "Expected another name" in refused.content.decode()
    assert boss.post(page_of(books), {"name": "Books", "rights": ["nothing:view"]}).status_code == 422


def test_a_new_one_comes_from_a_ready_made_one_from_another_or_empty(here: world.World, boss: Client) -> None:
    shown = text_of(boss.get(f"{BASE}new/?from=acceptor"))
    assert 'value="acceptance:edit" checked' in shown
    books = protocol(here, template="bookkeeper")
    assert 'value="matching:edit" checked' in text_of(boss.get(f"{BASE}new/?from={books.public_id}"))
    assert " checked" not in text_of(boss.get(f"{BASE}new/?from=nothing"))
    made = boss.post(
        f"{BASE}new/?from={books.public_id}", {"name": "Evening desk", "rights": ["ledger:view"], "acts": Act.values}
    )
    evening = protocol(here, name="Evening desk")
    assert made["Location"] == page_of(evening) and evening.template == "bookkeeper"
    again = boss.post(f"{BASE}new/", {"name": "Evening desk", "rights": ["ledger:edit"]})
    assert again.status_code == 422 and 'value="ledger:edit" checked' in again.content.decode()
    nameless = boss.post(f"{BASE}new/", {"rights": ["ledger:edit"]})
    assert nameless.status_code == 422 and 'value="ledger:edit" checked' in nameless.content.decode()


def test_one_that_nobody_holds_is_retired(here: world.World, boss: Client, clerk: Membership) -> None:
    books = protocol(here, template="bookkeeper")
    asked = text_of(boss.get(page_of(books)))
    assert "Retire this protocol…" in asked and "it doesn’t come back" in asked
    assert boss.post(f"{page_of(books)}retire/")["Location"] == BASE
    assert "Retire this protocol" not in text_of(boss.get(page_of(books)))
    held = protocol(here, name="rights@duinhaven.example")
    assert "Retire this protocol" not in text_of(boss.get(page_of(held)))
    assert "1 still do" in text_of(boss.post(f"{page_of(held)}retire/", follow=True))


def test_protocols_are_given_and_taken_on_the_employees_page(
    here: world.World, boss: Client, clerk: Membership
) -> None:
    acceptor, person = protocol(here, template="acceptor"), f"{BASE}employees/{clerk.public_id}/"
    theirs = english("rights@duinhaven.example")
    assert theirs.get("/duinhaven/office/acceptance/").status_code == 403
    assert "is given to Rights" in text_of(boss.post(person, {"give": str(acceptor.public_id)}, follow=True))
    assert theirs.get("/duinhaven/office/acceptance/").status_code == 200
    assert "Given by Boss on" in text_of(boss.get(person))
    assert "is taken from Rights" in text_of(boss.post(person, {"take": str(acceptor.public_id)}, follow=True))
    assert theirs.get("/duinhaven/office/acceptance/").status_code == 403
    assert "found another one" in text_of(boss.post(person, {"give": "nothing"}, follow=True))
    with given.inside(here.company):
        advisers = Membership.objects.get(user__email="ilse@kroonlaan.example")
    assert boss.get(f"{BASE}employees/{advisers.public_id}/").status_code == 404
    assert boss.get(f"{BASE}protocols/{advisers.public_id}/").status_code == 404


def test_ones_own_page_has_no_button_and_refuses(here: world.World, boss: Client) -> None:
    with given.inside(here.company):
        own = Membership.objects.get(user__email="boss@duinhaven.example")
        acceptor = Protocol.objects.get(template="acceptor")
    shown = text_of(boss.get(f"{BASE}employees/{own.public_id}/"))
    assert "your own rights" in shown and 'name="give"' not in shown
    refused = boss.post(f"{BASE}employees/{own.public_id}/", {"give": str(acceptor.public_id)}, follow=True)
    assert "Nobody changes his own rights" in text_of(refused)


def test_why_she_sees_it(here: world.World, boss: Client, clerk: Membership) -> None:
    why = f"{BASE}employees/{clerk.public_id}/why/"
    told = text_of(boss.get(f"{why}?part=policies"))
    assert "By the protocol “rights@duinhaven.example”, given by the set-up of the company on" in told
    assert "Policies: Edit" in told and "No protocol that this employee holds has it" in told
    assert "Open an operator window" in text_of(boss.get(f"{why}?act=open_window"))
    assert "General ledger: Input" in text_of(boss.get(why))


def test_the_matrix_filters_and_exports(here: world.World, boss: Client, clerk: Membership) -> None:
    def names(query: str = "") -> set[str]:
        return {row.membership.user.email for row, _cells in boss.get(f"{BASE}matrix/{query}").context["rows"]}

    assert {"rights@duinhaven.example", "boss@duinhaven.example"} <= names()
    assert names("?q=rights") == {"rights@duinhaven.example"}
    assert "boss@duinhaven.example" not in names("?part=policies") and "rights@duinhaven.example" in names(
        "?part=policies"
    )
    own = protocol(here, name="rights@duinhaven.example")
    assert names(f"?protocol={own.public_id}") == {"rights@duinhaven.example"}
    assert names("?part=nothing") == set()
    text = boss.get(f"{BASE}matrix/?q=rights&export=csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1] == [
        "Rights", "rights@duinhaven.example", "Policies", "View", "rights@duinhaven.example",
        "the set-up of the company", day_everywhere().isoformat(),
    ]  # fmt: skip
    acts = list(csv.reader(io.StringIO(boss.get(f"{BASE}matrix/?q=approver&export=csv").content.decode())))
    assert ["Approve a product", ""] in [row[2:4] for row in acts]


def test_the_printed_matrix_names_company_reader_and_moment(boss: Client, here: world.World) -> None:
    shown = text_of(boss.get(f"{BASE}matrix/"))
    assert 'class="print-only print-head">Duinhaven · Boss ·' in shown and "As it stood at" in shown


def queries(client: Client, path: str) -> int:
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_pages_take_the_same_number_of_queries_for_a_few_and_for_many(here: world.World, boss: Client) -> None:
    pages = [BASE, f"{BASE}matrix/", f"{BASE}confirm/", f"{BASE}unused/", f"{BASE}page/?of=/duinhaven/office/policies/"]
    few = {page: queries(boss, page) for page in pages}
    for place in range(12):
        world.employee(here.company, f"more{place}@duinhaven.example", (PartCode.POLICIES, V), acts=(Act.OPEN_WINDOW,))
    assert {page: queries(boss, page) for page in pages} == few
    assert max(few.values()) < 25


def test_who_may_open_a_page(here: world.World, boss: Client, clerk: Membership) -> None:
    def told(path: str) -> str:
        return text_of(boss.get(f"{BASE}page/", {"of": path}))

    policies = told("/duinhaven/office/policies/?q=x")
    assert "Policies: View" in policies and f"employees/{clerk.public_id}/" in policies
    assert "Every employee may open this page" in told("/duinhaven/office/")
    assert "auditors with the view of every part" in told(BASE)
    for nowhere in ("/zandwijk/office/policies/", "/duinhaven/advisers/", "/accounts/login/", "nothing", ""):
        assert "found none there" in told(nowhere)
    assert f"{BASE}page/?of=/duinhaven/office/" in text_of(boss.get("/duinhaven/office/")), "the page leads here"


def test_an_auditor_reads_everything_and_changes_nothing(here: world.World, auditor: Client, clerk: Membership) -> None:
    books = protocol(here, template="bookkeeper")
    person = f"{BASE}employees/{clerk.public_id}/"
    reads = ("", "new/", "matrix/", "unused/", "confirm/", "page/?of=/duinhaven/office/")
    for page in [page_of(books), person, f"{person}why/", *(BASE + name for name in reads)]:
        shown = text_of(auditor.get(page)).split('id="main"')[1]
        assert '<form method="post"' not in shown.replace('action="/accounts', ""), page
    for page in (page_of(books), person, BASE, f"{BASE}new/", f"{BASE}confirm/", f"{page_of(books)}retire/"):
        assert auditor.post(page).status_code == 403
    assert "Protocols and rights" in text_of(auditor.get("/duinhaven/office/"))
    stranger = english("rights@duinhaven.example")
    assert stranger.get(BASE).status_code == 403
    assert "Protocols and rights" not in text_of(stranger.get("/duinhaven/office/"))


def test_a_missing_ready_made_one_is_added_by_page_and_by_command(here: world.World, boss: Client, capsys: Any) -> None:
    with given.inside(here.company):
        Protocol.objects.filter(template="auditor").update(name="Ours")
    assert "Add them" not in text_of(boss.get(BASE)), "one that was had and renamed isn't missing"
    call_command("complete_protocols", "--json")
    assert set(json.loads(capsys.readouterr().out)["added"]) >= {"duinhaven", "duinhaven-rehearsal"}
    assert "Ready-made protocols added: 0." in text_of(boss.post(BASE, follow=True))


def test_a_used_right_is_noted_for_the_page_and_for_the_step(here: world.World, clerk: Membership) -> None:
    use.NOTED.clear()
    client = english("rights@duinhaven.example")
    first = queries(client, "/duinhaven/office/policies/")
    client.get("/duinhaven/office/acceptance/")
    with given.inside(here.company):
        rows = RightUse.objects.filter(membership=clerk)
        assert list(rows.values_list("part", "right", "last_on")) == [("policies", "view", day_everywhere())]
    assert queries(client, "/duinhaven/office/policies/") == first, "the same day it costs no query"
    use.NOTED.clear()


def test_a_page_of_fifty_rows_asks_for_rights_at_most_three_times(here: world.World) -> None:
    world.bare_policies(here.company, 50)
    client = english("all@duinhaven.example")
    client.get("/duinhaven/office/policies/")
    with CaptureQueriesContext(connection) as found:
        response = client.get("/duinhaven/office/policies/")
    assert len(response.context["page"]) == 50
    tables = ("companies_partgrouppermission", "companies_module", "companies_protocolact", "companies_rightuse")
    asked = [query["sql"] for query in found if any(table in query["sql"] for table in tables)]
    print(f"{len(asked)} queries on rights for a page of 50 rows")
    assert 0 < len(asked) <= 3


def test_what_nobody_uses_is_proposed(here: world.World, boss: Client, clerk: Membership, settings: Any) -> None:
    assert "Rights" not in [str(grant.membership.user) for grant, _last in boss.get(f"{BASE}unused/").context["rows"]]
    settings.UNUSED_DAYS = 0
    use.NOTED.clear()
    shown = text_of(boss.get(f"{BASE}unused/"))
    assert "Held for 0 days or more" in shown
    assert f"employees/{clerk.public_id}/" in shown and "never used" in shown


def test_rights_are_confirmed_and_an_overdue_one_waits_on_the_start_page(
    here: world.World, boss: Client, clerk: Membership, settings: Any
) -> None:
    page = f"{BASE}confirm/"
    assert "Rights to confirm" in text_of(boss.get("/duinhaven/office/"))
    settings.REVIEW_DAYS = 0
    waits = {group.title: group.count for group in boss.get("/duinhaven/office/").context["groups"]}
    assert waits["Rights to confirm"] == len(boss.get(page).context["rows"]) == boss.get(page).context["late"] > 0
    sent = {"employee": str(clerk.public_id), "protocols": "rights@duinhaven.example"}
    assert "found other rights" in text_of(boss.post(page, {**sent, "protocols": "Acceptor"}, follow=True))
    assert "found other rights" in text_of(boss.post(page, {**sent, "employee": "nobody"}, follow=True))
    settings.REVIEW_DAYS = 182
    assert "Every 182 days an administrator" in text_of(boss.get(page))
    assert "The rights of Rights are confirmed." in text_of(boss.post(page, sent, follow=True))
    with given.inside(here.company):
        assert Confirmation.objects.get().protocols == ["rights@duinhaven.example"]
    shown = text_of(boss.get(page))
    assert "confirmed on" in shown


def test_ones_own_rights_are_confirmed_by_another(here: world.World) -> None:
    client = english("all@duinhaven.example")
    shown = text_of(client.get(f"{BASE}confirm/"))
    assert "by another administrator" in shown
    with given.inside(here.company):
        own = Membership.objects.get(user__email="all@duinhaven.example")
    sent = {"employee": str(own.public_id), "protocols": "all@duinhaven.example"}
    assert "Nobody changes his own rights" in text_of(client.post(f"{BASE}confirm/", sent, follow=True))


def test_a_protocol_one_holds_is_read_only(here: world.World) -> None:
    client, own = english("all@duinhaven.example"), protocol(here, name="all@duinhaven.example")
    shown = text_of(client.get(page_of(own)))
    assert "another administrator changes it" in shown and "Save…" not in shown
    refused = client.post(page_of(own), {"name": "Mine", "confirmed": "1"})
    assert refused.status_code == 422 and "You hold “all@duinhaven.example” yourself" in refused.content.decode()


def test_pages_tell_when_nothing_is_there(here: world.World, boss: Client) -> None:
    assert "Every protocol is in use" in text_of(boss.get(f"{BASE}unused/"))
    assert "Nobody meets these conditions" in text_of(boss.get(f"{BASE}matrix/?q=zzzz"))
    assert "Nobody holds it" in text_of(boss.get(page_of(protocol(here, template="bookkeeper"))))
