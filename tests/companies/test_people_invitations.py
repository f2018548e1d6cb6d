"""Invitations: written by administrators, mailed by a worker, taken once by the person himself (S1-30)."""

import re
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone

from common.errors import BusinessError
from companies.actor import ROBOT
from companies.doors import Door
from companies.models import Company, CompanyKind, Grant, Invitation, Membership, Protocol, SignIn, TrailEntry, User
from companies.rights import create_protocol
from companies.services import invitations
from companies.signins import enter_login
from relations.services.parties import Person, register_party
from tests import given, people, world

pytestmark = pytest.mark.django_db
SANNE = "sanne@verbruggen.example"
PERSON = Person(
    given_name="Sanne", family_name="Verbruggen", email=SANNE, street="Dorpsstraat", house_number="12",
    postcode="4381 AB", city="Vlissingen", country="NL", language="nl", birth_date=date(1986, 4, 17),
)  # fmt: skip
FORM = {"name": "Sanne Verbruggen", "password": people.PASSWORD}


@pytest.fixture
def company():
    return given.company()


@pytest.fixture
def chief(company):
    return people.administrator(company)


def test_mail_goes_out_by_the_worker_in_the_persons_language_with_the_secret_of_no_table(company, chief):
    invitation = people.invited(company, actor=people.acting(chief))
    assert mail.outbox == []
    given.work(company)
    sent = people.mail_to(mail.outbox, SANNE)
    assert sent.subject == "Uitnodiging van Duinhaven"
    assert f"http://localhost:8000{people.path(invitation)}" in sent.body
    assert "Chief" in sent.body and sent.extra_headers["Content-Language"] == "nl"
    with given.inside(company):
        row = Invitation.objects.get()
    assert people.path(invitation) not in str(row.__dict__)


def test_nothing_exists_before_it_is_taken_and_opening_the_page_changes_nothing(company):
    invitation = people.invited(company)
    for _visit in range(3):
        response = Client().get(people.path(invitation))
        assert response.status_code == 200 and "Duinhaven" in response.content.decode()
    assert not User.objects.filter(email=SANNE).exists()
    with given.inside(company):
        assert Invitation.objects.get().taken_at is None and not Membership.objects.exists()


def test_a_new_person_sets_name_and_password_and_stands_in_the_office_with_her_protocols(company, chief):
    with given.inside(company):
        protocol = Protocol.objects.get(template="acceptor")
    invitation = people.invited(company, protocols=[protocol.pk], post="Acceptor", actor=people.acting(chief))
    client = Client()
    response = client.post(people.path(invitation), FORM)
    assert (response.status_code, response["Location"]) == (302, "/duinhaven/office/")
    assert client.get("/duinhaven/office/").status_code == 200
    user = User.objects.get(email=SANNE)
    assert user.check_password(people.PASSWORD) and user.name == "Sanne Verbruggen" and not user.operator
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.verified, address.primary) == (SANNE, True, True)
    with given.inside(company):
        member = Membership.objects.get(user=user)
        assert (member.door, member.post, member.on, member.administrator) == (Door.OFFICE, "Acceptor", True, False)
        grant = Grant.objects.get()
        assert (grant.membership_id, grant.protocol_id, grant.given_by_id) == (member.pk, protocol.pk, chief.pk)
        assert list(user.groups.values_list("pk", flat=True)) == [protocol.group_id]
        taken = Invitation.objects.get()
        assert taken.taken_at is not None and taken.membership_id == member.pk
        entry = TrailEntry.objects.get(code="invitation.taken")
        assert (entry.user_id, entry.subject_id, entry.actor_kind) == (user.pk, member.pk, "employee")


