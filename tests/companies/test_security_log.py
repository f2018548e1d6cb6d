"""The log of security events: when, what, who and where, without a secret; nothing that is sent forges a line."""

import json
import logging
import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core import mail
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from common.errors import BusinessError
from companies.actor import ROBOT
from companies.factors import CodeError, use_code
from companies.logs import CutSecrets
from companies.models import Act, Membership, SignIn
from companies.rights import check_act, create_protocol, give_protocol
from companies.rights.protocols import protocol_for_update
from companies.security_log import EVENTS, SecurityLog, tell
from companies.signins import enter_login
from tests import factors, given, people
from tests.contexts import browser_of
from tests.people import acting

pytestmark = pytest.mark.django_db
LOGGING: dict[str, Any] = configured.LOGGING
OFFICE, EMAIL = "/duinhaven/office/", "maud@duinhaven.example"


class Told:
    """What was logged since the last look."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self.caplog, self.text = caplog, ""

    def __call__(self) -> list[dict[str, Any]]:
        lines = [row.getMessage() for row in self.caplog.records if row.name == "polisdesk.security"]
        self.text += "\n".join(lines)
        self.caplog.clear()
        return [json.loads(line) for line in lines]

    def names(self) -> list[str]:
        return [row["event"] for row in self()]


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Told:
    caplog.set_level(logging.INFO, logger="polisdesk.security")
    return Told(caplog)


@pytest.fixture
def maud() -> Membership:
    """An administrator with an authenticator."""
    maud = given.member(given.company(), EMAIL, administrator=True)
    factors.with_authenticator(maud.user)
    return maud


def sent(client: Client, password: str = given.PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": EMAIL, "password": password, "next": OFFICE})


def test_every_login_is_logged_whether_it_succeeds_or_not(maud: Membership, told: Told) -> None:
    client = Client(headers={"user-agent": "Firefox"}, REMOTE_ADDR="192.0.2.7")
    sent(client, "wrong horse battery")
    (failed,) = told()
    assert (failed["event"], failed["address"], failed["path"]) == ("login.failed", "192.0.2.7", "/accounts/login/")
    assert re.fullmatch("[0-9a-f]{12}", failed["typed"])
    led = sent(client)["Location"]
    assert told() == [], "the password alone isn't a login yet"
    client.post(led, {"code": factors.another_code(maud.user)})
    (wrong,) = told()
    assert (wrong["event"], wrong["login"], wrong["reason"]) == ("factor.refused", maud.user_id, "wrong")
    code = factors.code_of(maud.user)
    key = client.session.session_key
    client.post(led, {"code": code})
    found = told()
    assert {row["event"] for row in found} == {"login.succeeded", "factor.proved"}
    by = {row["event"]: row["factor"] for row in found}
    assert by == {"login.succeeded": "password+totp", "factor.proved": "totp"}
    assert {row["login"] for row in found} == {maud.user_id}
    client.post("/accounts/logout/")
    (out,) = told()
    assert (out["event"], out["login"]) == ("logout", maud.user_id)
    for secret in (code, given.PASSWORD, "wrong horse", key, client.session.session_key, EMAIL, "maud"):
        assert secret is None or secret not in told.text, secret


def test_a_changed_password_and_a_changed_factor_are_logged(
    maud: Membership, told: Told, django_capture_on_commit_callbacks: Any
) -> None:
    clerk = given.member(maud.company, "clerk@duinhaven.example")
    client = browser_of(clerk.user)
    told()
    new = "violet harbour 77"
    client.post("/accounts/password/change/", {"oldpassword": given.PASSWORD, "password1": new, "password2": new})
    assert [(row["event"], row["change"], row["login"]) for row in told()] == [
        ("password.changed", "changed", clerk.user_id)
    ]
    stranger = Client()
    stranger.post("/accounts/password/reset/", {"email": clerk.user.email})
    assert people.mail_resets() == 1
    (link,) = re.findall(r"/accounts/password/reset/key/\S+", str(mail.outbox[-1].body))
    page = stranger.get(link, follow=True)
    told()
    other = "amber lantern 78"
    assert stranger.post(page.redirect_chain[-1][0], {"password1": other, "password2": other}).status_code == 302
    assert [(row["event"], row["change"], row["login"]) for row in told()] == [
        ("password.changed", "reset", clerk.user_id)
    ]
    chief = Client()
    chief.post(sent(chief)["Location"], {"code": factors.code_of(maud.user)})
    told()
    with django_capture_on_commit_callbacks(execute=True):
        led = chief.post("/accounts/factor/recovery-codes/generate/")
    assert led["Location"] == "/accounts/factor/recovery-codes/"
    assert [(row["event"], row["factor"], row["login"]) for row in told()] == [
        ("factor.changed", "recovery_codes", maud.user_id)
    ]
    assert not [secret for secret in (new, other, link, EMAIL) if secret in told.text]


def test_each_code_that_is_not_taken_is_logged_and_the_code_is_not(maud: Membership, told: Told) -> None:
    enter_login(maud.user_id)
    code = factors.code_of(maud.user)
    use_code(maud.user, code)
    for bad in (code, "000000", "000000", "000000", "000000", "000000"):
        with pytest.raises(CodeError):
            use_code(maud.user, bad)
    assert [row["reason"] for row in told()][-1] == "locked"
    assert code not in told.text and "000000" not in told.text


def test_a_refused_page_is_logged_with_who_when_where_and_what(maud: Membership, told: Told) -> None:
    clerk = given.member(maud.company, "clerk@duinhaven.example")
    client = browser_of(clerk.user)
    told()
    before = datetime.now(UTC) - timedelta(seconds=1)
    assert client.get(f"{OFFICE}admin/rights/", REMOTE_ADDR="192.0.2.7").status_code == 403
    (row,) = told()
    assert before < datetime.fromisoformat(row["at"]) < datetime.now(UTC) and row["at"].endswith("+00:00")
    assert row | {"at": "", "session": ""} == {
        "at": "", "event": "access.refused", "process": "manage", "login": clerk.user_id, "membership": clerk.pk,
        "company": clerk.company_id, "session": "", "address": "192.0.2.7", "method": "GET",
        "path": f"{OFFICE}admin/rights/", "status": 403,
    }  # fmt: skip
    assert len(row["session"]) == 20 and str(client.session.session_key) not in told.text
    assert client.get("/nobody/office/").status_code == 404
    assert [(row["event"], row["status"], row["login"]) for row in told()] == [("access.refused", 404, clerk.user_id)]
    secret = "s" * 43
    assert Client().get(f"/duinhaven/c/{secret}/").status_code == 404
    (row,) = told()
    assert row["path"] == "/duinhaven/c/…/" and secret not in told.text
    assert client.get("/nowhere/").status_code == 404 and client.get(OFFICE).status_code == 200
    assert told() == [], "a slip and a page that opens are no events"


def test_a_form_without_its_token_and_one_in_another_alphabet_are_logged(maud: Membership, told: Told) -> None:
    client = Client(enforce_csrf_checks=True)
    client.post("/accounts/login/", {"login": EMAIL})
    Client().post("/accounts/login/", b"a=1", content_type="application/x-www-form-urlencoded; charset=utf-7")
    assert [(row["event"], row["status"]) for row in told()] == [("access.refused", 403), ("input.refused", 400)]


@pytest.mark.parametrize(
    ("path", "status", "event"),
    [
        ("/accounts/login/", 429, "limit.reached"),
        ("/duinhaven/apply/", 429, "limit.reached"),
        ("/duinhaven/apply/", 413, "input.refused"),
        ("/duinhaven/office/", 405, "access.refused"),
        ("/operator/new/", 404, "access.refused"),
    ],
)
def test_refusals_are_told_by_their_status(path: str, status: int, event: str, told: Told, rf: RequestFactory) -> None:
    SecurityLog(lambda _request: HttpResponse(status=status))(rf.get(path))
    assert told.names() == [event]


def test_six_wrong_logins_end_in_one_that_is_held_up(maud: Membership, told: Told) -> None:
    client = Client()
    for _try in range(6):
        sent(client, "wrong horse battery")
    names = told.names()
    assert names == ["login.failed"] * 5 + ["login.held_up"]


def test_a_step_on_rights_that_the_rules_forbid_is_logged(maud: Membership, told: Told) -> None:
    clerk = given.member(maud.company, "clerk@duinhaven.example")
    with given.inside(maud.company):
        protocol = create_protocol(name="Desk", rights=[], actor=ROBOT, on=given.DAY)
        give_protocol(protocol=protocol, membership=maud, actor=ROBOT, on=given.DAY)
        for step in (
            lambda: give_protocol(protocol=protocol, membership=clerk, actor=acting(clerk), on=given.DAY),
            lambda: give_protocol(protocol=protocol, membership=maud, actor=acting(maud), on=given.DAY),
            lambda: protocol_for_update(protocol.pk, acting(maud)),
            lambda: check_act(acting(clerk), Act.RELEASE_PAYMENT),
        ):
            with pytest.raises(BusinessError):
                step()
    found = [(row["event"], row["login"], row["reason"]) for row in told()]
    assert found == [
        ("rule.refused", clerk.user_id, "administrator"),
        ("rule.refused", maud.user_id, "own_rights"),
        ("rule.refused", maud.user_id, "own_protocol"),
        ("rule.refused", clerk.user_id, "act:release_payment"),
    ]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [(0, "6.6.6.6", "127.0.0.1"), (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"), (1, "no address", None)],
)
def test_an_event_and_a_login_come_from_where_our_own_proxies_say(
    proxies: int, forwarded: str, found: str | None, maud: Membership, told: Told, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = proxies
    clerk = given.member(maud.company, "clerk@duinhaven.example")
    client = Client(headers={"x-forwarded-for": forwarded})
    client.post("/accounts/login/", {"login": clerk.user.email, "password": given.PASSWORD})
    (row,) = told()
    assert (row["event"], row.get("address")) == ("login.succeeded", found)
    enter_login(clerk.user_id)
    assert SignIn.objects.get(user=clerk.user_id).address == found


def test_nothing_that_is_sent_begins_a_line_of_its_own() -> None:
    out = StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(CutSecrets())
    handler.setFormatter(logging.Formatter(LOGGING["formatters"]["line"]["format"]))
    forged = "/a\r\n2026-01-01 00:00:00 INFO polisdesk.security {}\x1b[2K\u2028\u0085\u202e\x00"
    log = logging.Logger("polisdesk.trial")
    log.addHandler(handler)
    log.warning("Not Found: %s", forged)
    log.warning(forged)
    lines = out.getvalue().splitlines()
    assert len(lines) == 2 and "\x1b" not in out.getvalue() and "\x00" not in out.getvalue()
    assert all("\\x0d\\x0a2026-01-01" in line and "\\x1b" in line for line in lines)


def test_what_is_sent_stays_inside_its_field_of_an_event(told: Told, rf: RequestFactory) -> None:
    request: HttpRequest = rf.get("/duinhaven/office/x%0d%0a%22,%22event%22:%22login.succeeded")
    tell("access.refused", request, reason='"}\n{"event": "x"}')
    (row,) = told()
    assert row["event"] == "access.refused" and "\n" not in told.text and "\\x0d\\x0a" in row["path"]


def test_logs_leave_the_process_by_one_way_that_cuts_and_keep_no_file() -> None:
    """What a process has written it can't take back: it has no file, the machine collects its output."""
    (handler,) = LOGGING["handlers"].values()
    assert handler == {"class": "logging.StreamHandler", "formatter": "line", "filters": ["cut"]}
    assert LOGGING["root"]["handlers"] == ["console"]
    assert all("handlers" not in row for row in LOGGING["loggers"].values())


def test_every_event_is_in_the_documentation() -> None:
    text = (Path(configured.ROOT) / "docs" / "security-log.md").read_text(encoding="utf-8")
    table = text.partition("| event | when |")[2]
    assert set(re.findall(r"^\| `([a-z_.]+)` \|", table, re.MULTILINE)) == set(EVENTS)
    source = (Path(configured.ROOT) / "companies" / "security_log.py").read_text(encoding="utf-8")
    outside = ["accounts.py", "factors/bridge.py", "factors/codes.py"]
    told = source.partition("STATUS")[2] + "".join(
        (Path(configured.ROOT) / "companies" / p).read_text() for p in outside
    )
    assert all(f'"{event}"' in told for event in EVENTS), "nothing is promised that nobody tells"
