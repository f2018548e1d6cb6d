"""Windows: the operator asks with a reason, an administrator opens with a code from his phone, it closes (S2-12)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.utils import timezone

from common.errors import BusinessError
from companies.factors import CodeError
from companies.models import Company, Job, Look, LookedRow, Membership, TrailEntry, Window
from companies.operator.windows import close_window, open_window, take_over
from companies.signing import ask
from companies.trail import signed, words
from tests import factors, given
from tests.contexts import browser_of
from tests.operator.conftest import ASKED, CONSOLE, opening

pytestmark = pytest.mark.django_db
PAGE = "/duinhaven/office/access/"


def test_request_reaches_every_administrator(window: Window, company: Company, at_office: Any) -> None:
    assert given.work(company) >= 1
    assert sorted(message.to[0] for message in mail.outbox) == ["chief@duinhaven.example", "first@duinhaven.example"]
    assert "stopped at row 318" in str(mail.outbox[0].body) and "/duinhaven/office/access/" in str(mail.outbox[0].body)
    assert b"stopped at row 318" in at_office.get("/duinhaven/office/").content
    assert b"stopped at row 318" in at_office.get(PAGE).content


def test_administrator_opens_with_the_code_on_his_phone(
    window: Window, company: Company, chief: Membership, at_office: Any, op: Any
) -> None:
    assert op.get("/duinhaven/office/").status_code == 404
    response = at_office.post(PAGE, opening(window, factors.code_of(chief.user)))
    assert response.status_code == 302
    with given.inside(company):
        window.refresh_from_db()
        assert window.opened_by_id == chief.pk and set(window.modules) == {"base", "ledger"}
        assert window.expires_at is not None and window.opened_at is not None
        assert window.expires_at - window.opened_at == timedelta(minutes=30)
        told = {
            entry.code: (words(entry), signed(entry)) for entry in TrailEntry.objects.filter(code__startswith="window")
        }
    assert told["window.asked"] == ("Computing centre asked to look in", "Operator")
    assert told["window.opened"] == ("Window of the computing centre opened for 30 minutes", "Chief")
    given.work(company)
    assert sum("kijkt mee bij" in message.subject for message in mail.outbox) == 2
    page = op.get("/duinhaven/office/")
    assert page.status_code == 200 and b"You look in at Duinhaven" in page.content
    assert b"is inside" in at_office.get(PAGE).content


@pytest.mark.parametrize("kind", ["wrong", "old", "used"])
def test_another_code_opens_nothing(
    kind: str, window: Window, company: Company, chief: Membership, at_office: Any, op: Any
) -> None:
    code = {"wrong": factors.another_code(chief.user), "old": factors.code_of(chief.user, steps=-1)}.get(kind)
    if code is None:
        code = factors.code_of(chief.user)
        at_office.post(PAGE, opening(window, code, minutes="481"))
        with given.inside(company, given.actor_of(chief)), pytest.raises(BusinessError):
            open_window(window=0, modules=["base"], imports=False, minutes=5, user=chief.user, code=code)
    response = at_office.post(PAGE, opening(window, code))
    assert response.status_code == 422 and b"Nothing was saved" in response.content
    with given.inside(company):
        assert Window.objects.get().opened_at is None
    assert op.get("/duinhaven/office/").status_code == 404


def test_closing_ends_it_at_once_and_tells_everybody(
    window: Window, company: Company, chief: Membership, at_office: Any, op: Any
) -> None:
    at_office.post(PAGE, opening(window, factors.code_of(chief.user)))
    assert op.get("/duinhaven/office/relations/").status_code == 200
    with given.inside(company):
        assert Job.objects.get(kind="window.ended").due_at > timezone.now() + timedelta(minutes=29)
    assert at_office.post(PAGE, {"step": "close", "window": window.pk}).status_code == 302
    for path in ("", "relations/", "ledger/"):
        assert op.get(f"/duinhaven/office/{path}").status_code == 404
    given.work(company)
    assert sum("kijkt niet meer mee" in message.subject for message in mail.outbox) == 2
    with given.inside(company):
        assert not Job.objects.filter(kind="window.ended", state="open").exists()


def test_what_the_operator_saw_is_listed_for_the_administrators(
    window: Window, company: Company, chief: Membership, at_office: Any, op: Any
) -> None:
    party = given.adviser(company)
    at_office.post(PAGE, opening(window, factors.code_of(chief.user)))
    assert party.number.encode() in op.get("/duinhaven/office/relations/").content
    with given.inside(company):
        assert Look.objects.get().path == "/duinhaven/office/relations/"
        assert LookedRow.objects.filter(table="relations_party").values_list("row", flat=True)[0] == party.pk
    page = at_office.get(f"{PAGE}1/")
    assert party.number.encode() in page.content and b"/duinhaven/office/relations/" in page.content
    rows = at_office.get(f"{PAGE}1/?export=csv").content.decode("utf-8-sig")
    assert "/duinhaven/office/relations/" in rows and str(party.pk) in rows
    assert at_office.get(f"{PAGE}2/").status_code == 404
    assert b"Your wall" in at_office.get("/duinhaven/office/wall/").content


def test_refused_window_stays_shut(
    window: Window, company: Company, chief: Membership, at_office: Any, op: Any
) -> None:
    assert at_office.post(PAGE, {"step": "refuse", "window": window.pk}).status_code == 302
    assert at_office.post(PAGE, opening(window, factors.code_of(chief.user))).status_code == 422
    assert op.get("/duinhaven/office/").status_code == 404
    assert b"Refused" in op.get(CONSOLE).content


def test_nobody_opens_more_than_was_asked(window: Window, company: Company, chief: Membership) -> None:
    with given.inside(company, given.actor_of(chief)), pytest.raises(BusinessError):
        open_window(
            window=window.pk, modules=["base", "policies"], imports=False, minutes=5, user=chief.user,
            code=factors.code_of(chief.user),
        )  # fmt: skip


def test_a_step_that_nobody_took_opens_nothing(window: Window, company: Company, chief: Membership) -> None:
    with given.inside(company, given.actor_of(chief)):
        for statement in ("SELECT sec.open_window(%s, '{base}', false, 5, 42)", "SELECT sec.hand_over(42 + 0 * %s)"):
            with pytest.raises(DatabaseError), transaction.atomic():
                ask(statement, [window.pk])


def test_only_an_administrator_answers(window: Window, company: Company) -> None:
    clerk = given.member(company, "clerk@duinhaven.example")
    factors.with_authenticator(clerk.user)
    at_office = browser_of(clerk.user)
    assert at_office.get(PAGE).status_code == at_office.post(PAGE, {"step": "close"}).status_code == 403
    with given.inside(company, given.actor_of(clerk)):
        with pytest.raises(BusinessError), transaction.atomic():
            open_window(
                window=window.pk, modules=["base"], imports=False, minutes=5, user=clerk.user,
                code=factors.code_of(clerk.user),
            )  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            close_window(window=window.pk)


def test_a_window_is_asked_for_with_a_reason(op: Any, chief: Membership) -> None:
    for wrong in ({"reason": " "}, {"minutes": "481"}, {"modules": ["everything"]}):
        assert op.post(CONSOLE, ASKED | wrong).status_code == 422


def test_company_takes_over_and_never_gives_back(company: Company, user: Any, op: Any) -> None:
    chief = given.member(company, "chief@duinhaven.example", administrator=True)
    factors.with_authenticator(chief.user)
    at_office = browser_of(chief.user)
    assert b"The computing centre administers this company" in at_office.get("/duinhaven/office/").content
    assert op.get("/duinhaven/office/").status_code == 200
    wrong = {"step": "take_over", "code": factors.another_code(chief.user)}
    assert at_office.post(PAGE, wrong).status_code == 422
    code = factors.code_of(chief.user)
    assert at_office.post(PAGE, {"step": "take_over", "code": code}).status_code == 302
    assert Company.objects.filter(own_administrator_at=None).count() == 0  # its rehearsal too
    for path in ("", "relations/", "access/"):
        assert op.get(f"/duinhaven/office/{path}").status_code == 404
    assert b"administers this company" not in at_office.get("/duinhaven/office/").content
    with given.inside(company):
        entry = TrailEntry.objects.get(code="company.handed_over")
        assert (words(entry), signed(entry)) == ("From now on the company administers itself", "Chief")
    with given.inside(company, given.actor_of(chief)), pytest.raises(CodeError):
        take_over(user=chief.user, code=code)


def test_operator_changes_nothing_by_the_office_s_pages(op: Any, company: Company) -> None:
    for path in ("", "relations/", "access/", "products/upload/"):
        response = op.post(f"/duinhaven/office/{path}", {"step": "take_over"})
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_operator_reads_no_page_of_administrators(op: Any, company: Company) -> None:
    for path in ("access/", "wall/", "jobs/", "applications/websites/"):
        assert op.get(f"/duinhaven/office/{path}").status_code == 403


def test_other_doors_aren_t_in_the_operator_s_process(op: Any, company: Company) -> None:
    for path in ("/duinhaven/apply/", "/duinhaven/advisers/", "/duinhaven/folder/"):
        assert op.get(path).status_code == 404
