"""The roles and the database: made by the superuser from the same SQL files that a docker image uses."""

from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from config.launch.passwords import password
from config.launch.postgres import DATABASE, SUPERUSER, Postgres

SQL = Path(__file__).parent / "sql"
LOGINS = ("bo_owner", "bo_app", "bo_public", "bo_operator", "bo_backup")
TEST_LOGIN = "bo_test"


def role_password(postgres: Postgres, role: str) -> str:
    """The password of a login role, random, kept in the cluster's folder of secrets."""
    return password(postgres.places.secrets, role)


def database_url(postgres: Postgres, role: str, database: str = DATABASE) -> str:
    """DATABASE_URL for one role: postgresql://role:password@/database?host=/folder/of/the/socket."""
    host = quote(str(postgres.places.sockets), safe="/")
    return f"postgresql://{role}:{role_password(postgres, role)}@/{database}?host={host}"


def make_roles(postgres: Postgres, *, test: bool) -> None:
    """Create the login roles, the database and its extensions, or bring what is there to that state.

    In a test cluster bo_owner may create databases, they have the extensions from the template, and bo_test may become
    each of the doors.
    """
    roles = (*LOGINS, TEST_LOGIN) if test else LOGINS
    with postgres.connect(SUPERUSER) as connection, connection.transaction():
        for role in roles:
            setting = f"polisdesk.password_{role}"
            connection.execute("select set_config(%s, %s, true)", [setting, role_password(postgres, role)])
        _run(connection, "roles.sql")
        if test:
            _run(connection, "test.sql")
    with postgres.connect(SUPERUSER) as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("create database {} owner bo_owner").format(sql.Identifier(DATABASE)))
    for database in (DATABASE, *(["template1"] if test else [])):
        with postgres.connect(database) as connection, connection.transaction():
            _run(connection, "database.sql")


def _run(connection: psycopg.Connection, name: str) -> None:
    connection.execute((SQL / name).read_bytes())
