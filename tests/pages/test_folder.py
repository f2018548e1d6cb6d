"""The client folder: enabled by an employee, entered by the customer, who sees his own and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from companies.doors import Door
from companies.models import Company, Invitation, Job, Membership, PartCode, Right, TrailEntry, User
from companies.services.invitations import secret_of, take_invitation
from companies.signins import enter_login
from documents.models import Document
from policies.models import Policy
from relations.models import Party
from tests import given, world

pytestmark = pytest.mark.django_db
SANNE, OTTO = "sanne@verbruggen.example", "otto@verbeek.example"
OTHER = {**given.HOLDER, "name": "Verbeek", "given_names": "Otto", "email": OTTO}


@pytest.fixture
def company() -> Company:
    return given.provider()


@pytest.fixture
def policy(company: Company) -> Policy:
    return given.policy(company, code=None)


def of_folder(company: Company, page: str = "overview", **kwargs: Any) -> str:
    return reverse(f"folder:{page}", kwargs={"company": company.slug, **kwargs})


def enter(company: Company, party_id: int, email: str) -> Client:
    """The customer with his folder open before him."""
    given.folder(company, party_id, email)
    return world.client_of(email)


def clerk(company: Company, right: Right = Right.EDIT) -> Client:
    email = f"{right.value}@{company.slug}.example"
    world.employee(company, email, (PartCode.RELATIONS, Right.VIEW), (PartCode.RELATIONS, right))
    return world.client_of(email)


@contextmanager
def as_login(email: str) -> Iterator[None]:
    """The context of a login outside every company, as its own pages have it."""
    with transaction.atomic():
        enter_login(User.objects.get(email=email).pk)
        yield


def step(company: Company, party: Party, turn: str) -> str:
    return reverse(f"relations:folder_{turn}", kwargs={"company": company.slug, "number": party.number})


def party_page(company: Company, party: Party) -> str:
    return reverse("office:party", kwargs={"company": company.slug, "number": party.number})


def test_customer_sees_his_policy_his_papers_and_what_is_due(company, policy):
    client = enter(company, policy.holder_id, SANNE)
    page = client.get(of_folder(company)).content.decode()
    assert "Welcome, Sanne Verbruggen" in page and policy.number in page
    with given.inside(company):
        invoice = policy.invoices.get()
        kinds = set(Document.objects.filter(case=policy.case_id).values_list("kind", flat=True))
        paper = Document.objects.get(case=policy.case_id, kind="policy")
    shown = client.get(of_folder(company, "policy", number=policy.number)).content.decode()
    assert invoice.number in shown and paper.reference in shown
    assert client.get(of_folder(company, "papers")).content.decode().count(", PDF") == len(kinds)
    assert invoice.number in client.get(of_folder(company, "payments")).content.decode()
    assert client.get(of_folder(company, "paper", public_id=paper.public_id)).content.startswith(b"%PDF")


def test_customer_sees_nothing_of_another_customer(company, policy):
    other = given.policy(company, holder=OTHER)
    assert other.holder_id != policy.holder_id
    client = enter(company, other.holder_id, OTTO)
    with given.inside(company):
        paper = Document.objects.get(case=policy.case_id, kind="policy")
    for address in (of_folder(company), of_folder(company, "papers"), of_folder(company, "payments")):
        page = client.get(address).content.decode()
        assert policy.number not in page and "Verbruggen" not in page
    assert client.get(of_folder(company, "policy", number=policy.number)).status_code == 404
    assert client.get(of_folder(company, "paper", public_id=paper.public_id)).status_code == 404


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_folder_speaks_all_three_languages(company, policy, language):
    client = enter(company, policy.holder_id, SANNE)
    page = client.get(of_folder(company), headers={"accept-language": language})
    word = {"nl": "Uw verzekeringen", "de": "Ihre Versicherungen", "en": "Your insurances"}[language]
    assert page["Content-Language"] == language and word in page.content.decode()


def test_folder_asks_the_same_number_of_queries_for_one_policy_and_for_four(company, policy):
    client = enter(company, policy.holder_id, SANNE)
    pages = [of_folder(company), of_folder(company, "papers"), of_folder(company, "payments")]

    def counts() -> list[int]:
        found = []
        for address in pages:
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            found.append(len(queries))
        return found

    counts()
    one = counts()
    for _policy in range(3):
        given.policy(company)
    assert counts() == one


def test_enabling_invites_the_customer_and_nobody_gets_in_before_he_takes_it(company, policy):
    client = clerk(company)
    with given.inside(company):
        party = Party.objects.get(pk=policy.holder_id)
    assert "Enable and invite" in client.get(party_page(company, party)).content.decode()
    response = client.post(step(company, party, "on"), follow=True)
    assert f"An invitation is on its way to {SANNE}." in response.content.decode()
    with given.inside(company):
        invitation = Invitation.objects.get()
        assert (invitation.email, invitation.door, invitation.party_id) == (SANNE, Door.FOLDER, party.pk)
        assert not invitation.administrator and invitation.protocols == []
        assert Job.objects.filter(ids={"invitation": invitation.pk}).exists()
        assert not Membership.objects.filter(door=Door.FOLDER).exists()
        assert TrailEntry.objects.filter(code="folder.invited", subject_id=party.pk).exists()


def test_an_invitation_taken_opens_the_folder_of_the_party_it_was_sent_for(company, policy):
    with given.inside(company):
        party = Party.objects.get(pk=policy.holder_id)
    clerk(company).post(step(company, party, "on"))
    with given.inside(company):
        secret = secret_of(Invitation.objects.get().nonce)
    take_invitation(secret=secret, name="Sanne Verbruggen", language="nl", password=given.PASSWORD)
    with given.inside(company):
        party.refresh_from_db()
        assert party.folder is not None and party.folder.door == Door.FOLDER and party.membership is None
    assert policy.number in world.client_of(SANNE).get(of_folder(company)).content.decode()


def test_an_adviser_who_is_invited_as_customer_stays_an_adviser(company):
    ilse = given.adviser(company)
    clerk(company).post(step(company, ilse, "on"))
    with given.inside(company):
        secret = secret_of(Invitation.objects.get().nonce)
    with as_login("ilse@kroonlaan.example"):
        take_invitation(secret=secret)
    with given.inside(company):
        ilse.refresh_from_db()
        assert ilse.membership is not None and ilse.folder is not None
        assert (ilse.membership.door, ilse.folder.door) == (Door.ADVISERS, Door.FOLDER)


def test_no_customer_is_enabled_by_himself(company, policy):
    with given.inside(company):
        assert not Invitation.objects.exists() and not Membership.objects.filter(door=Door.FOLDER).exists()


def test_a_new_invitation_ends_the_one_before(company, policy):
    client = clerk(company)
    with given.inside(company):
        party = Party.objects.get(pk=policy.holder_id)
    for _time in range(2):
        client.post(step(company, party, "on"))
    with given.inside(company):
        assert Invitation.objects.count() == 2
        assert Invitation.objects.filter(revoked_at=None).count() == 1
    client.post(step(company, party, "off"))
    with given.inside(company):
        assert not Invitation.objects.filter(revoked_at=None).exists()


def test_without_an_address_or_with_anothers_nobody_is_invited(company, policy):
    client = clerk(company)
    silent = given.customer(company, "Stil", "")
    assert "found none" in client.post(step(company, silent, "on"), follow=True).content.decode()
    twin = given.customer(company, "Dubbel", SANNE)
    given.folder(company, policy.holder_id, SANNE)
    assert "opens the folder of" in client.post(step(company, twin, "on"), follow=True).content.decode()
    with given.inside(company):
        assert not Invitation.objects.exists()


def test_disabling_bites_on_the_next_request_and_enabling_again_opens(company, policy):
    client = enter(company, policy.holder_id, SANNE)
    office = clerk(company)
    with given.inside(company):
        party = Party.objects.get(pk=policy.holder_id)
    assert client.get(of_folder(company)).status_code == 200
    office.post(step(company, party, "off"))
    assert client.get(of_folder(company)).status_code == 404
    assert "Disabled" in office.get(party_page(company, party)).content.decode()
    office.post(step(company, party, "on"))
    assert client.get(of_folder(company)).status_code == 200
    with given.inside(company):
        assert not Invitation.objects.exists()


def test_who_may_only_view_relations_sees_the_state_and_no_button(company, policy):
    client = clerk(company, Right.VIEW)
    with given.inside(company):
        party = Party.objects.get(pk=policy.holder_id)
    page = client.get(party_page(company, party)).content.decode()
    assert "Not enabled" in page and step(company, party, "on") not in page
    for turn in ("on", "off"):
        assert client.post(step(company, party, turn)).status_code == 403


def test_page_of_a_party_names_who_registered_it(company, policy):
    with given.inside(company):
        party = Party.objects.get(pk=policy.holder_id)
    page = clerk(company).get(party_page(company, party)).content.decode()
    assert "Registered by" in page and "Robot" in page


def test_one_person_as_employee_adviser_and_customer_meets_each_door_as_that_alone(company):
    """Three doors, one login: each shows its own, and the menu leads to the others."""
    ilse = given.adviser(company)
    sold = given.policy(company, code="ilse-markus")
    own = given.policy(company, holder=OTHER)
    given.folder(company, own.holder_id, "ilse@kroonlaan.example")
    world.employee(company, "ilse@kroonlaan.example", (PartCode.RELATIONS, Right.VIEW))
    client = world.client_of("ilse@kroonlaan.example")
    office = client.get(reverse("office:today", kwargs={"company": company.slug})).content.decode()
    advisers = client.get(reverse("advisers:portfolio", kwargs={"company": company.slug})).content.decode()
    folder = client.get(of_folder(company)).content.decode()
    assert sold.number in advisers and own.number not in advisers
    assert own.number in folder and sold.number not in folder
    with given.inside(company):
        assert party_page(company, ilse) not in folder
    doors = {"Office": office, "Advisers": advisers, "Client folder": folder}
    for here, page in doors.items():
        for door in doors:
            leads = f"{company.name}, {door}</a>" in page
            assert leads is (door != here), (here, door)
    assert client.get(reverse("policies:list", kwargs={"company": company.slug})).status_code == 403
