"""The computing centre's login against every company table: nothing without a window, and what a window shows is
written down; raw logins on the filled copy (S2-10 to S2-12, threats A25).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg import errors

from companies.sessions import hashed
from tests.conftest import role_connection
from tests.database import clone
from tests.database.catalogue import company_tables
from tests.database.clone import COMPANIES, A, B, C
from tests.database.reviewed import OPERATOR_SEES

SESSION, LOGIN = "s" * 32, 900
SHOWN = {"base", "ledger"}
MODULE = {table: module for module, tables in OPERATOR_SEES.items() for table in tables}


@contextmanager
def guard(name: str) -> Iterator[psycopg.Connection[Any]]:
    """The owner of the definer functions in the copy, who passes row security; it commits."""
    with role_connection("bo_owner", dbname=name) as owner, owner.transaction():
        owner.execute("set local role sec_guard")
        yield owner


@pytest.fixture(scope="module")
def copy(django_db_setup: None) -> Iterator[str]:
    """Company A lets the operator look, B doesn't, and C is administered by him still."""
    with clone.walled(role_connection, suffix="_windows") as name:
        with guard(name) as owner:
            owner.execute(
                "insert into companies_user (id, email, name, password, language, is_active, is_superuser, operator) "
                "overriding system value values (%s, 'op@centre.example', 'Op', '', '', true, false, true)",
                [LOGIN],
            )
            owner.execute(
                "insert into companies_signin (key, user_id, process, agent, started_at, seen_at, idle, expires_at, "
                "verified_at, factor) values (%s, %s, 'operator', '', now(), now(), 1800, now() + interval '1 day', "
                "now(), 'totp')",
                [hashed(SESSION), LOGIN],
            )
        with role_connection("bo_owner", dbname=name) as owner:
            owner.execute("alter table companies_company disable trigger user")
            owner.execute(
                "update companies_company set own_administrator_at = null, founded_by_id = null where id = %s", [C]
            )
            owner.execute("update companies_company set founded_by_id = null where id <> %s", [C])
            owner.execute("alter table companies_company enable trigger user")
            owner.execute("alter table companies_import no force row level security")
            owner.execute("update companies_import set user_id = %s", [LOGIN])  # he brought them himself
            owner.execute("alter table companies_import force row level security")
            for table in ("window", "look", "lookedrow", "windowextension", "wrongcode", "trailentry"):
                owner.execute(f"alter table companies_{table} alter column id restart with 1000")
        yield name


@contextmanager
def window(name: str, company: int = A, *, seconds: float = 600, modules: set[str] = SHOWN) -> Iterator[int]:
    """An open window of the operator's; closed for good afterwards."""
    with guard(name) as owner:
        row = owner.execute(
            "insert into companies_window (company_id, asked_by_id, reason, modules, imports, minutes, opened_by_id, "
            "opened_at, expires_at, step) values (%s, %s, 'a run stopped', %s, false, 60, %s, clock_timestamp(), "
            "clock_timestamp() + %s, floor(extract(epoch from clock_timestamp()) * 1000)::bigint) returning id",
            [company, LOGIN, list(modules), company, timedelta(seconds=seconds)],
        ).fetchone()
    number = int(row[0]) if row else 0
    try:
        yield number
    finally:
        close(name, number)


def close(name: str, number: int) -> None:
    """An administrator closes a window now, in a transaction of his own."""
    with guard(name) as owner:
        owner.execute("update companies_window set closed_at = clock_timestamp() where id = %s", [number])


@contextmanager
def operator(name: str, company: int | None = None) -> Iterator[psycopg.Connection[Any]]:
    """A real login as the operator's process, in a transaction that stands at a company, or at none."""
    with role_connection("bo_operator", dbname=name) as login, login.transaction(force_rollback=True):
        if company:
            login.execute("select * from sec.enter_window(%s, %s, %s)", [f"c{company}", SESSION, LOGIN])
        yield login


def count(login: psycopg.Connection[Any], table: str) -> int:
    row = login.execute(f'select count(*) from "{table}"').fetchone()
    return int(row[0]) if row else 0


