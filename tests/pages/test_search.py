"""The search box: what is found, by whom, in which order, and what hostile words do (docs/search.md)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from companies.actor import ROBOT
from companies.models import Module, PartCode, Right
from portal.marking import marked, words_of
from relations.models import Address, BankAccount, Party
from relations.services.parties import Person, register_party
from tests import given, world

pytestmark = pytest.mark.django_db
SEARCH, EXTRANET = "/duinhaven/office/search/", "/duinhaven/advisers/search/"
JOCHEM = Person(
    given_name="Jochem", family_name="de Wilde", email="jochem@dewilde.example", street="Korte Nieuwstraat",
    house_number="7", postcode="4331 BA", city="Middelburg", country="NL", language="nl", phone="0118 45 67 89",
    birth_date=date(1980, 2, 3),
)  # fmt: skip
IBAN = "NL91ABNA0417164300"


@pytest.fixture
def clerk(here):
    return world.client_of("all@duinhaven.example")


def registered(here, person: Person) -> Party:
    with given.inside(here.company):
        return register_party(person=person, on=given.DAY, actor=ROBOT)


@pytest.fixture
def jochem(here) -> Party:
    party = registered(here, JOCHEM)
    with given.inside(here.company):
        BankAccount.objects.create(party=party, iban=IBAN, holder="J de Wilde", valid_from=given.DAY)
    return party


def found(client: Any, q: str, path: str = SEARCH, **more: str) -> dict[str, list[str]]:
    """Numbers by kind, in their order."""
    response = client.get(path, {"q": q, **more})
    assert response.status_code == 200
    return {group.kind.code: [row["row"].number for row in group.rows] for group in response.context["groups"]}


@pytest.mark.parametrize(
    "q",
    [
        "jochem", "wilde joch", "JOCHEM DE WILDE", "dewilde", "Wildé", "ilde", "chem", "jochem@dewilde.example",
        "dewilde.example", IBAN, "nl91 abna 0417 1643 00", "NL91 ABNA 04", "0417164300", "4331 ba 7", "4331BA",
        "nieuwstr",
        "middelburg wilde", "0118456789", "jo wi",
    ],
)  # fmt: skip
def test_a_party_is_found_by_any_part_of_what_is_known(clerk, jochem, q):
    assert jochem.number in found(clerk, q)["party"]


@pytest.mark.parametrize(
    "q", ["wilde sanne", "zzzz", "jochemx", "0417164301", "%", "_", "%%", "__", "4331ba 99 jochem"]
)
def test_what_is_not_there_is_not_found(clerk, jochem, q):
    assert jochem.number not in found(clerk, q).get("party", [])


def test_numbers_are_found_as_they_are_written_and_otherwise(here, clerk):
    number = here.policy.number
    for q in (number, number.lower(), number.replace("-", ""), number.replace("-", " "), number[2:]):
        assert found(clerk, q)["policy"] == [number], q
    assert number in found(clerk, number[-3:])["policy"]


def test_a_particle_is_a_word_of_its_own_and_not_the_beginning_of_others(here, clerk, jochem):
    other = registered(here, replace(JOCHEM, family_name="Dekker Wilden", email=""))
    assert found(clerk, "de wild")["party"] == [jochem.number]
    assert set(found(clerk, "wild de")["party"]) == {jochem.number, other.number}


def test_what_hangs_on_a_party_or_an_application_is_found_with_it(here, clerk):
    assert set(found(clerk, "verbruggen sanne")) == {"party", "application", "quotation", "policy", "invoice"}
    assert found(clerk, here.case.number)["policy"] == [here.policy.number]


def test_whole_words_stand_before_beginnings_and_those_before_parts(here, clerk):
    names = ["Bakkersma", "Bakker", "Vandenbakker"]
    numbers = [registered(here, replace(JOCHEM, family_name=name, email="")).number for name in names]
    assert found(clerk, "bakker")["party"] == [numbers[1], numbers[0], numbers[2]]


def test_the_index_follows_every_change_of_its_rows(here, clerk, jochem):
    with given.inside(here.company):
        Party.objects.filter(pk=jochem.pk).update(family_name="Ossewaarde", email="")
        Address.objects.filter(party=jochem).update(valid_until=date(2026, 7, 1))
        Address.objects.create(
            party=jochem, street="Zeedijk", house_number="1", postcode="1012 XY", city="Amsterdam", country="NL",
            valid_from=date(2026, 7, 1),
        )  # fmt: skip
    assert found(clerk, "1012xy")["party"] == found(clerk, "4331ba ossewaarde")["party"] == [jochem.number]
    assert found(clerk, "ossewaarde")["party"] == [jochem.number]
    assert "party" not in found(clerk, "dewilde")
    with given.inside(here.company):
        Party.objects.filter(pk=jochem.pk).update(given_name="", family_name="", email="", phone="")
    assert "party" not in found(clerk, "ossewaarde")


def test_many_rows_of_one_statement_are_all_found(here, clerk):
    with given.inside(here.company):
        Party.objects.bulk_create(
            Party(number=f"R-1999-{n:06d}", kind="person", family_name="Duizendpoot", sort_key="x", language="nl")
            for n in range(30)
        )
    groups = clerk.get(SEARCH, {"q": "duizendpoot", "kind": "party"}).context["groups"]
    assert (groups[0].count, len(groups[0].rows)) == (30, 20)
    second = clerk.get(SEARCH, {"q": "duizendpoot", "kind": "party", "page": "2"}).context["groups"][0].rows
    assert len(second) == 10 and {row["row"].number for row in second}.isdisjoint(
        row["row"].number for row in groups[0].rows
    )


def test_only_kinds_that_one_may_view_are_found(here):
    world.employee(here.company, "inv@duinhaven.example", (PartCode.INVOICES, Right.VIEW))
    client = world.client_of("inv@duinhaven.example")
    assert set(found(client, "verbruggen")) == {"invoice"}
    assert client.get(SEARCH, {"q": "verbruggen", "kind": "policy"}).status_code == 404
    world.employee(here.company, "none@duinhaven.example")
    assert found(world.client_of("none@duinhaven.example"), "verbruggen") == {}


def test_mail_and_account_find_nothing_for_who_may_not_view_relations(here):
    world.employee(
        here.company, "pol@duinhaven.example", (PartCode.POLICIES, Right.VIEW), (PartCode.APPLICATIONS, Right.VIEW)
    )
    client = world.client_of("pol@duinhaven.example")
    with given.inside(here.company):
        BankAccount.objects.create(party=here.policy.holder, iban=IBAN, holder="S", valid_from=given.DAY)
    assert found(client, "sanne@verbruggen.example") == found(client, IBAN) == {}
    assert set(found(client, "dorpsstraat 12")) == {"policy", "application"}


def test_a_module_that_is_off_is_not_found(here, clerk):
    with given.inside(here.company):
        Module.objects.filter(code="policies").update(on=False)
    assert set(found(clerk, "verbruggen")) == {"party", "application", "quotation"}


def test_another_company_finds_nothing_of_this_one(here):
    given.company("zandwijk")
    from companies.models import Company

    other = Company.objects.get(slug="zandwijk")
    world.employee(other, "all@zandwijk.example", *world.ALL_RIGHTS)
    assert found(world.client_of("all@zandwijk.example"), "verbruggen", "/zandwijk/office/search/") == {}


HOSTILE = [
    "\x00", "a\x00b", "x" * 10_000, "%" * 300, "' OR 1=1 --", "\\", "''", '"; drop table x; "', "a & b | !c:*", "<->",
    "\u202eenarb", "\ud800", "💥💥", "<script>alert(1)</script>", "日本語", "()" * 50, "a " * 5000, "^/+:*", "\n\r\t",
    "㌖" * 200,  # each is six letters once it is written out: longer than a lexeme may be
]  # fmt: skip


@pytest.mark.parametrize("q", HOSTILE)
def test_hostile_words_are_harmless(here, clerk, q):
    from urllib.parse import quote

    response = clerk.get(f"{SEARCH}?q={quote(q, errors='surrogatepass')}")
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()
    ilse = world.client_of("ilse@kroonlaan.example").get(f"{EXTRANET}?q={quote(q, errors='surrogatepass')}")
    assert ilse.status_code == 200


OFFICE = "/duinhaven/office/"
LISTS = ("applications", "quotations", "policies", "invoices", "relations")


def listed(client: Any, name: str, q: str) -> list[str]:
    """Numbers of the rows of a list narrowed to some words."""
    response = client.get(f"{OFFICE}{name}/", {"q": q})
    assert response.status_code == 200
    return [row.number for row in response.context["page"]]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_narrowed_by_the_words_that_the_box_finds_by(here, clerk, name):
    rows = listed(clerk, name, "verbruggen")
    assert rows
    for q in ("sann verbr", "bruggen sanne", "VERBRUGGEN"):
        assert listed(clerk, name, q) == rows, q
    assert listed(clerk, name, rows[0].replace("-", "")) == [rows[0]]
    assert listed(clerk, name, "verbruggen jochem") == listed(clerk, name, "-") == []


def test_mail_narrows_the_list_of_relations_and_no_other(here, clerk):
    mail = "sanne@verbruggen.example"
    with given.inside(here.company):
        Party.objects.filter(pk=here.policy.holder_id).update(email=mail)
    assert len(listed(clerk, "relations", mail)) == 1
    assert listed(clerk, "policies", mail) == []


@pytest.mark.parametrize("q", HOSTILE)
def test_hostile_words_narrow_a_list_to_nothing(here, clerk, q):
    from urllib.parse import quote

    response = clerk.get(f"{OFFICE}policies/?q={quote(q, errors='surrogatepass')}")
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_the_index_tells_lists_nothing_outside_the_office(here):
    asked = "SELECT count(*) FROM sec.search_list('verbruggen', 'policy', false, 100)"
    with given.inside(here.company), connection.cursor() as cursor:
        cursor.execute(asked)
        assert cursor.fetchone() == (0,)


def test_an_adviser_finds_his_own_portfolio_alone(here):
    ilse = world.client_of("ilse@kroonlaan.example")
    assert found(ilse, "verbruggen", EXTRANET) == found(ilse, "sann verbrug", EXTRANET)
    assert found(ilse, "verbruggen", EXTRANET)["policy"] == [here.policy.number]
    assert found(ilse, here.policy.number, EXTRANET)["policy"] == [here.policy.number]
    assert set(found(ilse, "verbruggen", EXTRANET)) == {"application", "quotation", "policy"}
    given.adviser(here.company, "rami-bos", "rami@bos.example")
    rami = world.client_of("rami@bos.example")
    assert found(rami, "verbruggen", EXTRANET) == found(rami, here.policy.number, EXTRANET) == {}
    with given.inside(here.company):
        type(here.case).objects.filter(pk=here.case.pk).update(adviser=Party.objects.get(email="rami@bos.example"))
    assert found(rami, here.policy.number, EXTRANET)["policy"] == [here.policy.number]
    assert ilse.get(EXTRANET, {"q": "x", "kind": "party"}).status_code == 404


def test_a_folder_has_no_search(here):
    given.folder(here.company, here.policy.holder_id, "sanne@verbruggen.example")
    customer = world.client_of("sanne@verbruggen.example")
    assert customer.get("/duinhaven/folder/search/").status_code == 404
    assert b"bar-q" not in customer.get("/duinhaven/folder/").content


def test_the_box_stands_in_the_bar_and_suggests_as_one_types(here, clerk):
    assert b'id="bar-q"' in clerk.get("/duinhaven/office/").content
    response = clerk.get(SEARCH, {"q": "verbrug"}, headers={"HX-Request": "true", "HX-Target": "bar-found"})
    text = response.content.decode()
    assert "<html" not in text and f"{here.case.number}/" in text and "<mark>" in text
    assert (
        "Nothing found"
        in clerk.get(SEARCH, {"q": "zzzz"}, headers={"HX-Request": "true", "HX-Target": "bar-found"}).content.decode()
    )


def test_what_was_met_is_marked(here, clerk):
    assert "<mark>Verbrug</mark>gen" in clerk.get(SEARCH, {"q": "VERBRÜG"}).content.decode()
    assert marked("Jochem de Wilde", words_of("wilde joch")) == [("Joch", True), ("em de ", False), ("Wilde", True)]
    assert marked("P-2026-000417", words_of("p2026000417")) == [("P-2026-000417", False)]


def test_a_search_takes_as_many_statements_for_two_as_for_thirty(here, clerk):
    def statements() -> int:
        assert clerk.get(SEARCH, {"q": "verbruggen"}).status_code == 200
        with CaptureQueriesContext(connection) as taken:
            clerk.get(SEARCH, {"q": "verbruggen"})
        return len(taken)

    before = statements()
    world.bare_policies(here.company, 6)
    assert statements() == before


def test_no_statement_and_no_log_holds_what_was_sought(here, clerk, caplog):
    with CaptureQueriesContext(connection) as taken:
        clerk.get(SEARCH, {"q": "geheimenis"})
    assert "geheimenis" not in " ".join(row["sql"] for row in taken) + caplog.text
