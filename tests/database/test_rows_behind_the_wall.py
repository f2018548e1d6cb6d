"""Every table and verb tried as the real logins, on a copy that holds rows of three companies (threats A1, A3)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connections, transaction
from psycopg import errors

from companies.actor import ROBOT
from companies.doors import Door
from companies.scope import company_scope
from tests.conftest import role_connection
from tests.database import clone
from tests.database.catalogue import company_tables
from tests.database.clone import COMPANIES, A, B
from tests.database.conftest import inside
from tests.database.reviewed import GRANTS, PUBLIC
from tests.database.test_catalogue import models_of_companies

DOORS = ("front", "link", "advisers", "folder", "office", "worker")


# Tables of companies that no office reads: only functions do.
UNREAD = {"relations_searchentry"}


@pytest.fixture(scope="module")
def tables(walled: str) -> list[str]:
    with role_connection("bo_owner", dbname=walled) as owner:
        return company_tables(owner)


def seen(login: psycopg.Connection[Any], table: str) -> list[int]:
    """The companies whose rows a login sees in a table."""
    return [row[0] for row in login.execute(f'select company_id from "{table}" order by 1').fetchall()]


@contextmanager
def in_the_copy(walled: str, blocker: Any) -> Iterator[None]:
    """The ORM's own connection, as the office, in the copy."""
    settings = connections["default"].settings_dict
    before = settings["NAME"]
    with blocker.unblock():
        connections["default"].close()
        settings["NAME"] = walled
        try:
            yield
        finally:
            connections["default"].close()
            settings["NAME"] = before


def test_nothing_set_shows_nothing(walled: str, tables: list[str], figure: Callable[..., None]) -> None:
    looked = 0
    for role in ("bo_app", "bo_public"):
        with inside(walled, role) as login:
            for table in tables:
                if "S" in GRANTS[role].get(table, "").split(" ")[0]:
                    assert seen(login, table) == [], f"{role} sees {table} without a company"
                    looked += 1
    figure("tables that show no row where nothing is set", looked, least=68 + 14)


@pytest.mark.parametrize("role", ["bo_app", "bo_public", "bo_owner"])
def test_nothing_set_writes_nothing(walled: str, tables: list[str], role: str, figure: Callable[..., None]) -> None:
    """Without a context, and as the owner of the tables, nothing is written or changed in any company's table."""
    with role_connection("bo_owner", dbname=walled) as owner:
        forged = {table: clone.insert(owner, table, row=1000, company=A) for table in tables}
    tried = 0
    with inside(walled, role) as login:
        for table in tables:
            assert refused(login, forged[table]) in {"wall", "grant"}, table
            for statement in (f'update "{table}" set company_id = company_id', f'delete from "{table}"'):
                assert refused(login, statement) in {"passed 0", "grant"}, statement
            tried += 3
    figure("writes without a context", tried, least=3 * 75)


@pytest.mark.parametrize("company", COMPANIES)
def test_office_sees_its_own_rows_only(walled: str, tables: list[str], company: int) -> None:
    with inside(walled, "bo_app", company=company, door="office") as login:
        read = [table for table in tables if table not in UNREAD]
        assert {table: seen(login, table) for table in read} == dict.fromkeys(read, [company])
        assert {refused(login, f'select from "{table}"') for table in UNREAD} == {"grant"}


def test_models_see_their_own_rows_only(walled: str, django_db_blocker: Any, figure: Callable[..., None]) -> None:
    looked = 0
    with in_the_copy(walled, django_db_blocker):
        for model in (model for model in models_of_companies() if model._meta.db_table not in UNREAD):
            with transaction.atomic():
                assert list(model._base_manager.values_list("company_id", flat=True)) == []
            for company in COMPANIES:
                with company_scope(company, door=Door.WORKER, actor=ROBOT):
                    assert list(model._base_manager.values_list("company_id", flat=True)) == [company]
                    looked += 1
    figure("models read in each of three companies", looked, least=75 * 3)


