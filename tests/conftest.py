"""Tests log in as the plain roles: the owner makes the database, then every connection is bo_app from its first
statement.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from allauth.core.internal import ratelimit
from django.conf import settings
from django.db import connection, connections
from django.test import TransactionTestCase
from django.test.utils import setup_databases, teardown_databases
from hypothesis import HealthCheck
from hypothesis import settings as drawn
from psycopg import sql

from companies import limits
from companies.doors import PROCESS_OF, SEGMENTS
from companies.middleware import ADDRESS, Wall
from config.environment import database

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # no test is about slow hashes
drawn.register_profile("suite", suppress_health_check=[HealthCheck.too_slow])  # the machine may have other work
drawn.load_profile("suite")
KEPT = ["django_migrations", "django_content_type", "auth_permission"]
OWNER = database(os.environ["OWNER_DATABASE_URL"])
PRISTINE = "_pristine"  # nobody is ever in it, so that it can be copied while tests run
TESTER = {key: settings.DATABASES["default"][key] for key in ("USER", "PASSWORD")}


@contextmanager
def login(**as_: Any) -> Iterator[None]:
    """All connections of this process become somebody else."""
    before = {alias: dict(connections[alias].settings_dict) for alias in settings.DATABASES}
    for alias in before:
        connections[alias].close()
        connections[alias].settings_dict.update(as_)
    try:
        yield
    finally:
        for alias, was in before.items():
            connections[alias].close()
            connections[alias].settings_dict.update({key: was[key] for key in ("USER", "PASSWORD", "OPTIONS")})


def as_owner() -> Any:
    """The login that migrates: it owns the tables and may become sec_guard."""
    return login(USER=OWNER["USER"], PASSWORD=OWNER["PASSWORD"], OPTIONS={})


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_modify_db_settings: Any, request: pytest.FixtureRequest, django_db_blocker: Any
) -> Iterator[None]:
    keep = request.config.getvalue("reuse_db")
    with django_db_blocker.unblock(), as_owner():
        config = setup_databases(
            verbosity=0, interactive=False, keepdb=keep and not request.config.getvalue("create_db")
        )
    connections["default"].settings_dict.update(**TESTER, OPTIONS={"options": "-c role=bo_app"})
    fresh_copy(PRISTINE, of="")
    yield
    drop_copy(PRISTINE)
    with django_db_blocker.unblock(), as_owner():
        if not keep:
            connections.close_all()
            end_sessions()
            teardown_databases(config, verbosity=0)


def role_connection(role: str, *, dbname: str = "") -> psycopg.Connection[Any]:
    """A real login of a role into the test database, or another one of its cluster; autocommit."""
    password = json.loads(Path(os.environ["POLISDESK_TEST_ROLES"]).read_text())[role]
    there = connections["default"].settings_dict
    return psycopg.connect(
        host=there["HOST"],
        port=there["PORT"] or None,
        dbname=dbname or there["NAME"],
        user=role,
        password=password,
        autocommit=True,
    )


def fresh_copy(suffix: str, *, of: str = PRISTINE) -> str:
    """A copy of the test database as it was before the first test, or of another copy; its name."""
    name = connections["default"].settings_dict["NAME"]
    drop_copy(suffix)
    with role_connection("bo_owner", dbname="polisdesk") as owner:
        owner.execute(
            sql.SQL("create database {} template {}").format(sql.Identifier(name + suffix), sql.Identifier(name + of))
        )
    return f"{name}{suffix}"


def drop_copy(suffix: str) -> None:
    """Remove a copy of the test database."""
    name = connections["default"].settings_dict["NAME"]
    with role_connection("bo_owner", dbname="polisdesk") as owner:
        owner.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name + suffix)))


def end_sessions() -> None:
    """End what threads of earlier tests left open in the test database; a role may end its own sessions."""
    for role in ("bo_test", "bo_app", "bo_public", "bo_owner"):
        with role_connection(role) as connection:
            connection.execute(
                "select pg_terminate_backend(pid, 2000) from pg_stat_activity "
                "where datname = current_database() and usename = current_user and pid <> pg_backend_pid()"
            )


def truncate(self: TransactionTestCase) -> None:
    """Empty all tables as the owner; reference rows stay."""
    for alias in settings.DATABASES:
        connections[alias].close()
    with role_connection("bo_owner") as owner:
        rows = owner.execute(
            "select quote_ident(tablename) from pg_tables where schemaname = 'public' and tablename <> all(%s)", [KEPT]
        )
        owner.execute("truncate " + ", ".join(row[0] for row in rows) + " restart identity")


TransactionTestCase._fixture_teardown = truncate  # type: ignore[attr-defined]


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """Keep a figure of a proof, shown at the end of the run: a test that looked at nothing proves nothing."""

    def keep(name: str, count: int, *, least: int = 1) -> None:
        assert count >= least, f"{name}: {count}, expected at least {least}"
        record_property(name, count)

    return keep


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The figures of the run, one a line; those of one name are added up."""
    figures: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        for name, count in report.user_properties:
            figures[name] += count
    if figures:
        terminalreporter.section("figures")
    for name, count in figures.items():
        terminalreporter.write_line(f"{count:>9,}  {name}")


@pytest.fixture(autouse=True)
def fresh_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was done in one test doesn't count in the next, be it counted by us or by allauth."""
    test, key_of = uuid4().hex, ratelimit.get_cache_key
    monkeypatch.setattr(limits, "PREFIX", f"limit:{test}")
    monkeypatch.setattr(ratelimit, "get_cache_key", lambda *args, **rate: f"{test}:{key_of(*args, **rate)}")


@pytest.fixture(autouse=True)
def door_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test's requests come through the doors' own roles."""
    doors_become_roles(monkeypatch)


def doors_become_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a process of its own a public door logs in as bo_public; here, on the test's connection, it becomes that
    role.
    """
    through = Wall.__call__

    def call(self: Wall, request: Any) -> Any:
        match = ADDRESS.match(request.path)
        if match is None or PROCESS_OF[SEGMENTS[match["segment"]]] != "public":
            return through(self, request)
        become("bo_public")
        try:
            return through(self, request)
        finally:
            become("bo_app")

    monkeypatch.setattr(Wall, "__call__", call)


def become(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
