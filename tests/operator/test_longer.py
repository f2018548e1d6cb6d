"""A window kept open for longer, with a new code and for eight hours at most; codes that weren't taken (S2-12)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.utils import timezone

from common.errors import BusinessError
from companies.factors import CodeError
from companies.jobs import run_job
from companies.models import Company, Job, Membership, TrailEntry, Window, WindowExtension, WrongCode
from companies.operator.windows import close_window, extend_window, may_extend, open_window
from companies.signing import ask
from companies.trail import signed, words
from tests import factors, given
from tests.contexts import browser_of
from tests.operator.conftest import ASKED, CONSOLE, opening

pytestmark = pytest.mark.django_db
PAGE = "/duinhaven/office/access/"


@pytest.fixture
def second(company: Company, chief: Membership) -> Membership:
    """Another administrator, whose phone shows codes of his own."""
    second = given.member(company, "second@duinhaven.example", administrator=True)
    factors.with_authenticator(second.user)
    return second


@pytest.fixture
def opened(window: Window, chief: Membership, at_office: Any) -> Window:
    """A window that the chief opened for 30 minutes just now."""
    assert at_office.post(PAGE, opening(window, factors.code_of(chief.user))).status_code == 302
    return window


def extending(window: Window, code: str) -> dict[str, Any]:
    return {"step": "extend", "window": window.pk, "code": code}


def ends(company: Company) -> timedelta:
    """How long the window is open in all."""
    with given.inside(company):
        window = Window.objects.get()
    assert window.expires_at is not None and window.opened_at is not None
    return window.expires_at - window.opened_at


def test_thirty_minutes_more_with_a_new_code(opened: Window, company: Company, second: Membership, op: Any) -> None:
    page = browser_of(second.user)
    assert page.post(PAGE, extending(opened, factors.code_of(second.user))).status_code == 302
    assert ends(company) == timedelta(minutes=60)
    with given.inside(company):
        row = WindowExtension.objects.get()
        assert (row.window_id, row.by_id, row.until) == (opened.pk, second.pk, Window.objects.get().expires_at)
        entry = TrailEntry.objects.get(code="window.extended")
        told = Job.objects.get(kind="window.ended")
    assert (words(entry), signed(entry)) == ("Window of the computing centre kept open for 30 minutes more", "Second")
    assert told.due_at == row.until + timedelta(seconds=1)
    shown = page.get(PAGE)
    assert shown.context["open"].whole == 60 and shown.context["open"].left.split(":")[0] in {"59", "60"}
    assert op.get("/duinhaven/office/").context["look_in"].expires_at == row.until


def test_every_administrator_has_a_mail_about_it(opened: Window, company: Company, second: Membership) -> None:
    browser_of(second.user).post(PAGE, extending(opened, factors.code_of(second.user)))
    given.work(company)
    longer = [message for message in mail.outbox if "kijkt langer mee bij" in message.subject]
    assert sorted(message.to[0] for message in longer) == [
        "chief@duinhaven.example", "first@duinhaven.example", "second@duinhaven.example",
    ]  # fmt: skip
    assert "Second" in str(longer[0].body) and "stopped at row 318" in str(longer[0].body)


def test_its_end_is_told_once_and_not_before_it_ends(opened: Window, company: Company, second: Membership) -> None:
    page = browser_of(second.user)
    page.post(PAGE, extending(opened, factors.code_of(second.user)))
    with given.inside(company):
        job = Job.objects.get(kind="window.ended")
    assert not run_job(job.ticket)
    page.post(PAGE, {"step": "close", "window": opened.pk})
    given.work(company)
    assert sum("kijkt niet meer mee" in message.subject for message in mail.outbox) == 3


def test_the_code_that_opened_it_keeps_it_open_no_longer(
    window: Window, company: Company, chief: Membership, at_office: Any
) -> None:
    code = factors.code_of(chief.user)
    at_office.post(PAGE, opening(window, code))
    response = at_office.post(PAGE, extending(window, code))
    assert response.status_code == 422 and b"was used already" in response.content
    assert b"<details" in response.content and b" open>" in response.content
    assert ends(company) == timedelta(minutes=30)


@pytest.mark.parametrize(("minutes", "kept"), [(450, True), (451, False), (480, False)])
def test_over_all_a_window_is_open_for_eight_hours_at_most(
    minutes: int, kept: bool, op: Any, company: Company, chief: Membership, second: Membership
) -> None:
    op.post(CONSOLE, ASKED | {"minutes": "480"})
    with given.inside(company, given.actor_of(chief)):
        number = Window.objects.get().pk
        asked: dict[str, Any] = {"window": number, "modules": ["base"], "imports": False, "minutes": minutes}
        open_window(**asked, user=chief.user, code=factors.code_of(chief.user))
    page = browser_of(second.user)
    assert (b"30 minutes more" in page.get(PAGE).content) is kept
    answer = page.post(PAGE, {"step": "extend", "window": number, "code": factors.code_of(second.user)})
    assert answer.status_code == (302 if kept else 422)
    assert ends(company) == timedelta(minutes=480 if kept else minutes)


def test_a_window_that_is_closed_waits_or_ended_is_not_kept_open(
    window: Window, company: Company, chief: Membership, second: Membership
) -> None:
    with given.inside(company, given.actor_of(second)), pytest.raises(BusinessError):
        extend_window(window=window.pk, user=second.user, code=factors.code_of(second.user))
    with given.inside(company, given.actor_of(chief)):
        asked: dict[str, Any] = {"window": window.pk, "modules": ["base"], "imports": False, "minutes": 5}
        open_window(**asked, user=chief.user, code=factors.code_of(chief.user))
        close_window(window=window.pk)
    third = given.member(company, "third@duinhaven.example", administrator=True)
    factors.with_authenticator(third.user)
    with given.inside(company, given.actor_of(third)), pytest.raises(BusinessError):
        extend_window(window=window.pk, user=third.user, code=factors.code_of(third.user))
    with given.inside(company):
        assert not WindowExtension.objects.exists()


def test_no_statement_keeps_it_open_without_a_code_of_this_moment(
    opened: Window, company: Company, chief: Membership, second: Membership
) -> None:
    with given.inside(company, given.actor_of(chief)):
        used = Window.objects.get().step
        for step in (42, used):  # never taken; taken, for the opening
            with pytest.raises(DatabaseError), transaction.atomic():
                ask("SELECT sec.extend_window(%s, %s)", [opened.pk, step])
    with given.inside(company, given.actor_of(second)):
        step = use(second)
        ask("SELECT sec.extend_window(%s, %s)", [opened.pk, step])
        with pytest.raises(DatabaseError), transaction.atomic():  # one code, one act
            ask("SELECT sec.extend_window(%s, %s)", [opened.pk, step])
    assert ends(company) == timedelta(minutes=60)


def use(who: Membership) -> int:
    """The step of the code his phone shows, taken now."""
    from companies.factors import use_code

    return use_code(who.user, factors.code_of(who.user))


def test_clerks_keep_nothing_open(opened: Window, company: Company) -> None:
    clerk = given.member(company, "clerk@duinhaven.example")
    factors.with_authenticator(clerk.user)
    code = factors.code_of(clerk.user)
    assert browser_of(clerk.user).post(PAGE, extending(opened, code)).status_code == 403
    with given.inside(company, given.actor_of(clerk)), pytest.raises(BusinessError):
        extend_window(window=opened.pk, user=clerk.user, code=code)
    with given.inside(company, given.actor_of(clerk)), pytest.raises(DatabaseError), transaction.atomic():
        ask("SELECT sec.note_wrong_code(%s, 'open', 'wrong')", [opened.pk])


def test_codes_that_werent_taken_are_listed_for_all_administrators(
    window: Window, company: Company, chief: Membership, at_office: Any
) -> None:
    at_office.post(PAGE, opening(window, factors.another_code(chief.user)))
    at_office.post(PAGE, opening(window, factors.code_of(chief.user, steps=-1)))
    code = factors.code_of(chief.user)
    at_office.post(PAGE, opening(window, code))
    at_office.post(PAGE, extending(window, code))
    with given.inside(company):
        rows = WrongCode.objects.order_by("pk")
        assert [(row.act, row.fault, row.by_id, row.window_id) for row in rows] == [
            ("open", "wrong", chief.pk, window.pk),
            ("open", "old", chief.pk, window.pk),
            ("extend", "used", chief.pk, window.pk),
        ]
    page = at_office.get(PAGE).content
    for word in (b"Wrong code", b"Code was over", b"Code was used already"):
        assert word in page and word in at_office.get(f"{PAGE}1/").content
    assert b'"Wrong code","Chief"' in at_office.get(f"{PAGE}1/?export=csv").content


def test_a_locked_login_writes_no_further_row(
    window: Window, company: Company, chief: Membership, at_office: Any
) -> None:
    wrong = factors.another_code(chief.user)
    for _ in range(8):
        answer = at_office.post(PAGE, opening(window, wrong))
    assert answer.status_code == 422 and b"Wait five minutes" in answer.content
    with given.inside(company):
        assert WrongCode.objects.count() == 5


def test_no_statement_fills_or_changes_the_list(window: Window, company: Company, chief: Membership) -> None:
    with given.inside(company, given.actor_of(chief)):
        told = [ask("SELECT sec.note_wrong_code(%s, 'open', 'wrong')", [window.pk])[0][0] for _ in range(7)]
        assert told == [True] * 5 + [False] * 2
        for statement in (
            "INSERT INTO companies_wrongcode (window_id, by_id, act, fault) SELECT window_id, by_id, act, fault "
            "FROM companies_wrongcode",
            "UPDATE companies_wrongcode SET fault = 'old'",
            "DELETE FROM companies_wrongcode",
            "TRUNCATE companies_wrongcode",
            "DELETE FROM companies_windowextension",
            "UPDATE companies_window SET expires_at = now() + interval '8 hours'",
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                ask(statement, [])
        assert ask("SELECT sec.note_wrong_code(%s, 'open', 'wrong')", [window.pk + 1]) == [(False,)]


def test_a_code_counts_for_the_window_it_was_typed_at(
    window: Window, company: Company, chief: Membership, second: Membership
) -> None:
    with given.inside(company, given.actor_of(chief)), pytest.raises(CodeError):
        extend_window(window=window.pk, user=chief.user, code="000000")
    with given.inside(company):
        assert WrongCode.objects.get().act == "extend" and timezone.now() - WrongCode.objects.get().at < timedelta(
            0, 60
        )


def test_an_end_that_a_worker_took_up_already_is_promised_anew(
    opened: Window, company: Company, second: Membership
) -> None:
    with given.inside(company):
        Job.objects.filter(kind="window.ended").update(state="done", done_at=timezone.now())
    assert browser_of(second.user).post(PAGE, extending(opened, factors.code_of(second.user))).status_code == 302
    with given.inside(company):
        due = Job.objects.get(kind="window.ended", state="open").due_at
        until = Window.objects.get().expires_at
    assert until is not None and due == until + timedelta(seconds=1)


def test_a_window_that_nobody_opened_is_not_kept_open() -> None:
    assert may_extend(Window(minutes=30)) is False
