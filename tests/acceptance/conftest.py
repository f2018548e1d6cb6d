from typing import Any

import pytest

from companies.tasks import work


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str, str]]:
    """What workers were woken for, instead of the broker: the tests do the jobs themselves."""
    calls: list[tuple[int, str, str]] = []

    def apply_async(*, args: list[Any], queue: str) -> None:
        calls.append((args[0], args[1], queue))

    monkeypatch.setattr(work, "apply_async", apply_async)
    return calls
