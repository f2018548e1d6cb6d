"""The edge of the operator's process: a session that ended, a company that isn't there, an answer that would be read
later; and steps on windows that come too late.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.utils import timezone

from common.errors import BusinessError
from companies.models import Company, Membership, Window
from companies.models.rights import MODULE_OF
from companies.operator import middleware
from companies.operator.entrance import Look, Standing, actor_of, rights_by
from companies.operator.middleware import OperatorWall
from companies.operator.windows import (
    close_window,
    open_window,
    open_window_now,
    refuse_window,
    take_over,
    waiting_windows,
)
from companies.signing import ask
from tests import factors, given
from tests.contexts import browser_of
from tests.operator.conftest import ASKED, CONSOLE
from tests.people import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(db: None) -> Company:
    return given.company()


@pytest.fixture
def op(user: Any, client_of: Any) -> Any:
    return client_of(user)


@pytest.fixture
def chiefs(company: Company) -> list[Membership]:
    """Two administrators, each with an authenticator; the first took over."""
    found = [given.member(company, f"{name}@duinhaven.example", administrator=True) for name in ("first", "second")]
    factors.with_authenticator(found[1].user)
    given.handed_over(company, found[0])
    return found


@pytest.fixture
def window(op: Any, company: Company, chiefs: list[Membership]) -> Window:
    """A window that was asked for."""
    assert op.post(CONSOLE, ASKED).status_code == 302
    with given.inside(company):
        return Window.objects.get()


def test_a_company_that_isn_t_there_answers_as_one_that_lets_nobody_look(op: Any, company: Company) -> None:
    for path in ("/nobody/office/", "/operator/companies/nobody/"):
        assert op.get(path).status_code == 404


def test_an_operator_s_own_pages_are_open_to_him(op: Any) -> None:
    assert op.get("/accounts/sessions/").status_code == 200


@pytest.mark.parametrize("path", ["/operator/", "/duinhaven/office/", CONSOLE])
def test_a_session_that_ended_meanwhile_leads_to_the_login(op: Any, company: Company, path: str) -> None:
    ask("SELECT sec.sign_out(%s)", [op.cookies["session"].value])
    answer = op.get(path)
    assert answer.status_code == 302 and answer["Location"] == f"/accounts/login/?next={path}"
    assert "session" not in op.cookies or not op.cookies["session"].value, "the browser forgets it"


def test_an_office_s_session_that_ended_meanwhile_opens_no_page_of_the_login(company: Company) -> None:
    client = browser_of(given.member(company, "clerk@duinhaven.example").user)
    ask("SELECT sec.sign_out(%s)", [client.session.session_key])
    assert client.get("/accounts/profile/")["Location"] == "/accounts/login/?next=/accounts/profile/"
    assert not client.cookies["session"].value


def test_an_answer_read_later_is_refused_by_name(user: Any, rf: RequestFactory, monkeypatch: Any) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(middleware, "ask", lambda *words: asked.append(words))
    request: Any = rf.get("/duinhaven/office/")
    request.user = user
    found = Standing(None, Company(country="NL", time_zone="Europe/Amsterdam"), Look())
    with pytest.raises(TypeError, match="read after the wall has closed"):
        OperatorWall(lambda _request: StreamingHttpResponse(["a"])).look_in(request, found)
    assert OperatorWall(lambda _request: HttpResponse("well")).look_in(request, found).status_code == 200
    assert request.actor == actor_of(user.pk) and request.look is found.look and request.link is None
    assert asked == [("SELECT sec.look(%s)", ["/duinhaven/office/"])] * 2


def opened(window: Window, chief: Membership) -> Any:
    return open_window(
        window=window.pk, modules=["ledger"], imports=False, minutes=30, user=chief.user,
        code=factors.code_of(chief.user),
    )  # fmt: skip


def test_a_window_is_answered_once(window: Window, company: Company, chiefs: list[Membership]) -> None:
    _first, second = chiefs
    with given.inside(company, acting(second)):
        assert waiting_windows() == [window] and open_window_now() is None
        assert close_window(window=window.pk) is False, "it isn't open yet"
        assert refuse_window(window=window.pk) is True
        assert refuse_window(window=window.pk) is False
        assert waiting_windows() == []
        with pytest.raises(BusinessError) as error:
            opened(window, second)
    assert error.value.code == "window"


def test_a_window_is_closed_once(window: Window, company: Company, chiefs: list[Membership]) -> None:
    with given.inside(company, acting(chiefs[1])):
        ends = opened(window, chiefs[1])
        assert timedelta(minutes=29) < ends - timezone.now() <= timedelta(minutes=30)
        assert waiting_windows() == [] and open_window_now() == window
        assert close_window(window=window.pk) is True
        assert close_window(window=window.pk) is False and open_window_now() is None


def test_a_company_takes_over_once(company: Company, chiefs: list[Membership]) -> None:
    second = chiefs[1]
    with given.inside(company, acting(second)), pytest.raises(BusinessError) as error:
        take_over(user=second.user, code=factors.code_of(second.user))
    assert error.value.code == "handed_over"


def test_a_look_tells_the_time_that_is_left() -> None:
    assert Look().left == timedelta(0) and Look().left_in_words == "0:00"
    assert Look(1, (), timezone.now() - timedelta(seconds=9)).left == timedelta(0)
    running = Look(1, (), timezone.now() + timedelta(seconds=125.5))
    assert timedelta(seconds=120) < running.left <= timedelta(seconds=125.5) and running.left_in_words == "2:05"
    assert Look(1, (), timezone.now() + timedelta(seconds=60.5)).left_in_words == "1:00"


def test_a_look_opens_the_parts_of_its_modules_that_are_on(company: Company) -> None:
    def modules(look: Look) -> set[str]:
        return {MODULE_OF[part].value for part, _right in pairs(look)}

    def pairs(look: Look) -> Any:
        from companies.models import PartCode

        with given.inside(company):
            found = rights_by(look)
        assert {right for _part, right in found} == {"view"}
        return {(PartCode(part), right) for part, right in found}

    assert modules(Look(1, ("ledger",))) == {"ledger"}
    assert {"ledger", "base"} <= modules(Look(1, ("ledger", "base"))) and "ledger" in modules(Look())
    assert modules(Look()) > modules(Look(1, ("ledger", "base")))


def test_who_administers_is_who_looks_without_a_window() -> None:
    assert Standing(None, None, Look()).administers is True
    assert Standing(None, None, Look(7)).administers is False
    assert Standing(None).administers is False
