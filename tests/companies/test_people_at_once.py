"""What two people do at the same moment, and what only the owner can set up: in transactions of their own."""

from threading import Barrier, Thread

import psycopg
import pytest

from companies.models import Company, Membership, User
from tests import given, people
from tests.conftest import role_connection
from tests.contexts import set_context

pytestmark = pytest.mark.django_db(transaction=True)


def turn_off(company: Company, by: Membership, whom: Membership, barrier: Barrier, told: list[str]) -> None:
    """One administrator removes the other, past all services."""
    with role_connection("bo_app") as login:
        try:
            with login.transaction():
                set_context(login, company=company.pk, door="office", membership=by.pk, login=by.user_id)
                login.execute('update companies_membership set "on" = false where id = %s', [whom.pk])
                barrier.wait(20)
            told.append("done")
        except psycopg.Error as error:
            told.append(error.diag.constraint_name or str(error))


def test_two_administrators_who_remove_each_other_at_once_leave_one():
    company = given.company()
    first, second = (people.administrator(company, f"{name}@duinhaven.example") for name in ("first", "second"))
    people.administers_itself(company)
    for _round in range(5):
        barrier = Barrier(2)
        told: list[str] = []
        threads = [
            Thread(target=turn_off, args=(company, *pair, barrier, told)) for pair in ((first, second), (second, first))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert sorted(told) == ["administrator_left", "done"]
        with given.inside(company):
            assert Membership.objects.filter(administrator=True, on=True).count() == 1
            Membership.objects.update(on=True)


@pytest.mark.parametrize("change", ['"on" = false', "administrator = false"])
def test_the_last_administrator_stays_past_the_services_once_the_company_administers_itself(change):
    company = given.company()
    chief = people.administrator(company)
    with role_connection("bo_app") as login:
        with login.transaction(force_rollback=True):
            set_context(login, company=company.pk, door="worker")
            login.execute(f"update companies_membership set {change} where id = %s", [chief.pk])
            login.execute("set constraints all immediate")  # before that, the operator steps in
        people.administers_itself(company)
        with pytest.raises(psycopg.errors.CheckViolation, match="keeps an administrator"), login.transaction():
            set_context(login, company=company.pk, door="worker")
            login.execute(f"update companies_membership set {change} where id = %s", [chief.pk])


def test_an_operators_login_has_no_membership_and_a_member_is_no_operator():
    company = given.company()
    member = given.member(company, "sanne@duinhaven.example")
    operator = User.objects.create_user("ops@centre.example")
    with role_connection("bo_owner") as owner:
        owner.execute("set role sec_guard")
        with pytest.raises(psycopg.Error):
            owner.execute("update companies_user set operator = true where id = %s", [member.user_id])
        owner.execute("reset role")
        owner.execute("alter table companies_user no force row level security")
        with pytest.raises(psycopg.errors.CheckViolation, match="isn't the operator's"):
            owner.execute("update companies_user set operator = true where id = %s", [member.user_id])
        owner.execute("update companies_user set operator = true where id = %s", [operator.pk])
        owner.execute("alter table companies_user force row level security")
    refused = pytest.raises(psycopg.errors.CheckViolation, match="has no membership")
    with role_connection("bo_app") as login, refused, login.transaction():
        set_context(login, company=company.pk, door="worker")
        login.execute(
            'insert into companies_membership (company_id, user_id, door, administrator, "on", post) '
            "values (sec.company(), %s, 'folder', false, true, '')",
            [operator.pk],
        )


def test_an_invitation_is_taken_once_by_eight_at_once():
    company = given.company()
    invitation = people.invited(company)
    secret = people.path(invitation).split("/")[3]
    barrier = Barrier(8)
    told: list[bool] = []

    def take() -> None:
        with role_connection("bo_app") as login:
            barrier.wait(20)
            row = login.execute(
                "select sec.take_invitation(%s, 'Sanne', 'nl', %s)", [secret, "pbkdf2_sha256$1$x$" + "y" * 44]
            ).fetchone()
            told.append(row is not None and row[0] is not None)

    threads = [Thread(target=take) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(told) == [False] * 7 + [True]
    assert User.objects.filter(email=invitation.email).count() == 1
