"""What somebody tries who can run any SQL with a door's own login, and how far he gets (the books have their own)."""

from time import time
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from psycopg import errors

from companies.actor import ROBOT
from companies.doors import Door
from companies.models import Company
from companies.scope import company_scope
from relations.models import Party, PartyKind
from tests import given
from tests.conftest import role_connection
from tests.contexts import set_context
from tests.database.clone import COMPANIES, A, B
from tests.database.conftest import inside
from tests.database.reviewed import FUNCTIONS, GRANTS, GUARDS, PUBLIC

LOGINS = ("bo_app", "bo_public", "bo_operator")
Login = psycopg.Connection[Any]


def attempt(login: Login, statement: str) -> Any:
    """Run a statement in a savepoint: its first row, or the error it met."""
    try:
        with login.transaction():
            cursor = login.execute(statement)
            return cursor.fetchone() if cursor.description else cursor.rowcount
    except psycopg.Error as error:
        return error


REFUSED = [
    "set role bo_owner", "set role sec_guard", "set role bo_backup", "set session authorization bo_owner",
    "select set_config('role', 'bo_owner', true)", "select set_config('role', 'sec_guard', false)",
    "set session_replication_role = replica", "select set_config('session_replication_role', 'replica', true)",
    "alter table companies_module disable trigger all", "alter table ledger_entry disable trigger entry_filled",
    "alter table companies_module disable row level security",
    "alter table companies_module no force row level security",
    "create policy mine on companies_module using (true)", "drop policy floor on companies_module",
    "alter policy tenant on companies_module using (true)", "create trigger t before insert on companies_module "
    "for each row execute function suppress_redundant_updates_trigger()", "drop trigger entry_filled on ledger_entry",
    "truncate companies_trailentry", "truncate companies_module cascade", "drop table companies_trailentry",
    "alter function sec.company() owner to current_user", "drop function sec.company() cascade",
    "create or replace function sec.company() returns bigint language sql as 'select 2::bigint'",
    "create or replace function sec.enter_job(ticket uuid) returns table (company_id bigint, job_id bigint) "
    "language sql as 'select 1, 1'",
    "create function sec.mine() returns int language sql as 'select 1'", "create table public.mine (a int)",
    "create view public.mine as select * from companies_module", "create schema mine",
    "alter role bo_public bypassrls", "alter role bo_app superuser",
    "create role mine", "select pg_read_file('/etc/passwd')", "copy companies_module to program 'cat'",
    "copy companies_module to '/tmp/out'", "select * from pg_authid", "select nextval('numbers.c1_case_2026')",
    "select * from pghistory_context", "select * from django_migrations", "create extension dblink",
]  # fmt: skip


@pytest.mark.parametrize("role", LOGINS)
def test_nobody_lifts_the_wall_himself(walled: str, role: str) -> None:
    with inside(walled, role, company=A, door="office") as login:
        for statement in REFUSED:
            found = attempt(login, statement)
            assert isinstance(found, errors.InsufficientPrivilege), f"{role}: {statement}: {found!r}"


def test_door_passes_its_grants_to_nobody(walled: str) -> None:
    with inside(walled, "bo_app", company=A, door="office") as login:
        attempt(login, "grant select on companies_job to bo_public with grant option")
        assert attempt(login, "select has_table_privilege('bo_public', 'companies_job', 'select')") == (False,)


@pytest.mark.parametrize("role", LOGINS)
def test_no_door_becomes_another(walled: str, role: str) -> None:
    with inside(walled, role) as login:
        for other in set(LOGINS) - {role}:
            assert isinstance(attempt(login, f"set role {other}"), errors.InsufficientPrivilege)
            assert isinstance(
                attempt(login, f"select set_config('role', '{other}', true)"), errors.InsufficientPrivilege
            )


@pytest.mark.parametrize("role", LOGINS)
def test_each_login_calls_its_own_functions_only(walled: str, role: str) -> None:
    with role_connection(role, dbname=walled) as login:
        for function, (_, _, who) in FUNCTIONS.items():
            may = login.execute("select has_function_privilege(current_user, %s, 'execute')", [function]).fetchone()
            assert may == (role in who.split() or who == "PUBLIC",), function


def test_guards_cant_be_called(walled: str) -> None:
    with inside(walled, "bo_app", company=A, door="office") as login:
        for guard in GUARDS:
            assert isinstance(attempt(login, f"select {guard}"), errors.InsufficientPrivilege)
        assert isinstance(attempt(login, "select sec.party_of(2, 2)"), errors.InsufficientPrivilege)


