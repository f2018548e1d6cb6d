"""Who asks for a window never opens it: an operator's login has no live membership at all, and if it had one, the
function that opens refuses him (S2-12; the function by raw SQL in tests/database/test_operator_windows.py).
"""

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import DatabaseError, IntegrityError, transaction

from common.errors import BusinessError
from companies.doors import Door
from companies.models import Company, Invitation, Membership, User, Window
from companies.operator.windows import extend_window, open_window
from companies.signing import ask
from tests import factors, given
from tests.contexts import browser_of, entrance_of
from tests.operator.conftest import opening

pytestmark = pytest.mark.django_db
PAGE = "/duinhaven/office/access/"


@pytest.mark.parametrize("door", [Door.OFFICE, Door.ADVISERS, Door.FOLDER])
def test_an_operator_gets_no_membership(door: Door, company: Company, user: User) -> None:
    with pytest.raises((IntegrityError, BusinessError)), transaction.atomic():
        given.member(company, user.email, door=door, administrator=door == Door.OFFICE)
    with given.inside(company):
        for statement in (
            'INSERT INTO companies_membership (user_id, door, administrator, "on", post) '
            "VALUES (%s, 'office', true, true, '')",
            "WITH m AS (SELECT 1) UPDATE companies_membership SET user_id = %s",
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                ask(statement, [user.pk])
        assert not Membership.objects.filter(user=user).exists()


def test_a_membership_that_is_off_is_never_switched_on_for_an_operator(company: Company, user: User) -> None:
    """What may lie there opens no door, and turning it on is refused."""
    with given.inside(company):
        row = Membership.objects.create(user=user, door=Door.OFFICE, administrator=True, on=False)
        with pytest.raises(IntegrityError, match="operator"), transaction.atomic():
            Membership.objects.filter(pk=row.pk).update(on=True)
    entrance = entrance_of(user, "duinhaven", verified=True)
    assert entrance is not None and entrance.membership_id is None


def test_a_member_becomes_no_operator(company: Company, chief: Membership) -> None:
    for statement in ("UPDATE companies_user SET operator = true WHERE id = %s",
                      "INSERT INTO companies_user SELECT * FROM companies_user WHERE id = %s"):  # fmt: skip
        with given.inside(company), pytest.raises(DatabaseError), transaction.atomic():
            ask(statement, [chief.user_id])


def test_an_operator_takes_no_invitation(company: Company, user: User, op: Any) -> None:
    from tests import people

    with pytest.raises((DatabaseError, BusinessError)), transaction.atomic():
        people.invited(company, user.email, administrator=True)
        ask("SELECT sec.take_invitation(%s, 'Rens', 'nl', %s)", ["x", make_password("x")])
        raise BusinessError("nothing was taken")
    with given.inside(company):
        assert not Membership.objects.filter(user=user).exists() and not Invitation.objects.exists()


def test_the_office_s_page_lets_no_operator_answer(window: Window, company: Company, user: User) -> None:
    with given.inside(company):
        Membership.objects.create(user=user, door=Door.OFFICE, administrator=True, on=False)
    factors.with_authenticator(user)
    at_office = browser_of(user)
    for sent in (opening(window, factors.code_of(user)), {"step": "extend", "window": window.pk, "code": "1"}):
        assert at_office.post(PAGE, sent).status_code == 404
    with given.inside(company):
        assert Window.objects.get().opened_at is None


def test_the_service_lets_no_operator_answer(window: Window, company: Company, user: User, chief: Membership) -> None:
    """Not even in a context that names his membership; and with one that isn't his own neither."""
    factors.with_authenticator(user)
    with given.inside(company):
        off = Membership.objects.create(user=user, door=Door.OFFICE, administrator=True, on=False)
    asked: dict[str, Any] = {"window": window.pk, "modules": ["base"], "imports": False, "minutes": 5}
    code = factors.code_of(user)
    for membership in (off, chief):
        actor = replace(given.actor_of(membership), user_id=user.pk)
        for step in (lambda: open_window(**asked, user=user, code=code),
                     lambda: extend_window(window=window.pk, user=user, code=code)):  # fmt: skip
            with given.inside(company, actor), pytest.raises((BusinessError, DatabaseError)), transaction.atomic():
                step()
    with given.inside(company):
        assert Window.objects.get().opened_at is None