def companies_in(login: psycopg.Connection[Any], table: str) -> list[int]:
    return [row[0] for row in login.execute(f'select company_id from "{table}"')]


def tables_of(name: str) -> list[str]:
    with role_connection("bo_owner", dbname=name) as owner:
        return company_tables(owner)


def test_every_table_has_its_module(copy: str) -> None:
    assert sorted(MODULE) == tables_of(copy)


@pytest.mark.parametrize("company", [None, A, B])
def test_without_a_window_every_table_is_empty(copy: str, company: int | None) -> None:
    tables = tables_of(copy)
    with operator(copy, company) as login:
        assert {table: count(login, table) for table in tables} == dict.fromkeys(tables, 0)
    assert len(tables) >= 85


def test_a_window_shows_that_company_and_those_modules(copy: str) -> None:
    with window(copy) as number, operator(copy, A) as login:
        found = {table: companies_in(login, table) for table in MODULE if table not in {"companies_window"}}
        expected = {table: [A] if MODULE[table] in SHOWN else [] for table in found}
        expected |= {"companies_look": [A], "companies_lookedrow": found["companies_lookedrow"]}
        assert found == expected
        assert set(companies_in(login, "companies_window")) == {A}
        assert set(found["companies_lookedrow"]) <= {A} and number


def test_the_neighbour_stays_empty_while_a_window_is_open(copy: str) -> None:
    with window(copy), operator(copy, B) as login:
        assert sum(count(login, table) for table in MODULE) == 0


def test_a_company_that_the_operator_administers_shows_itself_alone(copy: str) -> None:
    with operator(copy, C) as login:
        found = {table: set(companies_in(login, table)) for table in MODULE}
    assert found == dict.fromkeys(MODULE, {C})


def test_what_was_shown_is_written_down_by_the_database(copy: str) -> None:
    with window(copy) as number:
        with role_connection("bo_operator", dbname=copy) as login, login.transaction():
            login.execute("select * from sec.enter_window('c1', %s, %s)", [SESSION, LOGIN])
            login.execute("select sec.look('/c1/office/relations/')")
            for _ in range(3):
                assert count(login, "relations_party") == 1
            assert count(login, "policies_policy") == 0
        with guard(copy) as owner:
            rows = owner.execute(
                'select "table", "row" from companies_lookedrow where window_id = %s order by 1', [number]
            ).fetchall()
            looks = owner.execute("select user_id, path from companies_look where window_id = %s", [number]).fetchall()
    assert rows == [("relations_party", A)]
    assert looks == [(LOGIN, "/c1/office/relations/")]


def test_a_window_ends_by_time_inside_an_open_transaction(copy: str) -> None:
    with window(copy, seconds=1.5), operator(copy, A) as login:
        assert count(login, "ledger_line") == 1
        time.sleep(1.6)
        assert {table: count(login, table) for table in MODULE} == dict.fromkeys(MODULE, 0)


def test_a_window_closed_ends_inside_an_open_transaction(copy: str) -> None:
    with window(copy) as number, operator(copy, A) as login:
        assert count(login, "ledger_line") == 1
        close(copy, number)
        started = time.monotonic()
        assert {table: count(login, table) for table in MODULE} == dict.fromkeys(MODULE, 0)
        first = time.monotonic()
        assert count(login, "ledger_line") == 0
        assert time.monotonic() - first < 1 and first - started < 5


@contextmanager
def parties(name: str, number: int) -> Iterator[None]:
    """So many relations more at company A."""
    said = {"membership_id": "null", "folder_id": "null", "number": "n::text"}
    with role_connection("bo_owner", dbname=name) as owner, owner.transaction():
        owner.execute("alter table relations_party no force row level security")
        owner.execute(clone.insert_many(owner, "relations_party", first=1000, last=999 + number, company=A, **said))
        owner.execute("alter table relations_party force row level security")
    try:
        yield
    finally:
        with role_connection("bo_owner", dbname=name) as owner, owner.transaction():
            owner.execute("alter table relations_party no force row level security")
            owner.execute("delete from relations_party where id >= 1000")
            owner.execute("alter table relations_party force row level security")


