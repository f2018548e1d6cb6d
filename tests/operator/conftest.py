"""What tests of the operator's process start from: an operator and his browser."""

from collections.abc import Callable
from typing import Any

import pytest

from companies.models import Company, Membership, User, Window
from companies.tasks import work
from tests import factors, given, operators
from tests.contexts import browser_of
from tests.operators import OperatorClient as OperatorClient
from tests.operators import as_operator as as_operator

CONSOLE = "/operator/companies/duinhaven/"
ASKED = {"step": "ask", "reason": "The run of 24 November stopped at row 318.", "modules": ["ledger"], "minutes": "30"}


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


@pytest.fixture
def company(db: None) -> Company:
    return given.company()


@pytest.fixture
def chief(company: Company) -> Membership:
    """The administrator of a company that administers itself since a while: another one took over."""
    given.handed_over(company, given.member(company, "first@duinhaven.example", administrator=True))
    chief = given.member(company, "chief@duinhaven.example", administrator=True)
    factors.with_authenticator(chief.user)
    return chief


@pytest.fixture
def op(user: Any, client_of: Any) -> Any:
    return client_of(user)


@pytest.fixture
def window(op: Any, company: Company, chief: Membership) -> Window:
    """A window that was asked for."""
    assert op.post(CONSOLE, ASKED).status_code == 302
    with given.inside(company):
        return Window.objects.get()


@pytest.fixture
def at_office(chief: Membership) -> Any:
    return browser_of(chief.user)


def opening(window: Window, code: str, **more: Any) -> dict[str, Any]:
    return {"step": "open", "window": window.pk, "modules": ["ledger"], "minutes": "30", "code": code, **more}
