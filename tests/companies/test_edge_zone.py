"""A page tells the time of the place where the company stands, and one's own pages that of the company one was at."""

from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from common.formats import moment, written_for
from companies.models import SignIn
from tests import given, world

pytestmark = pytest.mark.django_db
SANNE = "sanne@duinhaven.example"
OWN, OFFICE = "/accounts/sessions/", "/duinhaven/office/admin/sessions/"


@pytest.mark.parametrize("at", [given.DUTCH, given.AMERICAN], ids=["dutch", "american"])
def test_a_moment_is_told_by_the_clock_of_the_company(at: dict[str, str]) -> None:
    company = given.company(at=at)
    given.member(company, SANNE, administrator=True)
    client = world.client_of(SANNE)
    started = SignIn.objects.get().started_at
    everywhere = f"in since {moment(started, ZoneInfo('UTC'))}"
    with written_for(company.country):
        here = f"in since {moment(started, ZoneInfo(company.time_zone))}"
    assert here != everywhere and everywhere in client.get(OWN).content.decode()  # he was at no company yet
    for path in (OFFICE, OWN):
        page = client.get(path).content.decode()
        assert here in page and everywhere not in page, path
    assert timezone.get_current_timezone_name() == "UTC"  # nothing of it is left for who comes next
