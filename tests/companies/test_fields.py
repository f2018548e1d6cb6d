"""What a page takes and what it shows of a row: the fields it is for, and no other (mass assignment, threat A20)."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client

from companies.models import Company, Grant, Membership, Protocol, SignIn, User
from companies.signins import enter_login
from tests import factors, given, people, world
from tests.contexts import browser_of

pytestmark = pytest.mark.django_db
ADMIN = "/duinhaven/office/admin/"
RIGHTS = f"{ADMIN}rights/"


@pytest.fixture
def company() -> Company:
    return given.company()


@pytest.fixture
def chief(company: Company) -> Membership:
    chief = people.administrator(company)
    factors.with_authenticator(chief.user)
    return chief


@pytest.fixture
def sanne(company: Company) -> Membership:
    return given.member(company, "sanne@duinhaven.example")


@pytest.fixture
def desk(chief: Membership) -> Client:
    return world.client_of(chief.user.email)


def row_of(model: Any, company: Company, **which: Any) -> dict[str, Any]:
    with given.inside(company):
        return dict(model.objects.filter(**which).values().get())


EVERYTHING = {
    "id": "1", "pk": "1", "company": "1", "company_id": "1", "user": "1", "user_id": "1", "is_superuser": "on",
    "is_active": "", "operator": "on", "is_staff": "on", "password": "!", "email": "evil@evil.example", "on": "on",
    "administrator": "on", "door": "office", "group": "1", "group_id": "1", "public_id": "0" * 32, "last_login": "",
    "retired_at": "2026-01-01", "template": "auditor",
}  # fmt: skip


def test_ones_own_page_changes_name_and_language_alone(company: Company, sanne: Membership) -> None:
    before, member = row_of(User, company, pk=sanne.user_id), row_of(Membership, company, pk=sanne.pk)
    client = browser_of(sanne.user)
    assert client.post("/accounts/profile/", EVERYTHING | {"name": "S. de Wit", "language": "nl"}).status_code == 302
    after = row_of(User, company, pk=sanne.user_id) | {"last_login": before["last_login"]}
    assert after == before | {"name": "S. de Wit", "language": "nl"}
    assert row_of(Membership, company, pk=sanne.pk) == member


def test_a_new_protocol_has_name_and_rights_of_the_form_and_nothing_else(company: Company, desk: Client) -> None:
    assert desk.post(f"{RIGHTS}new/", EVERYTHING | {"name": "Desk", "rights": "policies:view"}).status_code == 302
    row = row_of(Protocol, company, name="Desk")
    assert (row["template"], row["retired_at"], row["company_id"]) == ("", None, company.pk)
    assert row["public_id"].hex != "0" * 32 and row["id"] != 1
    with given.inside(company):
        assert not Grant.objects.filter(protocol_id=row["id"]).exists()


def test_a_step_on_an_employee_changes_what_the_step_is_for(company: Company, desk: Client, sanne: Membership) -> None:
    with given.inside(company):
        sanne.refresh_from_db()
    before, user = row_of(Membership, company, pk=sanne.pk), row_of(User, company, pk=sanne.user_id)
    page = f"{ADMIN}employees/{sanne.public_id}/"
    assert desk.post(page, EVERYTHING | {"act": "post", "post": "Desk"}).status_code == 302
    after = row_of(Membership, company, pk=sanne.pk)
    assert after == before | {"post": "Desk"}
    assert row_of(User, company, pk=sanne.user_id) == user


def test_pages_on_people_show_nothing_that_opens_a_door(
    company: Company, chief: Membership, desk: Client, sanne: Membership
) -> None:
    factors.with_authenticator(sanne.user)
    hers = world.client_of(sanne.user.email)
    with given.inside(company):
        sanne.refresh_from_db()
    secrets = {User.objects.get(pk=user).password for user in (chief.user_id, sanne.user_id)}
    secrets |= {str(client.session.session_key) for client in (desk, hers)}
    for member in (chief, sanne):
        enter_login(member.user_id)
        secrets |= {row.data["secret"] for row in Authenticator.objects.filter(user=member.user, type="totp")}
        secrets |= set(SignIn.objects.values_list("key", flat=True))
    secrets |= set(Session.objects.values_list("session_key", flat=True))
    assert len(secrets) >= 8 and "" not in secrets
    pages = [
        ADMIN, f"{ADMIN}?export=csv", f"{ADMIN}sessions/", f"{ADMIN}employees/{sanne.public_id}/", f"{RIGHTS}matrix/",
        f"{RIGHTS}matrix/?export=csv", f"{RIGHTS}employees/{sanne.public_id}/", f"{RIGHTS}confirm/",
    ]  # fmt: skip
    for page in pages:
        answer = desk.get(page)
        assert answer.status_code == 200, page
        text = answer.content.decode()
        assert len(text) > 50 and not [secret for secret in secrets if secret in text], page
