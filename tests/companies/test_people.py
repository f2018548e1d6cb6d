"""The people of a company: switched off and on, administrators, and sessions that end at once (S1-12, S2-04)."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from common.errors import BusinessError
from companies.actor import ROBOT
from companies.doors import Door
from companies.models import Company, Membership, TrailEntry, User
from companies.services import people as steps
from companies.signins import enter_login
from companies.trail import words
from tests import given, people, world
from tests.contexts import entrance_of, session_of

pytestmark = pytest.mark.django_db
SANNE = "sanne@duinhaven.example"


@pytest.fixture
def company():
    return given.company()


@pytest.fixture
def chief(company):
    return people.administrator(company)


@pytest.fixture
def sanne(company, chief):
    return given.member(company, SANNE)


def by(chief):
    return {"actor": people.acting(chief), "on": given.DAY}


def test_switched_off_her_sessions_end_at_once_and_nothing_is_deleted(company, chief, sanne):
    browsers = [world.client_of(SANNE) for _each in range(3)]
    assert {client.get("/duinhaven/office/").status_code for client in browsers} == {200}
    with given.inside(company, people.acting(chief)):
        assert steps.switch_member(company=company, membership_id=sanne.pk, turn_on=False, **by(chief)) == 3
    for client in browsers:
        response = client.get("/duinhaven/office/")
        assert response.status_code == 302 and response["Location"].startswith("/accounts/login/")
    assert world.client_of(SANNE).get("/duinhaven/office/").status_code == 404
    with given.inside(company, people.acting(chief)):
        steps.switch_member(company=company, membership_id=sanne.pk, turn_on=True, **by(chief))
        told = [words(row) for row in TrailEntry.objects.filter(subject_id=sanne.pk).order_by("pk")]
    assert told[-2:] == ["Login switched off", "Login switched on"]
    assert world.client_of(SANNE).get("/duinhaven/office/").status_code == 200


def test_what_changes_here_changes_in_the_rehearsal_too(company, chief, sanne):
    twin = Company.objects.get(rehearsal_of=company)
    given.member(twin, SANNE)
    whom = {"company": company, "membership_id": sanne.pk}
    for step, flags in (
        (lambda: steps.set_administrator(administrator=True, **whom, **by(chief)), (True, True)),
        (lambda: steps.set_administrator(administrator=False, **whom, **by(chief)), (False, True)),
        (lambda: steps.switch_member(turn_on=False, **whom, **by(chief)), (False, False)),
    ):
        with given.inside(company, people.acting(chief)):
            step()
        with given.inside(twin):
            there = Membership.objects.get(user__email=SANNE)
            assert (there.administrator, there.on) == flags


def test_at_another_company_too_her_sessions_go_on_but_this_door_is_shut(company, chief, sanne):
    other = given.company("zandwijk")
    given.member(other, SANNE, door=Door.ADVISERS)
    client = world.client_of(SANNE)
    with given.inside(company, people.acting(chief)):
        assert steps.works_elsewhere(sanne)
        assert steps.end_sessions(membership_id=sanne.pk, **by(chief)) is None
        assert steps.switch_member(company=company, membership_id=sanne.pk, turn_on=False, **by(chief)) is None
    assert client.get("/duinhaven/office/").status_code == 404
    assert client.get("/accounts/sessions/").status_code == 200


def test_who_is_in_tells_browser_and_times_never_a_key_and_only_to_administrators(company, chief, sanne):
    key = session_of(sanne.user, verified=True)
    given.member(given.company("zandwijk"), "piet@zandwijk.example")
    world.client_of("piet@zandwijk.example")
    with given.inside(company, people.acting(chief)):
        rows = steps.who_is_in()
        assert [row.membership_id for row in rows] == [sanne.pk]
        assert rows[0].factor == "totp" and rows[0].verified_at is not None
        assert key not in repr(rows)
        assert steps.last_seen().keys() == {sanne.pk}
    with given.inside(company, given.actor_of(sanne)):
        assert steps.who_is_in() == [] and steps.last_seen() == {}
        with pytest.raises(DatabaseError, match="ended by administrators"), transaction.atomic():
            steps.end_sessions(membership_id=chief.pk, actor=given.actor_of(sanne), on=given.DAY)


def test_nobody_changes_his_own_access(company, chief):
    with given.inside(company, people.acting(chief)):
        for step in (
            lambda: steps.switch_member(company=company, membership_id=chief.pk, turn_on=False, **by(chief)),
            lambda: steps.set_administrator(company=company, membership_id=chief.pk, administrator=False, **by(chief)),
        ):
            with pytest.raises(BusinessError, match="another administrator"):
                step()


def test_the_last_administrator_stays_once_the_company_administers_itself(company, chief):
    company.own_administrator_at = timezone.now()
    with given.inside(company):
        for step in (
            lambda: steps.switch_member(
                company=company, membership_id=chief.pk, turn_on=False, actor=ROBOT, on=given.DAY
            ),
            lambda: steps.set_administrator(
                company=company, membership_id=chief.pk, administrator=False, actor=ROBOT, on=given.DAY
            ),
        ):
            with pytest.raises(BusinessError, match="last administrator"):
                step()


def test_an_administrator_is_made_and_unmade_by_another(company, chief, sanne):
    with given.inside(company, people.acting(chief)):
        assert steps.set_administrator(
            company=company, membership_id=sanne.pk, administrator=True, **by(chief)
        ).administrator
        assert not steps.set_administrator(
            company=company, membership_id=sanne.pk, administrator=False, **by(chief)
        ).administrator
    adviser = given.member(company, "ilse@kroonlaan.example", door=Door.ADVISERS)
    with given.inside(company, people.acting(chief)), pytest.raises(BusinessError, match="Expected an employee"):
        steps.set_administrator(company=company, membership_id=adviser.pk, administrator=True, **by(chief))


# The same rules past the services, by SQL.

CHANGES = [
    'update companies_membership set "on" = false where id = %(whom)s',
    "update companies_membership set administrator = true where id = %(whom)s",
    "update companies_membership set post = 'Boss' where id = %(whom)s",
    'insert into companies_membership (company_id, user_id, door, administrator, "on", post) '
    "values (sec.company(), %(stranger)s, 'office', false, true, '')",
    "insert into companies_invitation (company_id, email, name, language, door, administrator, post, protocols, nonce, "
    "token_hash, expires_at) values (sec.company(), 'x@x.example', '', 'nl', 'office', false, '', '{}', "
    "gen_random_uuid(), sha256('x'), now() + interval '1 day')",
]


def attempt(statement, **values):
    """What the database says to a statement; None if it's done. Nothing of it stays."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                cursor.execute("set constraints all immediate")
            raise Undone
    except Undone:
        return None
    except DatabaseError as error:
        return str(error).splitlines()[0]


