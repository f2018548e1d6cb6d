"""What a page of 50 rows asks about its reader's rights: at most three queries, whatever stands on it."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from companies.actor import ROBOT
from relations.services.parties import Person, register_party
from tests import given, world

pytestmark = pytest.mark.django_db
ABOUT_RIGHTS = ("companies_partgrouppermission", "companies_protocolact", "companies_module", "companies_user_groups")
MOST = 3


def test_a_page_of_fifty_rows_asks_for_rights_three_times_at_most(figure: Callable[..., None]) -> None:
    company = given.company("duinhaven")
    with given.inside(company):
        for number in range(60):
            person = Person(
                given_name="Sanne", family_name=f"Verbruggen {number}", email=f"s{number}@verbruggen.example",
                street="Kade", house_number=str(number + 1), postcode="4381 AB", city="Vlissingen", country="NL",
                language="nl",
            )  # fmt: skip
            register_party(person=person, on=given.DAY, actor=ROBOT)
    for number in range(5):
        world.employee(company, f"clerk{number}@duinhaven.example", *world.ALL_RIGHTS)
    client, address = world.client_of("clerk0@duinhaven.example"), "/duinhaven/office/relations/"
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        response = client.get(address)
    asked = [query["sql"] for query in found if any(table in query["sql"] for table in ABOUT_RIGHTS)]
    figure("rows on the page", len(response.context["page"]), least=50)
    figure("queries about rights", len(asked))
    assert len(asked) <= MOST, asked
