"""The roles: what each may, what none may, and the same SQL for the embedded server and for the docker image."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from config.launch.cluster import Cluster
from config.launch.places import ROOT
from config.launch.roles import LOGINS, database_url, make_roles, role_password
from tests.database import held
from tests.database.mutations import ROLE_MUTATIONS, noticed


def test_roles_have_their_attributes_and_no_more(cluster: Cluster) -> None:
    with cluster.postgres.connect() as connection:
        assert held.roles(connection) == []


def test_each_role_that_becomes_more_is_noticed(cluster: Cluster, figure: Callable[..., None]) -> None:
    with cluster.postgres.connect() as connection:
        unnoticed = [mutation.statement for mutation in ROLE_MUTATIONS if not noticed(connection, mutation)]
    figure("mutations of roles noticed", len(ROLE_MUTATIONS) - len(unnoticed))
    assert unnoticed == []


@pytest.mark.parametrize("role", ["bo_app", "bo_public", "bo_operator"])
def test_door_becomes_nobody_else_and_creates_nothing(cluster: Cluster, role: str) -> None:
    with psycopg.connect(database_url(cluster.postgres, role), autocommit=True) as connection:
        for statement in (
            "set role bo_owner", "set role sec_guard", "create table public.t (a int)",
            "create temporary table t (a int)", "create schema s", "create database d", "create role r",
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_owner_becomes_the_guard_only_by_asking(cluster: Cluster) -> None:
    with psycopg.connect(database_url(cluster.postgres, "bo_owner")) as connection:
        connection.execute("create table public.t (a int)")
        connection.execute("set role sec_guard")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select * from public.t")
        connection.rollback()


def test_test_databases_of_the_owner_have_the_extensions(cluster: Cluster) -> None:
    with psycopg.connect(database_url(cluster.postgres, "bo_owner"), autocommit=True) as connection:
        connection.execute("create database test_launch")
    try:
        with psycopg.connect(database_url(cluster.postgres, "bo_owner", "test_launch")) as connection:
            names = {row[0] for row in connection.execute("select extname from pg_extension")}
            assert {"btree_gist", "pg_trgm", "unaccent"} <= names
        with psycopg.connect(database_url(cluster.postgres, "bo_test", "test_launch")) as connection:
            connection.execute("set role bo_public")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("create table public.t (a int)")
    finally:
        with psycopg.connect(database_url(cluster.postgres, "bo_owner"), autocommit=True) as connection:
            connection.execute("drop database test_launch")


def test_roles_are_made_twice_without_harm_and_strays_are_taken_back(cluster: Cluster) -> None:
    with cluster.postgres.connect() as connection:
        connection.execute("alter role bo_app createrole bypassrls")
        connection.execute("grant sec_guard to bo_public")
    make_roles(cluster.postgres, test=True)
    test_roles_have_their_attributes_and_no_more(cluster)


def test_docker_image_makes_the_same_roles(cluster: Cluster, tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    for role in LOGINS:
        (secrets / role).write_text(role_password(cluster.postgres, role) + "\n")
    script = (ROOT / "docker/postgres/init.sql").read_text().replace("/run/secrets", str(secrets))
    (tmp_path / "10-polisdesk.sql").write_text(script)
    shutil.copytree(ROOT / "config/launch/sql", tmp_path / "sql")
    with cluster.postgres.connect() as connection:
        connection.execute("alter role bo_app createrole bypassrls password 'another'")
    done = subprocess.run(
        [cluster.postgres.binaries / "psql", "-X", "-h", cluster.places.sockets, "-U", "postgres", "-d", "postgres",
         "-f", tmp_path / "10-polisdesk.sql"],
        env={"PGPASSWORD": cluster.postgres.superuser_password}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert role_password(cluster.postgres, "bo_app") not in done.stdout + done.stderr
    psycopg.connect(database_url(cluster.postgres, "bo_app")).close()
    make_roles(cluster.postgres, test=True)  # the test cluster's own additions again
    test_roles_have_their_attributes_and_no_more(cluster)