class Undone(Exception):
    """It went well; take it back."""


@pytest.mark.parametrize("statement", CHANGES)
def test_only_an_administrators_context_or_the_worker_writes(company, chief, sanne, statement):
    other = given.member(company, "bas@duinhaven.example")
    stranger = User.objects.create_user("new@duinhaven.example")
    ids = {"whom": other.pk, "stranger": stranger.pk}
    with given.inside(company, given.actor_of(sanne)):
        assert "administrators" in str(attempt(statement, **ids))
    with given.inside(company, people.acting(chief)):
        assert attempt(statement, **ids) is None
    with given.inside(company):
        assert attempt(statement, **ids) is None


def test_a_flag_taken_away_takes_the_pen_at_once(company, chief, sanne):
    with given.inside(company):
        Membership.objects.filter(pk=chief.pk).update(administrator=False)
    with given.inside(company, people.acting(chief)):
        assert "administrators" in str(attempt(CHANGES[0], whom=sanne.pk))


def test_another_companys_administrator_is_none_here(company, chief, sanne):
    other = given.company("zandwijk")
    boss = given.member(other, "boss@zandwijk.example", administrator=True)
    with given.inside(company, people.acting(boss)):
        assert "administrators" in str(attempt(CHANGES[0], whom=sanne.pk))


def test_an_unverified_session_of_an_administrator_gets_no_context(company, chief):
    entrance = entrance_of(chief.user, "duinhaven")
    assert entrance is not None and entrance.needs_factor
    with connection.cursor() as cursor:
        cursor.execute("select sec.company(), sec.membership()")
        assert cursor.fetchone() == (None, None)


@pytest.mark.parametrize("column", ["administrator", '"on"'])
def test_nobody_turns_his_own_flags_by_sql(company, chief, column):
    with given.inside(company, people.acting(chief)):
        assert "his own access" in str(
            attempt(f"update companies_membership set {column} = false where id = %(me)s", me=chief.pk)
        )
        assert attempt("update companies_membership set post = 'Chief' where id = %(me)s", me=chief.pk) is None


