"""What tests of the operator's process start from: an operator and his browser."""

from collections.abc import Callable

import pytest

from companies.models import User
from companies.tasks import work
from tests import operators
from tests.operators import OperatorClient as OperatorClient
from tests.operators import as_operator as as_operator


@pytest.fixture
def user(db: None) -> User:
    """A login of the computing centre."""
    return operators.operator()


@pytest.fixture
def client_of() -> Callable[..., OperatorClient]:
    """A browser in which an operator logged in, with a second factor proved or not."""
    return operators.browser_of


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Jobs that workers were woken for, instead of the broker."""
    calls: list[int] = []
    monkeypatch.setattr(work, "apply_async", lambda *, args, queue: calls.append(args[0]))
    return calls
