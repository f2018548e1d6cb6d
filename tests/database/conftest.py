"""Real logins into the test database, and the filled copy of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from tests.conftest import role_connection
from tests.contexts import set_context
from tests.database import clone

Login = Callable[..., psycopg.Connection[Any]]


@pytest.fixture
def owner(django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:
    """The owner's login; what a test does with it stays in a transaction that's rolled back."""
    with role_connection("bo_owner") as connection, connection.transaction(force_rollback=True):
        yield connection


@pytest.fixture(scope="session")
def walled(django_db_setup: None) -> Iterator[str]:
    """The name of the copy in which every company table holds a row of three companies."""
    with clone.walled(role_connection, suffix="_walled") as name:
        yield name


@contextmanager
def inside(walled: str, role: str, **settings: Any) -> Iterator[psycopg.Connection[Any]]:
    """A real login of a role into the copy, in a transaction with that context, rolled back."""
    with role_connection(role, dbname=walled) as connection, connection.transaction(force_rollback=True):
        if settings:
            set_context(connection, **settings)
        yield connection