def test_an_employee_belongs_to_one_company_its_rehearsal_aside(company, sanne):
    other, twin = given.company("zandwijk"), Company.objects.get(rehearsal_of=company)
    add = (
        'insert into companies_membership (company_id, user_id, door, administrator, "on", post) '
        "values (sec.company(), %(who)s, %(door)s, false, true, '')"
    )
    with given.inside(other):
        assert "belongs to one company" in str(attempt(add, who=sanne.user_id, door="office"))
        assert attempt(add, who=sanne.user_id, door="advisers") is None
        assert attempt(add, who=sanne.user_id, door="folder") is None
    with given.inside(twin):
        assert attempt(add, who=sanne.user_id, door="office") is None
    with given.inside(company):
        Membership.objects.filter(pk=sanne.pk).update(on=False)
    with given.inside(other):
        assert attempt(add, who=sanne.user_id, door="office") is None


def test_the_founders_people_hold_no_membership_in_what_they_founded(company, sanne):
    with given.inside(company):
        below = Company.objects.create(
            slug="below", name="Below", kind="broker", country="NL", currency="EUR", language="nl",
            time_zone="Europe/Amsterdam", founded_by=company,
        )  # fmt: skip
    stranger = User.objects.create_user("new@below.example")
    add = (
        'insert into companies_membership (company_id, user_id, door, administrator, "on", post) '
        "values (sec.company(), %(who)s, %(door)s, false, true, '')"
    )
    with given.inside(below):
        for door in ("office", "advisers", "folder"):
            assert "set this one up" in str(attempt(add, who=sanne.user_id, door=door))
            assert attempt(add, who=stranger.pk, door=door) is None
        Membership.objects.create(user=stranger, door=Door.ADVISERS)
    with given.inside(company):
        assert "set this one up" in str(attempt(add, who=stranger.pk, door="office"))
        assert attempt(add, who=stranger.pk, door="folder") is None


def test_nobody_employed_anywhere_above_a_company_is_one_of_its_people(company, sanne):
    """A pool sets up a group, the group a broker company: the pool is as far from the broker as the group is."""

    def below(above, slug):
        with given.inside(above):
            return Company.objects.create(
                slug=slug, name=slug, kind="group", country="NL", currency="EUR", language="nl",
                time_zone="Europe/Amsterdam", founded_by=above,
            )  # fmt: skip

    group = below(company, "group")
    broker = below(group, "broker")
    twin = Company.objects.get(rehearsal_of=company)
    stranger, rehearses = (User.objects.create_user(f"{name}@below.example") for name in ("new", "tries"))
    with given.inside(twin):
        Membership.objects.create(user=rehearses, door=Door.OFFICE)
    add = (
        'insert into companies_membership (company_id, user_id, door, administrator, "on", post) '
        "values (sec.company(), %(who)s, %(door)s, false, true, '')"
    )
    for each in (group, broker):
        with given.inside(each):
            for door in ("office", "advisers", "folder"):
                assert "set this one up" in str(attempt(add, who=sanne.user_id, door=door)), (each.slug, door)
                assert "set this one up" in str(attempt(add, who=rehearses.pk, door=door)), (each.slug, door)
    with given.inside(broker):
        assert attempt(add, who=stranger.pk, door="office") is None
        Membership.objects.create(user=stranger, door=Door.ADVISERS)
    for each in (company, group, twin):
        with given.inside(each):
            assert "set this one up" in str(attempt(add, who=stranger.pk, door="office")), each.slug
            assert attempt(add, who=stranger.pk, door="folder") is None


def test_an_employee_lets_customers_in_and_out_and_nobody_else(company, chief, sanne):
    customer = given.member(company, "klant@verbruggen.example", door=Door.FOLDER)
    with given.inside(company, given.actor_of(sanne)):
        assert attempt(CHANGES[0], whom=customer.pk) is None
        assert attempt(CHANGES[4].replace("'office'", "'folder'")) is None
        assert "administrators" in str(attempt(CHANGES[4].replace("'office'", "'advisers'")))
        assert "administrators" in str(attempt(CHANGES[0], whom=chief.pk))


@pytest.mark.parametrize("column", ["operator", "is_superuser", "is_active", "email", "id"])
def test_no_door_of_ours_changes_what_a_login_is(company, sanne, column):
    with transaction.atomic():
        enter_login(sanne.user_id)
        assert "permission denied" in str(attempt(f"update companies_user set {column} = {column}"))
        assert attempt("update companies_user set name = 'Sanne' where id = %(me)s", me=sanne.user_id) is None