def test_a_taken_invitation_gives_a_place_in_the_rehearsal_which_its_administrator_switches(company, chief):
    twin = Company.objects.get(rehearsal_of=company)
    with given.inside(company):
        ready = Protocol.objects.get(template="acceptor")
        own = create_protocol(name="Of this company alone", rights=[], actor=ROBOT, on=given.DAY)
    invitation = people.invited(
        company, protocols=[ready.pk, own.pk], post="Acceptor", language="en", actor=people.acting(chief)
    )
    client = Client()
    client.post(people.path(invitation), FORM)
    assert client.get("/duinhaven/office/").status_code == client.get("/duinhaven-rehearsal/office/").status_code == 200
    choice = client.get("/").content.decode()
    assert "Duinhaven, rehearsal" in choice and choice.count('href="/duinhaven') == 2, "two doors, told apart"
    with given.inside(twin):
        place = Membership.objects.get(user__email=SANNE)
        assert (place.door, place.post, place.on, place.administrator) == (Door.OFFICE, "Acceptor", True, False)
        assert [(grant.protocol.template, grant.given_by_id) for grant in Grant.objects.all()] == [("acceptor", None)]
        entry = TrailEntry.objects.get(code="member.added", subject_id=place.pk)
        assert (entry.actor_kind, entry.user_id) == ("robot", place.user_id)
    given.member(twin, "chief@duinhaven.example", administrator=True)
    page = f"/duinhaven-rehearsal/office/admin/employees/{place.public_id}/"
    there = world.client_of("chief@duinhaven.example")
    assert there.post(page, {"act": "off"}).status_code == 302
    assert world.client_of(SANNE).get("/duinhaven-rehearsal/office/").status_code == 404
    assert world.client_of(SANNE).get("/duinhaven/office/").status_code == 200, "the company itself stays open"


@pytest.mark.parametrize("door", [Door.ADVISERS, Door.FOLDER])
def test_an_invitation_to_a_public_door_gives_no_place_in_the_rehearsal(company, door):
    Client().post(people.path(people.invited(company, door=door)), FORM)
    with given.inside(Company.objects.get(rehearsal_of=company)):
        assert not Membership.objects.exists()


def test_a_company_without_a_rehearsal_takes_its_people_all_the_same():
    broker = given.company("kroonlaan", kind=CompanyKind.BROKER)
    Client().post(people.path(people.invited(broker, administrator=True)), FORM)
    with given.inside(broker):
        assert Membership.objects.get(user__email=SANNE).administrator


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({**FORM, "password": "short"}, "12"),
        ({**FORM, "password": "sanne@verbruggen.example"}, "similar"),
        ({**FORM, "name": ""}, "Expected your name"),
        ({"name": "Sanne"}, "Expected a password"),
    ],
)
def test_a_weak_password_or_no_name_makes_nothing(company, form, said):
    invitation = people.invited(company)
    response = Client().post(people.path(invitation), form)
    assert response.status_code == 422 and said in response.content.decode()
    assert not User.objects.filter(email=SANNE).exists()


def test_taken_called_back_lapsed_and_unknown_are_one_and_the_same_page(company, settings):
    taken, back = (people.invited(company, f"{name}@x.example") for name in ("taken", "back"))
    settings.INVITATION_DAYS = 0
    lapsed = people.invited(company, "lapsed@x.example")
    assert Client().post(people.path(taken), FORM).status_code == 302
    with given.inside(company):
        invitations.call_back(invitation_id=back.pk, actor=ROBOT, on=given.DAY)
    pages = [
        Client().get(path) for path in (*map(people.path, (taken, back, lapsed)), f"/accounts/invitation/{'x' * 43}/")
    ]
    csrf = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
    path = re.compile(r"/accounts/invitation/[^/]*/")
    assert {page.status_code for page in pages} == {404}
    assert len({path.sub("", csrf.sub("", page.content.decode())) for page in pages}) == 1
    assert Client().post(people.path(taken), FORM).status_code == 404
    assert Membership.objects.count() == 0  # outside a company: no rows


def test_sent_again_the_first_address_opens_nothing_and_the_new_one_does(company, chief):
    first = people.invited(company, actor=people.acting(chief))
    with given.inside(company, people.acting(chief)):
        second = invitations.send_again(invitation_id=first.pk, actor=people.acting(chief), on=given.DAY)
    assert Client().get(people.path(first)).status_code == 404
    assert Client().get(people.path(second)).status_code == 200
    given.work(company)
    bodies = [message.body for message in mail.outbox]
    assert len(bodies) == 1 and people.path(second) in bodies[0]


def test_who_has_a_login_logs_in_as_it_and_accepts(company):
    other = given.company("zandwijk")
    given.member(other, SANNE, door=Door.ADVISERS)
    invitation = people.invited(company)
    response = Client().get(people.path(invitation))
    assert f"/accounts/login/?next={people.path(invitation)}" in response.content.decode()
    assert Client().post(people.path(invitation), FORM).status_code == 200  # a stranger takes nothing
    client = world.client_of(SANNE)
    assert client.get(people.path(invitation)).status_code == 200
    response = client.post(people.path(invitation))
    assert (response.status_code, response["Location"]) == (302, "/duinhaven/office/")
    assert User.objects.get(email=SANNE).check_password(given.PASSWORD)
    assert client.get("/duinhaven/office/").status_code == 200


