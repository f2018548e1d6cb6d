"""The page of a product's channels: switches, what they mean, who may, and what the links then do (S2-36, S2-37)."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import Draft
from companies.models import PartCode, Right, TrailEntry
from products.models import ProductChannel
from tests import given, world

pytestmark = pytest.mark.django_db
PAGE = "/duinhaven/office/channels/nl-horse-trailer/"
FRONT = "/duinhaven/apply/nl-horse-trailer/"


@pytest.fixture
def clerk(here: world.World) -> Any:
    found = world.client_of("all@duinhaven.example")
    found.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return found


def switch(client: Any, channel: str, turn: str, distributor: str = "") -> Any:
    data = {"channel": channel, "turn": turn, "distributor": distributor}
    return client.post(PAGE, data, follow=True)


def opens(path: str) -> bool:
    """Whether a stranger finds the product's first question there."""
    return b'name="q-catalogue_value"' in world.client_of(None).get(path).content


def test_each_switch_says_what_is_in_the_making(here: world.World, clerk: Any) -> None:
    text = clerk.get(PAGE).content.decode()
    for told in ("on the company’s own pages", "Entered by hand", "Ilse Ilse-Markus", "via/ilse-markus/"):
        assert told in text
    assert "2 applications in the making can still be sent in." in text  # her own and a visitor's by her link
    assert "1 application in the making can still be sent in." in text  # the office's


def test_the_web_can_be_off_while_advisers_sell(here: world.World, clerk: Any) -> None:
    assert opens(FRONT) and opens(f"{FRONT}via/ilse-markus/")
    page = switch(clerk, "direct", "off")
    assert "Switched off: Direct" in page.content.decode()
    assert not opens(FRONT) and opens(f"{FRONT}via/ilse-markus/")
    switch(clerk, "direct", "on")
    assert opens(FRONT)


def test_a_distributor_switched_off_has_a_link_that_opens_nothing(here: world.World, clerk: Any) -> None:
    switch(clerk, "adviser", "off", "ilse-markus")
    assert opens(FRONT) and not opens(f"{FRONT}via/ilse-markus/")
    switch(clerk, "adviser", "on", "ilse-markus")
    switch(clerk, "adviser", "off")
    assert opens(f"{FRONT}via/ilse-markus/"), "a distributor's own switch wins"


def test_the_link_of_nobody_appointed_opens_nothing(here: world.World) -> None:
    assert not opens(f"{FRONT}via/nobody/")


def test_what_is_in_the_making_can_still_be_sent_in(here: world.World, clerk: Any) -> None:
    switch(clerk, "adviser", "off")
    ilse = world.client_of("ilse@kroonlaan.example")
    with given.inside(here.company):
        draft = Draft.objects.select_related("case").get(pk=here.draft.pk)
    page = ilse.get(f"/duinhaven/advisers/applications/{draft.case.number}/review/")
    assert page.status_code == 200 and b'name="declared"' in page.content


def test_switching_leaves_its_trail_and_a_row_once(here: world.World, clerk: Any) -> None:
    for turn in ("off", "on", "off"):
        switch(clerk, "office", turn)
    with given.inside(here.company):
        assert ProductChannel.objects.get(channel="office").on is False
        codes = (
            TrailEntry.objects.filter(code__startswith="product.channel").order_by("pk").values_list("code", flat=True)
        )
        assert list(codes) == ["product.channel_off", "product.channel_on", "product.channel_off"]
        histories = ProductChannel.pgh_event_model.objects.filter(channel="office").count()  # type: ignore[attr-defined]
        assert histories == 3
    text = clerk.get(PAGE).content.decode()
    assert text.count("Switched off: Office") == 2


@pytest.mark.parametrize(
    ("channel", "turn", "distributor"),
    [("post", "off", ""), ("direct", "toggle", ""), ("adviser", "off", "nobody"), ("", "", "")],
)
def test_a_switch_that_is_not_on_the_page_changes_nothing(
    here: world.World, clerk: Any, channel: str, turn: str, distributor: str
) -> None:
    page = switch(clerk, channel, turn, distributor)
    assert "found another one" in page.content.decode()
    with given.inside(here.company):
        assert not ProductChannel.objects.exists()


def test_who_only_views_products_switches_nothing(here: world.World) -> None:
    world.employee(here.company, "reader@duinhaven.example", (PartCode.PRODUCTS, Right.VIEW))
    reader = world.client_of("reader@duinhaven.example")
    assert b'name="turn"' not in reader.get(PAGE).content
    assert reader.post(PAGE, {"channel": "direct", "turn": "off"}).status_code == 403


def test_the_page_takes_the_same_queries_for_one_and_for_nine_distributors(here: world.World, clerk: Any) -> None:
    def queries() -> int:
        clerk.get(PAGE)
        with CaptureQueriesContext(connection) as seen:
            clerk.get(PAGE)
        return len(seen)

    one = queries()
    for place in range(8):
        given.adviser(here.company, f"adviser-{place}", f"adviser{place}@kroonlaan.example")
    assert queries() == one
