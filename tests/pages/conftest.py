"""Pages are tested in a world that is built once a module; each test's own writes are rolled back to it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from companies.models import Act
from tests import world


@pytest.fixture(scope="module")
def here(django_db_setup: Any, django_db_blocker: Any) -> Iterator[world.World]:
    """The world of this module, gone when the module is done."""
    with django_db_blocker.unblock(), transaction.atomic():
        built = world.build()
        world.employee(built.company, "all@duinhaven.example", *world.ALL_RIGHTS, acts=tuple(Act), administrator=True)
        yield built
        transaction.set_rollback(True)