def test_models_change_no_row_of_another_company(
    walled: str, django_db_blocker: Any, figure: Callable[..., None]
) -> None:
    tried = 0
    with in_the_copy(walled, django_db_blocker):
        for model in models_of_companies():
            for verb in ("update", "delete"):
                with company_scope(A, door=Door.WORKER, actor=ROBOT), transaction.atomic():
                    foreign = model._base_manager.filter(company_id__in=[B])
                    try:
                        with transaction.atomic():
                            touched = (
                                foreign._raw_delete("default") if verb == "delete" else foreign.update(company_id=A)
                            )
                    except Exception as error:
                        assert "permission denied" in str(error), f"{model.__name__}: {error}"
                    else:
                        assert touched == 0, f"{model.__name__}: {verb} reached {touched} rows"
                    tried += 1
    figure("changes by models in another company", tried, least=75 * 2)


def refused(login: psycopg.Connection[Any], statement: str) -> str:
    """How a statement was refused (`grant` or `wall`), or `passed` with the rows it touched."""
    try:
        with login.transaction():
            return f"passed {login.execute(statement).rowcount}"
    except errors.InsufficientPrivilege as error:
        return "wall" if "row-level security" in str(error) else "grant"
    except (errors.UniqueViolation, errors.ExclusionViolation):
        return "passed, then a unique rule"


@pytest.mark.parametrize("role", ["bo_app", "bo_public", "bo_operator"])
def test_four_verbs_on_rows_of_another_company(
    walled: str, tables: list[str], role: str, figure: Callable[..., None]
) -> None:
    tried = 0
    with role_connection("bo_owner", dbname=walled) as owner:
        forged = {table: clone.insert(owner, table, row=1000, company=B) for table in tables}
        columns = {table: [name for name, _ in clone.columns_of(owner, table)] for table in tables}
    with inside(walled, role, company=A, door="office", case=B, party=B, link=B, membership=B) as login:
        for table in tables:
            may = GRANTS[role].get(table, "").split(" ")[0]
            assert refused(login, f'select company_id from "{table}" where company_id = {B}') == (
                "passed 0" if "S" in may else "grant"
            )
            assert refused(login, forged[table]) == ("wall" if "I" in may else "grant"), table
            assert refused(login, f'delete from "{table}" where company_id = {B}') == (
                "passed 0" if "D" in may else "grant"
            ), table
            for column in columns[table]:
                found = refused(login, f'update "{table}" set "{column}" = "{column}" where company_id = {B}')
                updates = "U" in may or column in updatable(role, table)
                assert found == ("passed 0" if updates else "grant"), f"{table}.{column}: {found}"
            tried += 4
    figure("verbs on tables with a forged company", tried, least=4 * 75)
    histories = [table for table in tables if table.endswith("event")]
    figure("of these on tables of history", 4 * len(histories), least=4 * 19)


def updatable(role: str, table: str) -> set[str]:
    """The columns that a role may update by column grant."""
    _, _, listed = GRANTS[role].get(table, "").partition("U(")
    return set(listed.rstrip(")").split(",")) if listed else set()


def test_what_a_person_keeps_of_his_lists_nobody_writes_for_another(walled: str) -> None:
    """A shared view is read by all, and made and changed by its own person alone."""
    tables = {"companies_listchoice": "hidden", "companies_savedview": "name"}
    with role_connection("bo_owner", dbname=walled) as owner:
        forged = {table: clone.insert(owner, table, row=1000, company=A) for table in tables}
    with inside(walled, "bo_app", company=A, door="office", membership=B) as login:
        for table, column in tables.items():
            assert seen(login, table) == [A]
            assert refused(login, forged[table]) == "wall", table
            assert refused(login, f'update "{table}" set "{column}" = "{column}"') == "passed 0", table
    with inside(walled, "bo_app", company=A, door="office", membership=A) as login:
        for table, column in tables.items():
            assert refused(login, f'update "{table}" set "{column}" = "{column}"') == "passed 1", table