def test_another_login_is_told_so_and_takes_nothing(company, chief):
    invitation = people.invited(company)
    given.member(company, "nosy@duinhaven.example")
    client = world.client_of("nosy@duinhaven.example")
    text = client.get(people.path(invitation)).content.decode()
    assert "nosy@duinhaven.example" in text and SANNE in text
    assert client.post(people.path(invitation), FORM).status_code == 200
    assert not User.objects.filter(email=SANNE).exists()


def test_an_administrator_is_led_to_the_second_factor_before_anything_opens(company):
    invitation = people.invited(company, administrator=True)
    client = Client()
    client.post(people.path(invitation), FORM)
    response = client.get("/duinhaven/office/")
    assert (response.status_code, response["Location"]) == (
        302,
        "/accounts/factor/totp/activate/?next=%2Fduinhaven%2Foffice%2F",
    )


def test_twice_invited_is_refused_and_so_is_who_is_here_already(company, chief):
    people.invited(company)
    for email, said in ((SANNE.upper(), "invited already"), (chief.user.email, "login here already")):
        with pytest.raises(BusinessError, match=said), transaction.atomic():
            people.invited(company, email)


def test_an_employee_of_another_company_takes_none_and_learns_why(company):
    given.member(given.company("zandwijk"), SANNE)
    invitation = people.invited(company)
    client = world.client_of(SANNE)
    response = client.post(people.path(invitation))
    assert response.status_code == 200 and "an employee belongs to one" in response.content.decode()
    with given.inside(company):
        assert not Membership.objects.exists() and Invitation.objects.get().taken_at is None


def test_inviting_tells_nothing_about_logins_elsewhere(company, chief):
    given.member(given.company("zandwijk"), SANNE)
    client = world.client_of(chief.user.email)
    for email in (SANNE, "unknown@verbruggen.example"):
        form = {"name": "Sanne", "email": email, "language": "nl"}
        response = client.post("/duinhaven/office/admin/invitations/", form, follow=True)
        assert f"{email} is invited." in response.content.decode()


def test_the_door_of_another_process_sends_on_to_it(company, settings):
    settings.PROCESS = "public"
    invitation = people.invited(company)
    response = Client().get(people.path(invitation))
    assert response["Location"] == f"{settings.OFFICE_URL}{people.path(invitation)}"


def test_a_new_login_has_a_session_in_the_list_of_who_is_in(company):
    invitation = people.invited(company)
    Client().post(people.path(invitation), FORM, headers={"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"})
    user = User.objects.get(email=SANNE)
    enter_login(user.pk)
    assert SignIn.objects.filter(user=user, ended_at=None).count() == 1


def test_the_invitation_holds_seven_days(company):
    invitation = people.invited(company)
    assert timedelta(days=6, hours=23) < invitation.expires_at - timezone.now() <= timedelta(days=7)


@pytest.mark.parametrize("door", [Door.ADVISERS, Door.FOLDER])
def test_at_a_public_door_the_party_is_bound_to_whoever_takes_it(company, door):
    """The public process holds bo_public's password alone; the database does the rest."""
    with given.inside(company):
        party = register_party(person=PERSON, on=given.DAY, actor=ROBOT)
        protocol = Protocol.objects.get(template="auditor")
    invitation = people.invited(company, door=door, party_id=party.pk, protocols=[protocol.pk])
    given.become("bo_public")
    try:
        response = Client().post(people.path(invitation), FORM)
    finally:
        given.become("bo_app")
    assert response.status_code == 302 and response["Location"].endswith(f"/duinhaven/{door.value}/")
    with given.inside(company):
        party.refresh_from_db()
        member = Membership.objects.get(user__email=SANNE)
        bound = {Door.ADVISERS: party.membership_id, Door.FOLDER: party.folder_id}
        assert (member.door, bound) == (door, dict.fromkeys(bound) | {door: member.pk})
        assert not Grant.objects.exists() and not member.user.groups.exists()  # protocols are for employees
