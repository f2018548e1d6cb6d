"""The edge of a request: which alphabet a form may come in, and in which language it is answered."""

from typing import Any

import pytest
from django.conf import settings as configured
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory

from companies.languages import YEAR
from companies.middleware import Language, language_of
from companies.models import Company, User
from companies.signins import enter_login
from config.wsgi import application
from tests import factors, given, people
from tests.contexts import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return given.company("alpha")


@pytest.mark.parametrize(
    ("alphabet", "status"), [("utf-8", 200), ("UTF8", 200), ("us-ascii", 200), ("iso-8859-1", 400), ("rot13", 400)]
)
def test_a_form_comes_in_one_alphabet(alphabet: str, status: int) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\na\r\n--x--\r\n'
    kind = f"multipart/form-data; boundary=x; charset={alphabet}"
    assert Client().generic("POST", "/accounts/login/", body, content_type=kind).status_code == status


def status_line(asked: dict[str, str]) -> str:
    """What our web process answers to a request by GET."""
    said: list[str] = []
    process: Any = application
    environ: Any = {**RequestFactory().get("/").environ, **asked}
    process(environ, lambda line, _headers: said.append(line))
    return said[0]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("charset*=nix''x", "200 OK"),
        ("charset*=idna''x", "200 OK"),
        ("charset=idna", "400 Bad Request"),
        ("charset=hex", "400 Bad Request"),
    ],
)
def test_a_content_type_that_nobody_can_read_is_no_fault_of_ours(kind: str, status: str) -> None:
    asked = {"PATH_INFO": "/accounts/login/", "CONTENT_TYPE": f"text/plain; {kind}"}
    assert status_line(asked) == status


def test_too_many_parameters_beside_a_named_alphabet_are_refused_and_no_fault_of_ours() -> None:
    asked = {
        "PATH_INFO": "/accounts/login/",
        "QUERY_STRING": "a=1&" * 3_000,
        "CONTENT_TYPE": "text/plain; charset=utf-8",
    }
    assert status_line(asked) == "400 Bad Request"


def test_the_page_that_says_so_is_read_by_nobody_wrongly() -> None:
    kind = "application/x-www-form-urlencoded; charset=utf-7"
    answer = Client().generic("POST", "/accounts/login/", b"next=/a/office/", content_type=kind)
    assert answer.status_code == 400 and answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("wanted", "spoken", "found"),
    [
        ("nl", {"en", "nl"}, "nl"),
        ("de", {"en", "nl"}, "en"),
        ("de, nl;q=0.5", {"en", "nl"}, "nl"),
        ("de, nl;q=0.5", {"en", "nl", "de"}, "de"),
        ("fy", {"en", "nl"}, "en"),
        ("", {"en", "nl"}, "en"),
    ],
)
def test_the_first_wanted_language_that_is_spoken_answers(wanted: str, spoken: set[str], found: str) -> None:
    assert language_of(RequestFactory().get("/", headers={"accept-language": wanted}), spoken) == found


def test_an_address_asks_for_a_language_at_the_front_office_alone(company: Company) -> None:
    front = Client().get("/alpha/apply/?language=de")
    cookie = front.cookies[configured.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["max-age"], cookie["httponly"], cookie["samesite"]) == ("de", YEAR, True, "Lax")
    assert front.headers["Content-Language"] == "de" and "Accept-Language" in front.headers["Vary"]
    for path in (
        "/alpha/apply/?language=xx",
        "/alpha/apply/",
        "/alpha/office/?language=nl",
        "/accounts/login/?language=nl",
    ):
        answer = Client().get(path)
        assert configured.LANGUAGE_COOKIE_NAME not in answer.cookies, path
        assert answer.headers["Content-Language"] == "en", path


def test_a_chosen_language_is_kept_by_its_cookie(company: Company) -> None:
    client = Client()
    client.get("/alpha/apply/?language=nl")
    assert client.get("/alpha/apply/").headers["Content-Language"] == "nl"