def test_own_rows_are_not_moved_to_another_company(walled: str, tables: list[str]) -> None:
    with inside(walled, "bo_app", company=A, door="office") as login:
        for table in tables:
            expected = "wall" if "U" in GRANTS["bo_app"].get(table, "").split(" ")[0] else "grant"
            assert refused(login, f'update "{table}" set company_id = {B}') == expected, table


def test_the_same_insert_passes_for_the_own_company(walled: str, tables: list[str]) -> None:
    """What was refused above was refused for its company alone."""
    with role_connection("bo_owner", dbname=walled) as owner:
        own = {table: clone.insert(owner, table, row=1000, company=A) for table in tables}
    with inside(walled, "bo_app", company=A, door="office", membership=A) as login:
        for table in tables:
            if "I" in GRANTS["bo_app"].get(table, "").split(" ")[0]:
                assert refused(login, own[table]).startswith("passed"), table


@pytest.mark.parametrize("door", DOORS)
def test_public_sees_no_row_of_another_company_whatever_it_sets(walled: str, tables: list[str], door: str) -> None:
    """The ids of another company's case, party, link and membership open nothing under one's own company."""
    with inside(walled, "bo_public", company=A, door=door, case=B, party=B, link=B, membership=B) as login:
        for table in (table for table in tables if table in PUBLIC):
            assert set(seen(login, table)) <= {A}, table


OF_A_PERSON = {"companies_listchoice", "companies_savedview"}
OPEN = {
    "companies_module",
    "companies_profile",
    "companies_website",
    "products_product",
    "products_productchannel",
    "products_productversion",
}
OF_A_CASE = {
    "documents_case", "documents_document", "documents_file", "relations_party", "applications_application",
    "quotations_quotation", "policies_policy", "policies_policyversion",
}  # fmt: skip
SHOWN = OPEN | OF_A_CASE | {"companies_command"}
TO_A_CUSTOMER = SHOWN - {"applications_application", "quotations_quotation", "policies_policyversion"} | {
    "policies_invoice", "policies_instalment"
} | OF_A_PERSON  # fmt: skip
OF_A_LINK = SHOWN | {"policies_withdrawal"}
PUBLIC_TABLES = OF_A_LINK | TO_A_CUSTOMER | {"applications_draft", "applications_upload", "relations_appointment"}


def test_these_are_all_tables_of_the_public_doors(tables: list[str]) -> None:
    assert {table for table in tables if table in PUBLIC} == PUBLIC_TABLES


@pytest.mark.parametrize(
    ("context", "sees"),
    [
        pytest.param({"door": "front"}, OPEN, id="front without a link"),
        pytest.param(
            {"door": "front", "case": A, "link": A},
            SHOWN | {"applications_draft", "applications_upload"},
            id="front with an application's link",
        ),
        pytest.param({"door": "link", "case": A, "link": A}, OF_A_LINK, id="case link"),
        pytest.param(
            {"door": "advisers", "party": A, "membership": A},
            SHOWN | OF_A_PERSON | {"relations_appointment", "applications_draft"},
            id="adviser",
        ),
        pytest.param({"door": "folder", "party": A, "membership": A}, TO_A_CUSTOMER, id="customer"),
        pytest.param({"door": "advisers", "party": B, "membership": B}, OPEN, id="adviser of nothing"),
        pytest.param({"door": "folder"}, OPEN, id="customer without a party"),
        pytest.param(
            {"door": "office", "case": A, "party": A}, OPEN | {"relations_party"}, id="office door by the public login"
        ),
        pytest.param({"case": A, "party": A}, OPEN | {"relations_party"}, id="no door"),
    ],
)
def test_public_sees_what_its_door_shows(walled: str, context: dict[str, Any], sees: set[str]) -> None:
    with inside(walled, "bo_public", company=A, **context) as login:
        assert {table for table in PUBLIC_TABLES if seen(login, table) == [A]} == sees