def test_row_security_switched_off_gives_an_error_not_rows(walled: str) -> None:
    for role in ("bo_app", "bo_public"):
        with inside(walled, role, company=A, door="office") as login:
            login.execute("set local row_security = off")
            found = attempt(login, "select * from companies_module")
            assert "row-level security" in str(found) and isinstance(found, errors.InsufficientPrivilege)


@pytest.mark.parametrize("company", [None, -1, 0, 999999])
def test_no_such_company_shows_nothing(walled: str, company: int | None) -> None:
    with inside(walled, "bo_app", company=company, door="office") as login:
        assert attempt(login, "select count(*) from companies_module") == (0,)


def test_context_of_a_public_door_reaches_what_public_doors_show(walled: str) -> None:
    """What holds at a public door beside the context are its grants: of the company it stands in it reaches the tables
    that doors show and not one more, writes a draft, views of lists and what is a login's own, and sees no job, link,
    membership, address or trail.
    """
    with inside(walled, "bo_public", company=B, door="link", case=B, link=B, party=B, membership=B) as login:
        assert attempt(login, "select company_id from documents_case") == (B,)
        for table in set(GRANTS["bo_app"]) - set(PUBLIC):
            assert isinstance(attempt(login, f"select * from {table}"), errors.InsufficientPrivilege), table
        written = {table for table in PUBLIC if set("IUD") & set(PUBLIC[table].split("(")[0])}
        assert written == {
            "account_emailaddress",
            "applications_draft",
            "applications_upload",  # that one of its files was taken out
            "companies_listchoice",  # an adviser's own columns and views
            "companies_savedview",
            "companies_secondfactor",
            "companies_user",
            "django_session",
            "mfa_authenticator",
        }


FORGED = (
    "select set_config('app.context', replace(current_setting('app.context'), ':1|', ':2|'), true)",
    "select set_config('app.context', repeat('0', 64) || ':2|office||||||', true)",
    "select set_config('app.context', 'x', true)",
    "select set_config('app.context', repeat('f', 200), false)",
)
REFUSED_ENTRIES = (
    "select sec.enter(2, 'office', null, null, null, null, null, null, null)",
    "select sec.enter(2, 'office', null, null, null, null, null, 0, sha256('x'))",
    "select sec.enter(1, 'worker', null, null, null, null, null, null, null)",
    "select sec.enter(1, 'office', null, null, null, 9, null, null, null)",
    "select sec.enter(null, null, null, null, null, null, null, null, null)",
    "select sec.sign(2, 'office', null, null, null, null, null, null)",
    "select sec.sign_in('mine', 1, 'office', null, '', 1800, 3600, 0, sha256('x'))",
    "select sec.verify_sign_in('mine', 'totp', 0, sha256('x'))",
    "select sec.enter_login(1, 0, sha256('x'))",
    "select sec.believe('service', 'x', 0, sha256('x'))",
    "select * from sec.key",
    "insert into companies_signin (key, user_id) values ('x', 1)",
    "update companies_signin set verified_at = now()",
)


@pytest.mark.parametrize("role", ["bo_app", "bo_public", "bo_operator"])
@pytest.mark.parametrize("statement", FORGED)
def test_forged_context_opens_nothing(walled: str, role: str, statement: str) -> None:
    """Traps 9, threats A3: whoever can run any SQL changes the setting; no policy believes it."""
    with inside(walled, role, company=A, door="office") as login:
        assert attempt(login, "select sec.company()") == (A,)
        login.execute(statement)
        found = attempt(login, "select sec.company()")
        assert isinstance(found, errors.InsufficientPrivilege) and "forged context" in str(found)
        assert isinstance(attempt(login, "select count(*) from companies_module"), errors.InsufficientPrivilege)


@pytest.mark.parametrize("role", ["bo_app", "bo_public", "bo_operator"])
@pytest.mark.parametrize("statement", REFUSED_ENTRIES)
def test_no_statement_enters_another_company(walled: str, role: str, statement: str) -> None:
    with inside(walled, role, company=A, door="office") as login:
        assert isinstance(attempt(login, statement), errors.InsufficientPrivilege), statement
        assert attempt(login, "select sec.company()") == (A,)