def who_reads(company: Company, own: str, name: str = "sanne") -> User:
    """An employee whose own language is this one."""
    user = given.member(company, f"{name}@alpha.example").user
    with transaction.atomic():
        enter_login(user.pk)
        User.objects.filter(pk=user.pk).update(language=own)
    return user


@pytest.mark.parametrize(("own", "spoken"), [("nl", "nl"), ("de", "de"), ("", "en"), ("xx", "en")])
def test_who_logs_in_brings_his_own_language_and_who_has_none_reads_the_browsers(
    own: str, spoken: str, company: Company
) -> None:
    user = who_reads(company, own)
    client = Client(headers={"accept-language": "en"})
    answer = client.post("/accounts/login/", {"login": user.email, "password": given.PASSWORD})
    kept = answer.cookies.get(configured.LANGUAGE_COOKIE_NAME)
    assert (kept.value if kept else "") == (spoken if own == spoken else "")
    assert client.get("/alpha/office/").headers["Content-Language"] == spoken


def test_a_second_factor_comes_before_the_own_language_of_whoever_logs_in(company: Company) -> None:
    user = who_reads(company, "nl")
    factors.with_authenticator(user)
    client = Client()
    led = client.post("/accounts/login/", {"login": user.email, "password": given.PASSWORD})
    assert configured.LANGUAGE_COOKIE_NAME not in led.cookies, "nobody learns by a password alone what he reads"
    client.post(led["Location"], {"code": factors.code_of(user)})
    assert client.get("/alpha/office/").headers["Content-Language"] == "nl"


def test_the_next_who_logs_in_at_a_browser_reads_his_own_language(company: Company) -> None:
    for name, own in (("sanne", "nl"), ("hanna", "de")):
        who_reads(company, own, name)
    client = Client()
    for name, own in (("sanne", "nl"), ("hanna", "de")):
        client.post("/accounts/login/", {"login": f"{name}@alpha.example", "password": given.PASSWORD})
        assert client.get("/alpha/office/").headers["Content-Language"] == own
        client.post("/language/", {"language": "en"})
        assert client.get("/alpha/office/").headers["Content-Language"] == "en", "the menu changes it until then"
        client.post("/accounts/logout/")


def test_who_takes_an_invitation_reads_the_language_he_was_invited_in(company: Company) -> None:
    client = Client()
    form = {"name": "Sanne Verbruggen", "password": people.PASSWORD}
    client.post(people.path(people.invited(company, language="nl")), form)
    assert client.get("/alpha/office/").headers["Content-Language"] == "nl"


@pytest.mark.parametrize(
    ("path", "process", "public"),
    [
        ("/alpha/apply/", "manage", True),
        ("/alpha/c/x/", "manage", True),
        ("/alpha/folder/", "manage", False),
        ("/alpha/office/", "manage", False),
        ("/alpha/advisers/", "manage", False),
        ("/accounts/login/", "manage", False),
        ("/accounts/login/", "public", False),
        ("/alpha/office/", "public", False),
    ],
)
def test_every_door_is_served_in_every_language(path: str, process: str, public: bool, settings: Any) -> None:
    settings.PROCESS = process
    request: Any = RequestFactory().get(path)
    answer = Language(lambda _request: HttpResponse("well"))(request)
    assert set(dict(request.languages)) == {"en", "nl", "de"} and request.is_public is public
    assert answer.headers["Content-Language"] == request.LANGUAGE_CODE == "en"


def test_no_answer_is_kept_by_a_cache(company: Company) -> None:
    for path in ("/", "/accounts/login/", "/static/gone.css", "/nowhere/"):
        assert Client().get(path).headers["Cache-Control"] == "no-store", path
    client = browser_of(given.member(company, "sanne@alpha.example").user)
    for path in ("/alpha/office/", "/accounts/profile/"):
        page = client.get(path)
        assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store"), path
