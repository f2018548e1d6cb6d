"""Whatever holds the wall is missed when it is gone, and whatever is given beyond the reviewed lists is noticed."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from tests.conftest import drop_copy, fresh_copy, role_connection
from tests.database import held, mutations

MAKERS = {make.__name__: make for make in mutations.MAKERS}


@pytest.fixture(scope="module")
def scratch(django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:
    """The owner in a copy of the migrated database of one's own."""
    name = fresh_copy("_mutated")
    try:
        with role_connection("bo_owner", dbname=name) as connection:
            yield connection
    finally:
        drop_copy("_mutated")


@pytest.mark.parametrize("name", MAKERS)
def test_each_mutation_is_noticed(scratch: psycopg.Connection[Any], name: str, figure: Callable[..., None]) -> None:
    tried = list(MAKERS[name](scratch))
    unnoticed = [mutation.statement for mutation in tried if not mutations.noticed(scratch, mutation)]
    for kind, number in Counter(mutation.kind for mutation in tried).items():
        figure(f"mutations: {kind}", number)
    figure(f"mutations of {name.replace('_', ' ')} noticed", len(tried) - len(unnoticed))
    assert unnoticed == []
    assert all(look(scratch) == [] for look in held.LOOKS), "something stayed as it was made"


def test_mutations_of_every_kind_are_tried(scratch: psycopg.Connection[Any], figure: Callable[..., None]) -> None:
    tried = mutations.all_mutations(scratch)
    figure("mutations in all", len(tried), least=2300)
    assert len({mutation.kind for mutation in tried}) == mutations.KINDS
