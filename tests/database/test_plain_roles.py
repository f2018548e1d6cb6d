"""The tests themselves stand behind the wall: no test proves anything as a superuser."""

import pytest
from django.db import connection

from tests.conftest import role_connection
from tests.contexts import in_company

WHO = (
    "select current_user, rolsuper, rolbypassrls, current_setting('row_security'), "
    "exists (select from pg_auth_members where member = r.oid) from pg_roles r where rolname = current_user"
)


@pytest.mark.django_db
def test_tests_run_as_the_office() -> None:
    with connection.cursor() as cursor:
        cursor.execute(WHO)
        assert cursor.fetchone() == ("bo_app", False, False, "on", False)
        cursor.execute("RESET ROLE")
        cursor.execute("select current_user")
        assert cursor.fetchone() == ("bo_app",)


@pytest.mark.parametrize("role", ["bo_app", "bo_public", "bo_operator"])
def test_each_door_has_a_plain_login(django_db_setup: None, role: str) -> None:
    with role_connection(role) as login:
        assert login.execute(WHO).fetchone() == (role, False, False, "on", False)
        assert login.execute("select session_user").fetchone() == (role,)


def test_owner_of_the_tables_sees_no_row_either(walled: str) -> None:
    with role_connection("bo_owner", dbname=walled) as owner:
        assert owner.execute("select count(*) from companies_module").fetchone() == (0,)
        with owner.transaction(force_rollback=True):
            in_company(owner, 1)
            assert owner.execute("select count(*) from companies_module").fetchone() == (0,)