def test_a_cursor_that_runs_gives_no_further_row_once_the_window_is_closed(copy: str) -> None:
    with parties(copy, 100), window(copy) as number, operator(copy, A) as login:
        login.execute("declare slow cursor for select id from relations_party where id >= 1000")
        assert len(login.execute("fetch 3 from slow").fetchall()) == 3
        close(copy, number)
        assert login.execute("fetch 50 from slow").fetchall() == []


def test_writing_down_what_is_shown_holds_nobody_up(copy: str) -> None:
    with parties(copy, 5000), window(copy), operator(copy, A) as login:
        took = []
        for _ in range(2):
            started = time.monotonic()
            assert count(login, "relations_party") == 5001
            took.append(round(time.monotonic() - started, 2))
        print(f"5,001 rows shown for the first time in {took[0]} s, again in {took[1]} s")
        assert took[0] < 10 and took[1] < 10


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_a_transaction_that_keeps_an_old_view_is_shown_nothing(copy: str, level: str) -> None:
    with window(copy), role_connection("bo_operator", dbname=copy) as login, login.transaction(force_rollback=True):
        login.execute(f"set transaction isolation level {level}")
        login.execute("select * from sec.enter_window('c1', %s, %s)", [SESSION, LOGIN])
        assert sum(count(login, table) for table in MODULE) == 0


def test_handing_over_empties_an_open_transaction_at_once(copy: str) -> None:
    try:
        with operator(copy, C) as login:
            assert count(login, "relations_party") == 1
            with guard(copy) as owner:
                owner.execute(
                    "update companies_company set own_administrator_at = clock_timestamp() where id = %s", [C]
                )
            first = time.monotonic()
            assert count(login, "relations_party") == 0
            assert time.monotonic() - first < 1
            assert sum(count(login, table) for table in MODULE) == 0
    finally:
        with role_connection("bo_owner", dbname=copy) as owner:
            owner.execute("alter table companies_company disable trigger user")
            owner.execute("update companies_company set own_administrator_at = null where id = %s", [C])
            owner.execute("alter table companies_company enable trigger user")


def test_the_operator_writes_no_company_table(copy: str) -> None:
    with window(copy), operator(copy, A) as login:
        for table in MODULE:
            for statement in (
                f'update "{table}" set company_id = company_id', f'delete from "{table}"', f'truncate "{table}"',
                f'insert into "{table}" (company_id) values (1)',
            ):  # fmt: skip
                with pytest.raises(errors.InsufficientPrivilege), login.transaction():
                    login.execute(statement)


@pytest.mark.parametrize(("table", "column"), [
    ("companies_link", "nonce"), ("companies_link", "token_hash"), ("companies_invitation", "nonce"),
    ("companies_invitationevent", "token_hash"), ("companies_job", "ticket"), ("companies_import", "ticket"),
    ("companies_import", "totals_before"), ("companies_import", "totals_after"),
])  # fmt: skip
def test_no_window_shows_what_opens_a_door(copy: str, table: str, column: str) -> None:
    with window(copy), operator(copy, A) as login:
        assert count(login, table) == 1
        with pytest.raises(errors.InsufficientPrivilege):
            login.execute(f"select {column} from {table}")


def test_a_window_shows_no_file_that_an_employee_brought(copy: str) -> None:
    with role_connection("bo_owner", dbname=copy) as owner:
        owner.execute("alter table companies_import no force row level security")
        owner.execute("update companies_import set user_id = 1 where company_id = %s", [A])
    try:
        with window(copy), operator(copy, A) as login:
            assert count(login, "companies_import") == count(login, "companies_importrow") == 0
            assert count(login, "companies_job") == 1
    finally:
        with role_connection("bo_owner", dbname=copy) as owner:
            owner.execute("update companies_import set user_id = %s where company_id = %s", [LOGIN, A])
            owner.execute("alter table companies_import force row level security")


