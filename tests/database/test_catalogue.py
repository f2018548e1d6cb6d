"""The catalogue against models, migrations and reviewed lists, and the proof that the looking finds carelessness."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from companies.ground import GROUND
from companies.walls import Ground, Wall
from tests.database import catalogue, held
from tests.database.reviewed import APPEND_ONLY, GRANTS


def walls_of_migrations() -> list[tuple[str, str, Wall]]:
    """(room, model, operation) of every Wall in the migrations."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return [
        (migration.app_label, operation.model.lower(), operation)
        for migration in loader.disk_migrations.values()
        for operation in migration.operations
        if isinstance(operation, Wall)
    ]


def models_of_companies() -> list[Any]:
    """Every model whose rows belong to one company, tables of history and of guardian included."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and any(field.name == "company" for field in model._meta.local_fields)
    ]


@pytest.mark.parametrize("look", held.LOOKS, ids=lambda look: look.__name__)
def test_everything_stands_as_reviewed(owner: Any, look: held.Look) -> None:
    assert look(owner) == []


def test_tables_are_many(owner: Any) -> None:
    assert len(catalogue.company_tables(owner)) >= 68


def test_ground_list_names_tables_that_exist(owner: Any) -> None:
    tables = {row[0] for row in owner.execute("select tablename from pg_tables where schemaname = 'public'")}
    assert set(GROUND) <= tables


def test_every_model_of_a_company_has_its_wall_once(owner: Any) -> None:
    walls = [(room, model) for room, model, _ in walls_of_migrations()]
    models = {(model._meta.app_label, model._meta.model_name) for model in models_of_companies()}
    assert len(walls) == len(set(walls))
    assert set(walls) == models
    assert sorted(model._meta.db_table for model in models_of_companies()) == catalogue.company_tables(owner)


def test_every_other_model_is_ground() -> None:
    ours = models_of_companies()
    others = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model not in ours}
    assert others - {"pghistory_events"} <= set(GROUND), (
        "a model without `company` that isn't on the list of companies/ground.py"
    )  # pghistory_events has no table: it's a query


def test_every_ground_table_had_its_grants_decided() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    decided = {op.table for m in loader.disk_migrations.values() for op in m.operations if isinstance(op, Ground)}
    assert set(GROUND) - decided == {"django_migrations"}


def test_operator_writes_no_table_of_a_company(owner: Any) -> None:
    written = {
        table for table, verbs in catalogue.granted(owner)["bo_operator"].items() if set(verbs.split("(")[0]) - {"S"}
    }
    assert written and not written & set(catalogue.company_tables(owner))


LOGINS = (
    "companies_user", "account_emailaddress", "mfa_authenticator", "companies_signin", "companies_secondfactor",
    "companies_factorreset",
)  # fmt: skip


@pytest.mark.parametrize("table", LOGINS)
def test_what_a_login_owns_stands_behind_row_security_too(owner: Any, table: str) -> None:
    flags = owner.execute("select relrowsecurity, relforcerowsecurity from pg_class where relname = %s", [table])
    assert flags.fetchone() == (True, True)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_is_written_once_no_door_may_change(owner: Any, table: str) -> None:
    for role in ("bo_app", "bo_public", "bo_operator"):
        for privilege in ("UPDATE", "DELETE", "TRUNCATE"):
            assert owner.execute("select has_table_privilege(%s, %s, %s)", [role, table, privilege]).fetchone() == (
                False,
            )
        assert owner.execute("select has_any_column_privilege(%s, %s, 'UPDATE')", [role, table]).fetchone() == (False,)


def test_every_table_of_history_is_written_once(owner: Any) -> None:
    histories = {table for table in catalogue.company_tables(owner) if table.endswith("event")}
    assert histories and histories <= set(APPEND_ONLY)


def test_numbers_hold_no_grant_for_a_door(owner: Any) -> None:
    for role in ("bo_app", "bo_public", "bo_operator"):
        assert owner.execute("select has_schema_privilege(%s, 'numbers', 'USAGE')", [role]).fetchone() == (False,)


CARELESS = {
    "create table careless (id bigint primary key, name text)":
        "careless: no company_id, and not on the list of ground tables",
    "create table careless (id bigint primary key, company_id bigint)": "careless: company_id may be null",
    "create table careless (id bigint primary key, company_id bigint not null)":
        "careless: row security enabled=False forced=False",
    "create table careless (id bigint primary key, company_id bigint not null unique)":
        "careless: no unique index (company_id, id)",
    "create table careless (id bigint primary key, company_id bigint not null, slug text unique)":
        "careless: unique index careless_slug_key doesn't lead with the company",
    "create table careless (id bigint primary key, company_id bigint not null, party_id bigint, foreign key (party_id) "
    "references relations_party (id))":
        "careless: foreign key careless_party_id_fkey to relations_party leaves its company",
    "alter table relations_party add constraint later foreign key (company_id, membership_id) "
    "references companies_membership (company_id, id) not valid": "relations_party: foreign key later isn't validated",
    "alter table companies_module no force row level security":
        "companies_module: row security enabled=True forced=False",
    "alter table companies_module disable row level security":
        "companies_module: row security enabled=False forced=True",
    "create policy easy on companies_module to bo_app using (true)":
        "companies_module: policy easy to bo_app isn't one of the wall's",
    "create policy easy on companies_module using (true)":
        "companies_module: policy easy to PUBLIC isn't one of the wall's",
    "alter policy tenant on companies_module to bo_app, bo_public":
        "companies_module: policy tenant is missing or another",
    "alter policy floor on companies_module using (true)": "companies_module: policy floor is missing or another",
    "alter policy floor on companies_module with check (true)": "companies_module: policy floor is missing or another",
    "alter policy floor on companies_module to bo_app": "companies_module: policy floor is missing or another",
    "drop policy floor on companies_module": "companies_module: policy floor is missing or another",
    "alter policy door on companies_module to bo_app":
        "companies_module: policy door to bo_app isn't one of the wall's",
    "grant select on companies_module to public": "companies_module: SELECT is granted to PUBLIC",
    "grant select (code) on companies_module to public": "companies_module: SELECT is granted to PUBLIC",
    "grant truncate on companies_trailentry to bo_app":
        "companies_trailentry: TRUNCATE passes row security and is granted",
    "grant references on companies_part to bo_public": "companies_part: REFERENCES passes row security and is granted",
    "grant trigger on companies_part to bo_app": "companies_part: TRIGGER passes row security and is granted",
    "grant create on schema sec to bo_app": "schema sec: bo_app may create in it",
    "create view careless as select * from companies_module": "careless: a view without security_invoker",
    "create materialized view careless as select 1 as a": "careless: a materialized view knows no wall",
    "create function careless() returns int language sql security definer as 'select 1'":
        "careless(): a definer function of bo_owner in schema public",
    "create function sec.careless() returns int language sql security definer as 'select 1'":
        "sec.careless(): a definer function without its fixed search_path",
    "create function sec.easy() returns int language sql security definer "
    "set search_path = pg_catalog, pg_temp as 'select 1'":
        "sec.easy(): a definer function that everybody may execute",
    "alter table ledger_entry disable trigger entry_filled": "ledger_entry: trigger entry_filled is switched off",
}  # fmt: skip


@pytest.mark.parametrize("statement", CARELESS)
def test_carelessness_is_named(owner: Any, statement: str) -> None:
    owner.execute(statement)
    assert CARELESS[statement] in catalogue.faults(owner)


def test_a_careless_grant_differs_from_the_list(owner: Any) -> None:
    owner.execute("grant update (details) on companies_trailentry to bo_app")
    assert catalogue.granted(owner)["bo_app"]["companies_trailentry"] != GRANTS["bo_app"]["companies_trailentry"]


@pytest.mark.django_db
def test_engine_is_ours() -> None:
    assert connection.settings_dict["ENGINE"] == "companies.postgres"
