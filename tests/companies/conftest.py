from collections.abc import Callable
from typing import Any

import pytest

from companies.tasks import work
from tests.conftest import role_connection


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str, str]]:
    """What workers were woken for, instead of the broker: (job, ticket, lane)."""
    calls: list[tuple[int, str, str]] = []

    def apply_async(*, args: list[Any], queue: str) -> None:
        calls.append((args[0], args[1], queue))

    monkeypatch.setattr(work, "apply_async", apply_async)
    return calls


@pytest.fixture
def owner_sql(db: None) -> Callable[[str], None]:
    """Runs a statement as the owner with forced row security lifted from the user permissions; nothing of it stays."""

    def run(statement: str) -> None:
        with role_connection("bo_owner") as owner, owner.transaction(force_rollback=True):
            owner.execute("alter table companies_partuserpermission no force row level security")
            owner.execute(statement)

    return run