def test_a_password_alone_opens_nothing(copy: str) -> None:
    with guard(copy) as owner:
        owner.execute("update companies_signin set verified_at = null")
    try:
        with window(copy), operator(copy, A) as login:
            assert sum(count(login, table) for table in MODULE) == 0
            assert login.execute("select sec.company()").fetchone() == (None,)
    finally:
        with guard(copy) as owner:
            owner.execute("update companies_signin set verified_at = now()")


@contextmanager
def logins_written(name: str) -> Iterator[psycopg.Connection[Any]]:
    """The owner, who may change a login for a while."""
    with role_connection("bo_owner", dbname=name) as owner:
        owner.execute("alter table companies_user no force row level security")
        yield owner
        owner.execute("alter table companies_user force row level security")


def test_an_operator_switched_off_sees_nothing_in_his_open_transaction(copy: str) -> None:
    with logins_written(copy) as owner:
        with window(copy), operator(copy, A) as login:
            assert count(login, "relations_party") == 1
            owner.execute("update companies_user set is_active = false where id = %s", [LOGIN])
            assert count(login, "relations_party") == 0
        owner.execute("update companies_user set is_active = true where id = %s", [LOGIN])


@pytest.mark.parametrize("known", ["own_administrator_at = now()", "founded_by_id = 2"])
def test_a_rehearsal_made_later_is_as_shut_as_its_company(copy: str, known: str) -> None:
    with role_connection("bo_owner", dbname=copy) as owner:
        owner.execute("alter table companies_company disable trigger user")
        owner.execute(f"update companies_company set own_administrator_at = null, founded_by_id = null where id = {A}")
        owner.execute(f"update companies_company set {known} where id = {A}")
        owner.execute(clone.insert(owner, "companies_company", row=4, company=A, slug="'c1-rehearsal'",
                                   own_administrator_at="null", founded_by_id="null"))  # fmt: skip
    try:
        with role_connection("bo_operator", dbname=copy) as login, login.transaction():
            entered = "select administers from sec.enter_window('c1-rehearsal', %s, %s)"
            assert login.execute(entered, [SESSION, LOGIN]).fetchone() == (False,)
            assert login.execute("select sec.company()").fetchone() == (None,)
    finally:
        with role_connection("bo_owner", dbname=copy) as owner:
            owner.execute("delete from companies_company where id = 4")
            owner.execute(
                f"update companies_company set own_administrator_at = now(), founded_by_id = null where id = {A}"
            )
            owner.execute("alter table companies_company enable trigger user")


def test_another_operator_isn_t_in_the_window(copy: str) -> None:
    with window(copy) as number:
        with guard(copy) as owner:
            owner.execute("update companies_window set asked_by_id = 901 where id = %s", [number])
        with operator(copy, A) as login:
            assert sum(count(login, table) for table in MODULE) == 0


@pytest.mark.parametrize("role", ["bo_app", "bo_operator", "bo_public"])
def test_no_door_takes_a_handing_over_back(copy: str, role: str) -> None:
    with role_connection(role, dbname=copy) as login:
        for value in ("null", "now()", "own_administrator_at"):
            with pytest.raises(errors.InsufficientPrivilege):
                login.execute(f"update companies_company set own_administrator_at = {value} where id = {A}")


@pytest.mark.parametrize("value", ["null", "now()", "'infinity'"])
def test_the_guard_himself_takes_no_handing_over_back(copy: str, value: str) -> None:
    with pytest.raises(errors.IntegrityConstraintViolation), guard(copy) as owner:
        owner.execute(f"update companies_company set own_administrator_at = {value} where id = {A}")


ASKED = [
    "select * from sec.operator_companies()", "select * from sec.my_windows()",
    "select * from sec.ask_window('c1', 'why', array['base'], false, 60)",
    "select * from sec.found_company('new', 'New', 'broker', 'NL', 'EUR', 'nl', 'Europe/Amsterdam')",
    "select * from sec.operator_asks('operator.switch', '{}')", "select * from sec.company_people()",
    "select * from sec.operator_invites('a@b.example', '', 'nl', '', true, '{}', gen_random_uuid(), 'x', now())",
    "select sec.look('/')",
]  # fmt: skip