def test_context_kept_from_one_transaction_opens_nothing_in_the_next(walled: str) -> None:
    with role_connection("bo_app", dbname=walled) as login:
        with login.transaction():
            set_context(login, company=A, door="office")
            kept = login.execute("select current_setting('app.context')").fetchone()
        with login.transaction(force_rollback=True):
            login.execute("select set_config('app.context', %s, true)", kept)
            assert isinstance(attempt(login, "select sec.company()"), errors.InsufficientPrivilege)
        with role_connection("bo_app", dbname=walled) as other, other.transaction(force_rollback=True):
            other.execute("select set_config('app.context', %s, true)", kept)
            assert isinstance(attempt(other, "select sec.company()"), errors.InsufficientPrivilege)


@pytest.mark.parametrize(("role", "own"), [("bo_app", {"office"}), ("bo_public", {"advisers", "folder"})])
def test_a_process_enters_its_own_doors_only(walled: str, role: str, own: set[str]) -> None:
    """An adviser's session in the office's process would stand before the office's policies."""
    with role_connection(role, dbname=walled) as login:
        for door in ("office", "advisers", "folder"):
            found = login.execute("select slug from sec.enter_door('c1', %s, 'x', 1)", [door]).fetchone()
            assert found == (("c1",) if door in own else None), door


