"""The edge of a request: door, transaction, context; an answer of 500 leaves nothing behind (traps 6, 7, 14)."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from companies.doors import Door
from companies.links import secret_of
from companies.models import Company, Job, Membership, Module, ModuleCode, User
from companies.sessions import SessionStore
from tests import given
from tests.companies import pages
from tests.companies.scenes import at, case_of, context, link_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def pages_of_our_own(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.companies.pages"
    pages.HOOKS.clear()


@pytest.fixture
def company() -> Company:
    return given.company("alpha")


def browser(member: Membership) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def left_behind(company: Company) -> dict[str, int]:
    """What a page's work left in the database."""
    with at(company):
        return {"rows": Module.objects.filter(code="claims").count(), "jobs": Job.objects.count()}


def test_page_runs_inside_its_company_and_keeps_its_work(company: Company, woken: list[Any]) -> None:
    client = browser(given.member(company, "clerk@alpha.example"))
    assert client.get("/alpha/office/well/").status_code == 200
    assert left_behind(company) == {"rows": 1, "jobs": 1}
    assert pages.HOOKS == ["well"] and len(woken) == 1 and client.session["seen"] == "well"
    assert context() == ("", "")


@pytest.mark.parametrize("page", ["raises/", "answers_500/", "lazy/", "lazy/?compile", "streams/", "dangling/"])
def test_answer_of_500_leaves_nothing(company: Company, woken: list[Any], page: str) -> None:
    client = browser(given.member(company, "clerk@alpha.example"))
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    assert client.get(f"/alpha/office/{page}").status_code == 500
    assert left_behind(company) == {"rows": 0, "jobs": 0}
    assert pages.HOOKS == [] and woken == []
    assert "seen" not in client.session, "the session stands as it was"
    assert {name: morsel.value for name, morsel in client.cookies.items()} == cookies, (
        "no message outlives the rollback"
    )
    assert context() == ("", "")


def test_a_word_that_no_database_holds_is_refused_and_leaves_nothing(company: Company, woken: list[Any]) -> None:
    client = browser(given.member(company, "clerk@alpha.example"))
    answer = client.get("/alpha/office/looks_up/?code=cla%00ims")
    assert answer.status_code == 400 and "We could not read that request" in answer.content.decode()
    assert left_behind(company) == {"rows": 0, "jobs": 0} and pages.HOOKS == [] and woken == []
    assert client.get("/alpha/office/looks_up/?code=claims").content == b"1"


def test_it_is_refused_as_well_where_no_transaction_runs(company: Company) -> None:
    client = Client(raise_request_exception=False)
    assert client.get("/looks_up/?code=cla%00ims").status_code == 400
    assert client.get("/looks_up/?code=claims").content == b"0"


def test_message_waits_in_the_session_not_in_a_cookie(company: Company) -> None:
    client = browser(given.member(company, "clerk@alpha.example"))
    client.get("/alpha/office/well/")
    assert "messages" not in client.cookies and "Done." in client.session["_messages"]


def test_streamed_answer_is_refused_by_name(company: Company) -> None:
    client = browser(given.member(company, "clerk@alpha.example"))
    client.raise_request_exception = True
    with pytest.raises(TypeError, match="streamed answer"):
        client.get("/alpha/office/streams/")


def test_failing_hook_comes_after_the_work_and_keeps_it(company: Company) -> None:
    client = browser(given.member(company, "clerk@alpha.example"))
    assert client.get("/alpha/office/hook_fails/").status_code == 200
    assert left_behind(company) == {"rows": 1, "jobs": 1} and client.session["seen"] == "hook_fails"


def test_swallowed_inner_error_keeps_the_outer_work(company: Company) -> None:
    client = browser(given.member(company, "clerk@alpha.example"))
    assert client.get("/alpha/office/swallows/").content == b"well"
    assert left_behind(company) == {"rows": 1, "jobs": 1}


def test_login_inside_a_failing_page_is_taken_back(company: Company) -> None:
    client = browser(given.member(company, "clerk@alpha.example"))
    other = given.member(company, "other@alpha.example")
    key, rows = client.session.session_key, Session.objects.count()
    assert client.get("/alpha/office/logs_in_and_fails/").status_code == 500
    assert client.session.session_key == key and Session.objects.count() == rows
    assert SessionStore(key).load()["_auth_user_id"] != str(other.user_id)
    assert User.objects.get(pk=other.user_id).last_login is None


