"""The pages of module Admin: people, invitations, sessions, company and modules, as an administrator meets them."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from companies.doors import Door
from companies.jobs import HANDLERS, MODULES
from companies.models import Company, Invitation, Job, Membership, Module, ModuleCode, Profile
from tests import given, people, world

pytestmark = pytest.mark.django_db
ADMIN = "/duinhaven/office/admin/"


@pytest.fixture
def company():
    return given.company()


@pytest.fixture
def chief(company):
    people.administrator(company)
    return world.client_of("chief@duinhaven.example")


@pytest.fixture
def sanne(company):
    return given.member(company, "sanne@duinhaven.example", "acceptor")


def page_of(member):
    return f"{ADMIN}employees/{member.public_id}/"


@pytest.fixture
def hers(company, sanne):
    with given.inside(company):
        sanne.refresh_from_db()
    return page_of(sanne)


def test_list_takes_the_same_number_of_queries_at_3_and_60_people(company, chief, sanne):
    def visit():
        chief.get(ADMIN)
        with CaptureQueriesContext(connection) as found:
            response = chief.get(ADMIN)
        return len(found), response

    few, _page = visit()
    for number in range(57):
        given.member(company, f"clerk{number}@duinhaven.example", "policy-clerk")
    many, response = visit()
    assert response.context["page"].paginator.count == 59 and len(response.context["page"]) == 50
    assert many == few


@pytest.mark.parametrize(
    ("query", "expected"),
    [("", 3), ("?q=sanne", 1), ("?door=advisers", 1), ("?door=folder", 0), ("?state=off", 0), ("?state=on", 3),
     ("?only=administrators", 1), ("?only=bare", 3), ("?q=nobody", 0)],
)  # fmt: skip
def test_conditions_narrow_and_customers_stand_elsewhere(company, chief, sanne, query, expected):
    given.member(company, "ilse@kroonlaan.example", door=Door.ADVISERS)
    given.member(company, "klant@verbruggen.example", door=Door.FOLDER)
    assert chief.get(ADMIN + query).context["page"].paginator.count == expected


def test_export_holds_everybody_with_protocols(company, chief, sanne):
    rows = list(csv.reader(io.StringIO(chief.get(f"{ADMIN}?export=csv").content.decode("utf-8-sig"))))
    assert len(rows) == 3 and any("Acceptant" in cell for row in rows for cell in row)


@pytest.mark.parametrize("key", ["name", "email", "post", "door", "since", "state"])
def test_every_sort_works_both_ways(chief, sanne, key):
    up = [row.pk for row in chief.get(f"{ADMIN}?sort={key}").context["page"]]
    assert [row.pk for row in chief.get(f"{ADMIN}?sort=-{key}").context["page"]] == up[::-1]


def test_page_of_one_shows_doors_protocols_factor_and_sessions(company, chief, sanne, hers):
    given.member(company, "sanne@duinhaven.example", door=Door.ADVISERS)
    world.client_of("sanne@duinhaven.example").get("/", headers={"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140"})
    text = chief.get(hers).content.decode()
    for part in ("sanne@duinhaven.example", "Advisers", "Acceptant", "Second factor", "in since", "Switch off"):
        assert part in text, part


@pytest.mark.parametrize(
    ("act", "told", "on", "administrator"),
    [
        ("off", "is switched off. All sessions have ended.", False, False),
        ("administrator", "is administrator.", True, True),
        ("end", "All sessions of Sanne have ended.", True, False),
        ("nonsense", "found another one", True, False),
    ],
)
def test_an_act_does_its_step_and_says_so(company, chief, sanne, hers, act, told, on, administrator):
    response = chief.post(hers, {"act": act}, follow=True)
    assert response.redirect_chain == [(hers, 302)] and told in response.content.decode()
    with given.inside(company):
        member = Membership.objects.get(pk=sanne.pk)
    assert (member.on, member.administrator) == (on, administrator)


def test_post_is_changed_and_too_long_a_one_is_refused(company, chief, sanne, hers):
    assert chief.post(hers, {"act": "post", "post": "x" * 81}).status_code == 422
    chief.post(hers, {"act": "post", "post": "Senior acceptor"})
    with given.inside(company):
        assert Membership.objects.get(pk=sanne.pk).post == "Senior acceptor"


def test_raising_asks_for_the_second_factor_again_and_lowering_does_not(company, chief, sanne, hers, settings):
    settings.FRESH_FACTOR = -1
    response = chief.post(hers, {"act": "administrator"})
    assert response["Location"].startswith("/accounts/factor/totp/activate/?next=%2Faccounts%2Fgo-on%2F")
    with given.inside(company):
        assert not Membership.objects.get(pk=sanne.pk).administrator
    assert chief.post(hers, {"act": "off"})["Location"] == hers


def test_oneself_has_no_buttons_and_the_step_is_refused_in_words(company, chief):
    with given.inside(company):
        me = Membership.objects.get(user__email="chief@duinhaven.example")
    page = page_of(me)
    assert "Switch off" not in chief.get(page).content.decode()
    assert "another administrator" in chief.post(page, {"act": "off"}, follow=True).content.decode()


def test_a_persons_page_of_another_company_is_not_found(company, chief):
    other = given.member(given.company("zandwijk"), "piet@zandwijk.example")
    with given.inside(other.company):
        other.refresh_from_db()
    assert chief.get(page_of(other)).status_code == 404
    assert chief.post(page_of(other), {"act": "off"}).status_code == 404


def test_invitation_by_page_sent_again_and_called_back(company, chief):
    form = {"name": "Bas Blom", "email": "Bas@Duinhaven.example", "language": "nl", "post": "Clerk"}
    text = chief.post(f"{ADMIN}invitations/", form, follow=True).content.decode()
    assert "Bas@Duinhaven.example is invited." in text and "bas@duinhaven.example" in text
    with given.inside(company):
        first = Invitation.objects.get()
    chief.post(f"{ADMIN}invitations/", {"again": first.pk})
    with given.inside(company):
        second = Invitation.objects.get(revoked_at=None)
    assert second.token_hash != first.token_hash
    chief.post(f"{ADMIN}invitations/", {"back": second.pk})
    assert "No invitation is open" in chief.get(f"{ADMIN}invitations/").content.decode()
    for pk in (first.pk, second.pk, 0, "x"):
        assert chief.post(f"{ADMIN}invitations/", {"back": pk}).status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [({"email": "no"}, "Expected an e-mail address such as"), ({"name": ""}, "Expected the name"),
     ({"language": "fr"}, "fr"), ({"email": "chief@duinhaven.example"}, "has a login here already"),
     ({"protocols": ["999"]}, "999")],
)  # fmt: skip
def test_a_wrong_invitation_says_what_was_expected(company, chief, change, said):
    form = {"name": "Bas Blom", "email": "bas@duinhaven.example", "language": "nl", **change}
    response = chief.post(f"{ADMIN}invitations/", form)
    assert response.status_code == 422 and said in response.content.decode()
    with given.inside(company):
        assert not Invitation.objects.exists()


def test_who_is_in_names_each_person_once_and_ends_all_of_his_sessions(company, chief, sanne):
    browsers = [world.client_of("sanne@duinhaven.example") for _each in range(2)]
    response = chief.get(f"{ADMIN}sessions/")
    assert [row["member"].user.email for row in response.context["rows"]].count("sanne@duinhaven.example") == 1
    assert "End sessions" in response.content.decode()
    chief.post(f"{ADMIN}sessions/", {"end": sanne.pk})
    assert {client.get("/duinhaven/office/").status_code for client in browsers} == {302}
    assert chief.get(f"{ADMIN}sessions/").status_code == 200


def test_help_is_written_once_and_stands_at_every_door_and_at_the_login(company, chief):
    page = f"{ADMIN}company/"
    form = {name: field.initial or "" for name, field in chief.get(page).context["form"].fields.items()}
    form |= chief.get(page).context["form"].initial
    form |= {"help_email": "hulp@duinhaven.example", "help_phone": "0118 12 34 56", "help_hours": "9 to 17"}
    assert chief.post(page, {**form, "street": ""}).status_code == 422
    assert chief.post(page, form).status_code == 302
    with given.inside(company):
        profile = Profile.objects.get()
    assert (profile.help_phone, profile.street, profile.iban) == ("0118 12 34 56", "Kade 1", "NL91ABNA0417164300")
    given.adviser(company)
    places = {
        "/duinhaven/office/": chief,
        "/duinhaven/advisers/": world.client_of("ilse@kroonlaan.example"),
        "/duinhaven/apply/": Client(),
        "/accounts/login/?next=/duinhaven/office/": Client(),
        "/accounts/password/reset/?next=/duinhaven/advisers/": Client(),
        people.path(people.invited(company)): Client(),
    }
    for path, client in places.items():
        assert "hulp@duinhaven.example" in client.get(path).content.decode(), path
    assert "hulp@duinhaven.example" not in Client().get("/accounts/login/").content.decode()


def test_a_module_switched_off_has_no_menu_no_address_and_no_job_until_it_is_on_again(company, chief):
    world.employee(company, "all@duinhaven.example", *world.ALL_RIGHTS)
    clerk = world.client_of("all@duinhaven.example")
    modules = f"{ADMIN}modules/"
    assert "Nothing waits here." in chief.get(modules).content.decode()
    assert chief.post(modules, {"module": "products", "turn": "off"}).status_code == 302
    assert clerk.get("/duinhaven/office/applications/").status_code == 404
    assert Client().get("/duinhaven/apply/").status_code == 404
    assert "/duinhaven/office/applications/" not in clerk.get("/duinhaven/office/").content.decode()
    chief.post(modules, {"module": "products", "turn": "on"})
    assert clerk.get("/duinhaven/office/applications/").status_code == 200


def test_a_module_says_what_is_open_in_it_and_what_it_holds(chief):
    world.build("zandwijk", email="ilse@zandwijk.example")
    given.member(Company.objects.get(slug="zandwijk"), "chief@zandwijk.example", administrator=True)
    response = world.client_of("chief@zandwijk.example").get(ADMIN.replace("duinhaven", "zandwijk") + "modules/")
    told = {row["module"].code: dict(row["open"]) for row in response.context["rows"]}
    held = {row["module"].code: dict(row["holds"]) for row in response.context["rows"]}
    assert held["products"] == {"Products": 1, "Quotations": 2, "Applications": 2}
    assert (held["policies"], held["ledger"], held["base"]) == ({"Policies": 1, "Invoices": 1}, {"Entries": 2}, {})
    assert "Kept here, on or off: Entries 2" in " ".join(response.content.decode().split())
    assert told["products"] == {"Open quotations": 1, "Applications in the making": 3}
    assert (told["policies"], told["advisers"], told["folder"]) == ({"Policies in force": 1}, {"Advisers": 1}, {})


def test_administration_itself_stays_on_and_what_the_company_has_not_is_not_found(company, chief):
    text = chief.post(f"{ADMIN}modules/", {"module": "base", "turn": "off"}, follow=True).content.decode()
    assert "can’t be switched off" in text
    assert chief.post(f"{ADMIN}modules/", {"module": "pool", "turn": "on"}).status_code == 404
    with given.inside(company):
        assert Module.objects.get(code="base").on


def test_a_job_of_a_module_that_is_off_waits_is_shown_so_and_goes_on_later(company, chief, monkeypatch):
    done: list[int] = []
    monkeypatch.setitem(HANDLERS, "try", lambda job: done.append(job.pk))
    monkeypatch.setitem(MODULES, "try", ModuleCode.POLICIES)
    with given.inside(company):
        Module.objects.filter(code="policies").update(on=False)
        job = Job.objects.create(kind="try", key="try")
    assert given.work(company) == 0 and done == []
    assert "Waits: “Policies and invoices” is switched off." in chief.get("/duinhaven/office/jobs/").content.decode()
    with given.inside(company):
        job.refresh_from_db()
        assert (job.state, job.attempts, job.error) == ("open", 0, "")
        Module.objects.filter(code="policies").update(on=True)
    assert given.work(company) == 1 and done == [job.pk]


def test_navigation_shows_the_group_to_administrators_alone(company, chief, sanne):
    assert "/duinhaven/office/admin/" in chief.get("/duinhaven/office/").content.decode()
    assert "/office/admin/" not in world.client_of("sanne@duinhaven.example").get("/duinhaven/office/").content.decode()