def test_old_proof_is_believed_no_more(walled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with role_connection("bo_app", dbname=walled) as login, login.transaction(force_rollback=True):
        monkeypatch.setattr("companies.signing.time.time_ns", lambda: (int(time()) - 301) * 10**9)
        with pytest.raises(errors.InsufficientPrivilege, match="no proof"):
            set_context(login, company=A, door="office")


def test_public_door_cant_raise_a_login(walled: str) -> None:
    with inside(walled, "bo_public", company=A, door="front") as login:
        for column in ("is_superuser", "is_active", "operator", "email", "id", "date_joined"):
            assert isinstance(
                attempt(login, f"update companies_user set {column} = {column}"), errors.InsufficientPrivilege
            )
        for statement in (
            "insert into companies_user (email) values ('a@b.example')", "delete from companies_user",
            "insert into companies_user_groups (user_id, group_id) values (1, 1)", "select * from auth_group",
            "insert into companies_membership (company_id) values (1)", "select * from companies_user_groups",
        ):  # fmt: skip
            assert isinstance(attempt(login, statement), errors.InsufficientPrivilege), statement


@pytest.fixture
def with_temporary(walled: str) -> None:
    """Doors may make temporary tables in no database of ours; here they may, so that shadows can be tried at all."""
    with role_connection("bo_owner", dbname=walled) as owner:
        owner.execute(f'grant temporary on database "{walled}" to public')


SHADOWS = [
    "create temporary table companies_membership (id bigint, company_id bigint, user_id bigint, door text, "
    'administrator boolean, "on" boolean)',
    "insert into pg_temp.companies_membership values (666, 1, 1, 'office', true, true)",
    "create temporary table companies_user (id bigint, is_active boolean)",
    "insert into pg_temp.companies_user values (1, true)",
    "create temporary table companies_link (id bigint, company_id bigint, case_id bigint, kind text, addressee text, "
    "token_hash bytea, revoked_at timestamptz, expires_at timestamptz)",
    "insert into pg_temp.companies_link values (666, 1, 666, 'case', 'x', 'y', null, 'infinity')",
    "create function pg_temp.clock_timestamp() returns timestamptz language sql "
    "as $$ select '-infinity'::timestamptz $$",
    "create function pg_temp.company() returns bigint language sql as 'select 2::bigint'",
    "create function pg_temp.current_setting(text, boolean) returns text language sql as $$ select '2' $$",
    "create function pg_temp.same(bigint, bigint) returns boolean language sql as 'select true'",
    "create operator pg_temp.= (leftarg = bigint, rightarg = bigint, function = pg_temp.same)",
    "set local search_path = pg_temp, public",
]


@pytest.mark.usefixtures("with_temporary")
def test_temporary_names_shadow_nothing(walled: str) -> None:
    with inside(walled, "bo_public", company=A, door="front") as login:
        before = [attempt(login, sql) for sql in SHADOWED]
        for statement in SHADOWS:
            found = attempt(login, statement)
            assert not isinstance(found, psycopg.Error), f"{statement}: {found}"
        assert [attempt(login, sql) for sql in SHADOWED] == before


SHADOWED = [
    "select sec.company()",
    "select count(*) from sec.my_memberships()",
    "select membership_id from sec.enter_door('a', 'office', 'y', 1)",
    "select link_id from sec.enter_openly('a', 'link', 'y')",
    "select array_agg(distinct company_id) from public.companies_module",
]


def test_leaky_condition_runs_after_the_wall(walled: str) -> None:
    """A condition that fails on another company's row would tell that the row is there."""
    with inside(walled, "bo_app", company=A, door="office") as login:
        for company in set(COMPANIES) - {A}:
            leaky = f"select count(*) from companies_module where 1 / (company_id - {company}) < 5"
            assert attempt(login, leaky) == (1,)
        assert attempt(login, "select count(*) from pg_stats where tablename = 'relations_party'") == (0,)


def test_copy_keeps_to_the_wall(walled: str) -> None:
    with inside(walled, "bo_app", company=A, door="office") as login:
        with login.cursor() as cursor, cursor.copy("copy companies_module (company_id) to stdout") as copy:
            assert [bytes(line).strip() for line in copy] == [b"1"]
        refused = pytest.raises(errors.FeatureNotSupported)
        into = 'copy companies_module (company_id, code, "on") from stdin'
        with refused, login.transaction(), login.cursor() as cursor, cursor.copy(into) as copy:
            copy.write("2\tledger\tt\n")


def test_history_is_forged_for_no_other_company_and_never_changed(walled: str) -> None:
    """Its triggers run as the office, which may therefore add a row to its own history; it can't unwrite one."""
    with inside(walled, "bo_app", company=A, door="office") as login:
        for table in (table for table in GRANTS["bo_app"] if table.endswith("event")):
            changed = attempt(login, f"update {table} set company_id = company_id")
            assert isinstance(changed, errors.InsufficientPrivilege)
            assert isinstance(attempt(login, f"delete from {table}"), errors.InsufficientPrivilege)
            forged = attempt(login, f"insert into {table} (company_id) values ({B})")
            assert "row-level security" in str(forged) or isinstance(forged, errors.NotNullViolation)
    with inside(walled, "bo_public", company=A, door="office") as login:
        for table in (table for table in GRANTS["bo_app"] if table.endswith("event")):
            assert isinstance(
                attempt(login, f"insert into {table} (company_id) values ({A})"), errors.InsufficientPrivilege
            )


@pytest.mark.parametrize(
    "kind", ["x'; drop table companies_module; --", "", "A", "a" * 21, "../x", "case.2026", "c2_case\n"]
)
def test_number_series_takes_words_only(walled: str, kind: str) -> None:
    with (
        inside(walled, "bo_public", company=A, door="front") as login,
        pytest.raises(errors.InsufficientPrivilege),
        login.transaction(),
    ):
        login.execute("select sec.loose_number(%s, 2026)", [kind])


def test_number_series_are_apart_and_need_a_company(walled: str) -> None:
    with inside(walled, "bo_public", company=A, door="front") as login:
        assert attempt(login, "select sec.loose_number('case', 1999)") == (1,)
        assert attempt(login, "select sec.loose_number('case', 1999)") == (2,)
        set_context(login, company=B, door="front")
        assert attempt(login, "select sec.loose_number('case', 1999)") == (1,)
        login.execute("select set_config('app.context', '', true)")
        assert isinstance(attempt(login, "select sec.loose_number('case', 1999)"), errors.InsufficientPrivilege)


@pytest.mark.django_db
def test_refused_key_doesnt_tell_whether_the_other_row_is_there() -> None:
    """Finding 3: the text of the refusal once told existing ids of another company from missing ones."""
    first, second = given.company("alpha"), given.company("beta")
    with company_scope(second.pk, door=Door.WORKER, actor=ROBOT):
        there = Party.objects.create(number="R-1", kind=PartyKind.PERSON, family_name="De Wit", language="nl").pk
    texts = {link_refusal(first, number) for number in (there, 987654321)}
    assert len(texts) == 1 and "Key is not present" in texts.pop()


def link_refusal(company: Company, party_id: int) -> str:
    """What the database says when a company's address is to belong to a party that isn't its own."""
    scope = company_scope(company.pk, door=Door.WORKER, actor=ROBOT)
    with pytest.raises(Exception, match="foreign key") as refusal, transaction.atomic(), scope:
        connection.cursor().execute(
            "insert into relations_address "
            "(company_id, party_id, street, house_number, postcode, city, country, valid_from) "
            "values (sec.company(), %s, 'Kade', '1', '4381 AA', 'Vlissingen', 'NL', '2026-06-01')",
            [party_id],
        )
    return str(refusal.value)