@pytest.mark.parametrize("statement", ASKED)
def test_the_console_answers_nobody_without_a_login(copy: str, statement: str) -> None:
    with operator(copy) as login, pytest.raises(errors.InsufficientPrivilege):
        login.execute(statement)


@pytest.mark.parametrize("statement", ASKED[4:])
def test_a_company_that_administers_itself_isn_t_administered(copy: str, statement: str) -> None:
    with operator(copy, B) as login, pytest.raises(errors.InsufficientPrivilege):
        login.execute(statement)


@pytest.mark.parametrize("statement", ASKED[4:7])
def test_a_window_is_no_administration(copy: str, statement: str) -> None:
    with window(copy), operator(copy, A) as login, pytest.raises(errors.InsufficientPrivilege):
        login.execute(statement)


def test_the_operator_opens_no_window_himself(copy: str) -> None:
    with operator(copy, A) as login:
        for statement in ("select sec.open_window(1, '{base}', false, 60, 1)", "select sec.hand_over(1)",
                          "select sec.close_window(1)", "select sec.refuse_window(1)",
                          "select sec.extend_window(1, 1)",
                          "select sec.note_wrong_code(1, 'open', 'wrong')"):  # fmt: skip
            with pytest.raises(errors.InsufficientPrivilege), login.transaction():
                login.execute(statement)


@pytest.mark.parametrize("asked_by", [LOGIN, 901])
@pytest.mark.parametrize("act", ["open", "extend"])
def test_who_asked_opens_and_extends_no_window_though_he_were_an_administrator(
    copy: str, asked_by: int, act: str
) -> None:
    """No guard stands in the copy, so the asker can be an administrator there: the function itself refuses him, and
    only him.
    """
    opened = act == "extend"
    step = int(time.time() * 1000) % 10**9
    with role_connection("bo_owner", dbname=copy) as owner, owner.transaction(force_rollback=True):
        owner.execute("update companies_company set time_zone = 'Europe/Amsterdam' where id = %s", [A])
        owner.execute("set local role sec_guard")
        ((number,),) = owner.execute(
            "insert into companies_window (company_id, asked_by_id, asked_at, reason, modules, imports, minutes, "
            "opened_by_id, opened_at, expires_at, step) select %s, %s, clock_timestamp(), 'why', '{base}', false, 60, "
            "case when %s then 1 end, case when %s then clock_timestamp() end, "
            "case when %s then clock_timestamp() + interval '1 hour' end, case when %s then 7 end returning id",
            [A, asked_by, *[opened] * 4],
        ).fetchall()
        owner.execute(
            "insert into companies_membership (id, company_id, user_id, door, administrator, \"on\", post, public_id) "
            "overriding system value values (950, %s, %s, 'office', true, true, '', gen_random_uuid())", [A, LOGIN],
        )  # fmt: skip
        owner.execute("insert into companies_usedstep (user_id, step, used_at) values (%s, %s, now())", [LOGIN, step])
        owner.execute("select sec.sign(%s, 'office', null, null, null, 950, %s, null)", [A, LOGIN])
        statement = {
            "open": f"select sec.open_window({number}, '{{base}}', false, 5, {step})",
            "extend": f"select sec.extend_window({number}, {step})",
        }[act]
        if asked_by == LOGIN:
            with pytest.raises(errors.InsufficientPrivilege, match="another than who asked"):
                owner.execute(statement)
        else:
            assert owner.execute(statement).fetchone() is not None


def test_counts_of_three_companies_and_nothing_else(copy: str) -> None:
    with operator(copy, B) as login:
        found = login.execute("select slug, employees, policies, documents from sec.operator_companies()").fetchall()
    assert found == [(f"c{company}", 1, 1, 1) for company in COMPANIES]


def test_time_is_short_for_the_operator(copy: str) -> None:
    with operator(copy) as login:
        found = [login.execute(f"show {name}").fetchone()[0] for name in (  # type: ignore[index]
            "statement_timeout", "idle_in_transaction_session_timeout", "transaction_timeout")]  # fmt: skip
    assert found == ["30s", "30s", "1min"]
