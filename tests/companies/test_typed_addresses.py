"""An address that a reader brings along may be none at all: the page says nothing of it, and doesn't break."""

import pytest
from django.test import Client
from django.urls import reverse

from companies.requests import path_of
from tests import given, world

pytestmark = pytest.mark.django_db
NONE = ["http://[", "//[x/duinhaven/office/", "/a\x00b/office/c/", "/a b/office/c/", "\\\\", ""]


@pytest.mark.parametrize(("address", "path"), [("https://a.example/b/office/?c", "/b/office/"), ("http://[", "")])
def test_the_path_of_an_address_or_nothing(address: str, path: str) -> None:
    assert path_of(address) == path


@pytest.mark.parametrize("address", NONE)
def test_who_logs_in_with_such_an_address_gets_the_page_without_anybodys_help(address: str) -> None:
    given.company("duinhaven")
    for page in (
        Client().get("/accounts/login/", {"next": address}),
        Client().post("/accounts/login/", {"next": address, "login": "a@b.example", "password": "x"}),
    ):
        assert page.status_code == 200 and page.context.get("helps") is None
    assert Client().get("/accounts/login/", {"next": "/duinhaven/office/today/"}).context.get("helps") is not None


@pytest.mark.parametrize("address", NONE)
def test_the_rights_of_no_page_are_nobodys(address: str) -> None:
    company = given.company("duinhaven")
    given.handed_over(company)
    page = world.client_of("chief@duinhaven.example").get(reverse("rights:page", args=["duinhaven"]), {"of": address})
    assert page.status_code == 200 and page.context["found"] is False
