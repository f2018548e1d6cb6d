"""pgrls, a linter of row security, over the migrated database: nothing that wasn't reviewed, and nothing reviewed in
vain. The tests beside this one prove the wall; this looks with other people's eyes.
"""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connections

from companies.ground import GROUND
from tests.conftest import PRISTINE, drop_copy, fresh_copy, role_connection
from tests.database.reviewed import FUNCTIONS, GUARDS, OPERATOR_SEES
from tests.tools import tool

pytestmark = pytest.mark.slow
Findings = set[tuple[str, str]]  # rule and place
KEY_TABLE = "sec.key"  # of no company; sec_guard alone reads it
# Ground, with policies of their own.
WALLED = {
    "account_emailaddress", "companies_factorreset", "companies_secondfactor", "companies_signin", "companies_user",
    "companies_user_groups", "mfa_authenticator",
}  # fmt: skip

OPEN_TO_VISITORS = ("companies_module", "companies_profile", "companies_website", "products_product",
                    "products_productchannel")  # fmt: skip
LOOKED_UP = ("account_emailaddress", "companies_secondfactor", "companies_user", "mfa_authenticator")
REVIEWED = {
    **{
        (rule, f"public.{table}.look_up"): "whoever logs in is looked up before he is known; only he changes his row"
        for table in LOOKED_UP
        for rule in ("SEC005", "SEC008", "SEC038")
    },
    **{
        ("PERF004", f"public.{table}.operator"): "sec.seen writes down each row that the operator is shown"
        for tables in OPERATOR_SEES.values()
        for table in tables
    },
    **{
        (rule, f"public.{table}.tenant"): "shows bo_app what `floor` leaves, which keeps each row to its company"
        for tables in OPERATOR_SEES.values()
        for table in tables
        for rule in ("SEC005", "SEC008", "SEC028", "SEC038")
    },
    ("SEC005", "public.account_emailaddress.new_address"): "an invitation that is taken adds its address",
    ("SEC028", "public.account_emailaddress.new_address"): "an invitation that is taken adds its address",
    **{
        ("PERF003", f"public.companies_user.{policy}"): "some dozens of operators, or one row by its id"
        for policy in ("new_login", "operators", "own_operator")
    },
    **{
        (rule, f"public.{table}.door"): "every visitor of a company sees these rows; `floor` keeps them to the company"
        for table in OPEN_TO_VISITORS
        for rule in ("SEC005", "SEC008", "SEC028", "SEC038")
    },
    ("PERF003", "public.applications_draft.door"): "found by company and id; these columns are looked at after it",
    ("PERF003", "public.applications_draft.unread"): "found by company and id; this column is looked at after it",
    (
        "PERF003",
        "public.companies_command.door",
    ): "found by company and id or key; these columns are looked at after it",
    ("PERF003", "public.products_productversion.door"): "a company has some dozens of versions",
    ("SEC016", "bo_backup"): "a backup holds every company; the role reads, and logs in from the backup's host",
    ("SEC016", "sec_guard"): "nobody can log in as it; its functions are reviewed one by one",
    ("SEC029", "bo_owner"): "migrations make sec_guard's functions; no process that serves has this login",
}


def reviewed(name: str) -> bool:
    """A definer function or guard stands in the reviewed list, also where two triggers share it; the triggers of
    history run as their caller.
    """
    return name.startswith("pgtrigger_") or f"sec.{name.removesuffix('_anew')}()" in GUARDS


def unreviewed(found: Findings) -> Findings:
    """What is left of the findings without those that a reviewed list names."""
    definers = {function.partition("(")[0] for function, (_owner, definer, _who) in FUNCTIONS.items() if definer}
    ground = {("SEC001", place) for place in (KEY_TABLE, *(f"public.{table}" for table in GROUND.keys() - WALLED))}
    functions = {("SEC014", name) for name in definers}
    triggers = {(rule, place) for rule, place in found if rule == "SEC013" and reviewed(place.rpartition(".")[2])}
    return found - REVIEWED.keys() - ground - functions - triggers


@pytest.fixture(scope="module")
def lint(django_db_setup: None) -> Callable[[str], Findings]:
    """Lint a copy of the test database as its owner: errors and warnings, each by rule and place."""
    program, there = tool("pgrls"), connections["default"].settings_dict
    password = json.loads(Path(os.environ["POLISDESK_TEST_ROLES"]).read_text())["bo_owner"]

    def run(suffix: str) -> Findings:
        url = f"postgresql://bo_owner:{password}@/{there['NAME']}{suffix}?host={quote(there['HOST'], safe='/')}"
        command = [str(program), "lint", "--schemas", "public,sec,numbers", "--format", "json"]
        done = subprocess.run(
            command, env=os.environ | {"DATABASE_URL": url}, cwd="/", capture_output=True, text=True, check=False
        )
        assert done.returncode in {0, 1}, done.stderr
        told: list[dict[str, Any]] = json.loads(done.stdout)["violations"]
        return {(row["rule_id"], row["location"]) for row in told if row["severity"] in {"error", "warning"}}

    return run


@pytest.fixture(scope="module")
def found(lint: Callable[[str], Findings]) -> Findings:
    return lint(PRISTINE)


def test_nothing_is_found_that_was_not_reviewed(found: Findings) -> None:
    assert unreviewed(found) == set()


def test_nothing_was_reviewed_in_vain(found: Findings) -> None:
    assert REVIEWED.keys() - found == set()
    open_tables = {f"public.{table}" for table in GROUND.keys() - WALLED}
    assert {place for rule, place in found if rule == "SEC001"} == open_tables | {KEY_TABLE}
    assert len([place for rule, place in found if rule == "SEC014"]) >= 40


CARELESS = {
    "create table careless (id bigint primary key, company_id bigint not null)": {("SEC001", "public.careless")},
    "create table slow (id bigint primary key, company_id bigint not null); "
    "alter table slow enable row level security; alter table slow force row level security; "
    "create policy tenant on slow to bo_app using (company_id = (select sec.company()))": {
        ("PERF003", "public.slow.tenant"),
    },
    "alter table relations_party no force row level security": {("SEC002", "public.relations_party")},
    "create policy loose on relations_address to bo_app using (company_id = (random() * 3)::int)": {
        ("PERF002", "public.relations_address.loose"),
    },
    "create policy wide on relations_proposal to bo_public using (true)": {
        ("SEC006", "public.relations_proposal.wide"), ("SEC008", "public.relations_proposal.wide"),
        ("SEC038", "public.relations_proposal.wide"),
    },
    "create view names as select family_name from relations_party": {("VIEW001", "public.names")},
    "create function sec.easy() returns int language sql security definer as 'select 1'": {
        ("SEC014", "sec.easy"), ("SEC015", "sec.easy"),
    },
    "create function sec.late() returns int language sql security definer set search_path = pg_temp, pg_catalog "
    "as 'select 1'": {("SEC014", "sec.late"), ("SEC015", "sec.late")},
}  # fmt: skip


def test_carelessness_is_named(lint: Callable[[str], Findings]) -> None:
    name = fresh_copy("_careless")
    try:
        with role_connection("bo_owner", dbname=name) as owner:
            for statement in CARELESS:
                owner.execute(statement)
        found = unreviewed(lint("_careless"))
        assert {statement: faults - found for statement, faults in CARELESS.items() if faults - found} == {}
    finally:
        drop_copy("_careless")