def test_each_door_has_its_login_to_the_database(company: Company) -> None:
    member = given.member(company, "clerk@alpha.example")
    given.member(company, "clerk@alpha.example", door=Door.ADVISERS)
    client = browser(member)
    office, advisers = client.get("/alpha/office/where/").json(), client.get("/alpha/advisers/where/").json()
    assert office == {
        "company": str(company.pk),
        "door": "office",
        "role": "bo_app",
        "seen": [company.pk],
        "case": None,
    }
    assert advisers == {
        "company": str(company.pk),
        "door": "advisers",
        "role": "bo_public",
        "seen": [company.pk],
        "case": None,
    }
    assert Client().get("/alpha/apply/where/").json()["role"] == "bo_public"


def test_secret_opens_its_case_and_only_at_home(company: Company) -> None:
    given.company("beta")
    with at(company):
        link = link_of(case_of(company))
    secret = secret_of(link.nonce)
    found = Client().get(f"/alpha/c/{secret}/where/")
    assert found.json() == {
        "company": str(company.pk),
        "door": "link",
        "role": "bo_public",
        "seen": [company.pk],
        "case": link.case_id,
    }
    assert found["Referrer-Policy"] == "no-referrer" and found["Cache-Control"] == "no-store"
    wrong = ("x" if secret[0] != "x" else "y") + secret[1:]
    paths = [f"/beta/c/{secret}/", f"/alpha/c/{wrong}/", f"/nobody/c/{secret}/", f"/alpha/c/{secret[:-1]}/"]
    answers = {path: Client().get(path + "where/") for path in paths}
    assert {answer.status_code for answer in answers.values()} == {404}
    lengths = {len(answer.content.replace(path.encode(), b"")) for path, answer in answers.items()}
    assert len(lengths) == 1, "one answer for what isn't there and what isn't yours"


def test_no_login_is_sent_to_the_login_and_a_stranger_finds_nothing(company: Company) -> None:
    given.company("beta")
    member = given.member(company, "clerk@alpha.example")
    assert Client().get("/alpha/office/where/").status_code == 302
    client = browser(member)
    assert client.get("/beta/office/where/").status_code == 404
    assert client.get("/nobody/office/where/").status_code == 404
    assert client.get("/alpha/advisers/where/").status_code == 404
    with at(company):
        Membership.objects.filter(pk=member.pk).update(on=False)
    assert client.get("/alpha/office/where/").status_code == 404, "on the very next request"


def test_process_opens_its_own_doors_only(company: Company, settings: Any) -> None:
    client = browser(given.member(company, "clerk@alpha.example"))
    settings.PROCESS = "public"
    assert client.get("/alpha/office/where/").status_code == 404
    assert client.get("/alpha/apply/where/").status_code == 200
    settings.PROCESS = "office"
    assert client.get("/alpha/office/where/").status_code == 200
    assert client.get("/alpha/apply/where/").status_code == 404


def test_page_needs_its_right_its_door_and_its_module(company: Company) -> None:
    clerk = given.member(company, "clerk@alpha.example")
    keeper = given.member(company, "keeper@alpha.example", "bookkeeper")
    given.member(company, "clerk@alpha.example", door=Door.FOLDER)
    assert browser(clerk).get("/alpha/office/ledger/").status_code == 403
    assert browser(keeper).get("/alpha/office/ledger/").content == b"the ledger"
    assert browser(keeper).get("/alpha/office/folder/").status_code == 404
    assert browser(clerk).get("/alpha/folder/papers/").content == b"the folder"
    with at(company):
        Module.objects.filter(code__in=[ModuleCode.FOLDER, ModuleCode.LEDGER]).update(on=False)
    assert browser(clerk).get("/alpha/folder/papers/").status_code == 404
    assert browser(keeper).get("/alpha/office/ledger/").status_code == 404


def test_every_answer_carries_its_headers(company: Company) -> None:
    answer = browser(given.member(company, "clerk@alpha.example")).get("/alpha/office/where/")
    assert (
        "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        and "unsafe" not in answer["Content-Security-Policy"]
    )
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("no-store", "nosniff")
