"""Names of a company's people are the company's: no page, function, table, mail or error of the operator's tells one of
a company that administers itself, unless a window of its is open (S2-10).
"""

from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import DatabaseError, transaction

from companies.models import Company, Membership, User, Window
from companies.operator.entrance import enter_console
from companies.signing import ask
from tests import factors, given, people
from tests.contexts import browser_of
from tests.operator.conftest import ASKED, CONSOLE, as_operator, opening
from tests.permissions.pages import PAGES

pytestmark = pytest.mark.django_db
MARK = "quelleria"
PEOPLE = ("chief", "first", "clerk", "sanne", "ilse", "otto")
CONSOLE_PAGES = {
    "operator:companies": "/operator/", "operator:windows": "/operator/windows/", "operator:found": "/operator/new/",
    "operator:company": CONSOLE, "operator:imports": f"{CONSOLE}imports/",
    "operator:import_new": f"{CONSOLE}imports/new/",
    "operator:import_template": f"{CONSOLE}imports/files/relations/",
    "operator:import_report": f"{CONSOLE}imports/8fdb56ee-5f1c-4f0a-a2f2-f6c5b3a6f6a4/",
}  # fmt: skip
# Functions that the operator may call and that give text, each with what it tells; one that isn't here is looked at.
TELLING = {
    "context": "his own context: numbers and a door",
    "door": "his own context: the door",
    "enter_account": "which kind of factor he proved",
    "enter_console": "which kind of factor he proved",
    "enter_window": "the company, his factor, the modules of his window",
    "drafts_open": "channels and who fills in, as codes; in a window",
    "operator_companies": "names of companies",
    "my_windows": "companies, and his own reasons",
    "company_people": "names of employees, while he administers the company alone",
}
CALLS = {
    "company_people": "SELECT * FROM sec.company_people()",
    "drafts_open": "SELECT * FROM sec.drafts_open()",
    "my_windows": "SELECT * FROM sec.my_windows()",
    "operator_companies": "SELECT * FROM sec.operator_companies()",
    "context": "SELECT sec.context(n) FROM generate_series(1, 8) n",
}
TABLES = (
    "companies_user", "account_emailaddress", "mfa_authenticator", "companies_secondfactor", "companies_factorreset",
    "companies_signin", "companies_company", "companies_membership", "companies_invitation", "companies_trailentry",
    "companies_job", "companies_window", "companies_wrongcode", "companies_windowextension",
)  # fmt: skip


@pytest.fixture
def company(db: None) -> Company:
    """A company whose people all carry the mark in their names, and that administers itself."""
    company = given.company()
    chief, first = (given.member(company, f"{who}.{MARK}@duinhaven.example", administrator=True) for who in PEOPLE[:2])
    given.member(company, f"clerk.{MARK}@duinhaven.example", "policy-clerk")
    people.invited(company, f"sanne.{MARK}@duinhaven.example", post="Clerk")
    given.adviser(company, f"ilse-{MARK}", f"ilse.{MARK}@kroonlaan.example")
    given.handed_over(company, first)
    factors.with_authenticator(chief.user)
    return company


@pytest.fixture
def chief(company: Company) -> Membership:
    with given.inside(company):
        return Membership.objects.select_related("user").get(user__email=f"chief.{MARK}@duinhaven.example")


def told(response: Any) -> str:
    return str(response.content.decode() + str(response.headers)).lower()


def lived(company: Company, window: Window, chief: Membership) -> Any:
    """Windows of every kind: one answered, looked into and closed, and wrong codes typed at it."""
    page, office = browser_of(chief.user), "/duinhaven/office/access/"
    page.post(office, opening(window, factors.another_code(chief.user)))
    assert page.post(office, opening(window, factors.code_of(chief.user))).status_code == 302
    return page


def test_every_console_page_is_tried() -> None:
    assert set(CONSOLE_PAGES) == {name for name in PAGES if name.startswith("operator:")}


def test_no_console_page_names_anybody(window: Window, company: Company, chief: Membership, op: Any) -> None:
    page = lived(company, window, chief)
    assert MARK in told(page.get("/duinhaven/office/access/"))  # where the test would find it
    for state in ("open", "closed"):
        for path in CONSOLE_PAGES.values():
            for answer in (op.get(path), op.post(path, {"step": "switch", "membership": chief.pk, "on": "0"})):
                assert MARK not in told(answer), (state, path)
        assert MARK not in told(op.post(CONSOLE, ASKED | {"reason": ""})), state
        page.post("/duinhaven/office/access/", {"step": "close", "window": window.pk})


def test_every_function_that_tells_the_operator_something_was_looked_at() -> None:
    found = {
        row[0]
        for row in ask(
            """
            SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'sec'::regnamespace
              AND has_function_privilege('bo_operator', p.oid, 'execute') AND p.prorettype <> 'trigger'::regtype
              AND EXISTS (SELECT FROM unnest(coalesce(p.proallargtypes, ARRAY[p.prorettype]),
                  coalesce(p.proargmodes, ARRAY['o'::"char"])) o(kind, mode)
                JOIN pg_type t ON t.oid = o.kind WHERE o.mode IN ('o', 't', 'b') AND (t.typcategory = 'S'
                  OR t.typname IN ('json', 'jsonb', 'record', '_varchar', '_text', 'inet')))
            """,
            [],
        )
    }
    assert found == set(TELLING)


@pytest.mark.parametrize("at", ["console", "company", "window", "closed"])
def test_no_function_or_table_names_anybody_without_a_window(
    at: str, window: Window, company: Company, chief: Membership, op: Any, user: User
) -> None:
    """In an open window the company's own tables show what its modules hold; logins stay the company's there too."""
    key = op.cookies[settings.SESSION_COOKIE_NAME].value
    if at in {"window", "closed"}:
        page = lived(company, window, chief)
        if at == "closed":
            page.post("/duinhaven/office/access/", {"step": "close", "window": window.pk})
    with as_operator(), transaction.atomic():
        entered = ask("SELECT * FROM sec.enter_window('duinhaven', %s, %s)", [key, user.pk]) if at != "console" else [
            enter_console(session_key=key, user_id=user.pk)
        ]  # fmt: skip
        assert MARK not in str(entered).lower()
        for name, statement in CALLS.items():
            assert MARK not in answer(statement), name
        globals_alone = at == "window"
        for table in TABLES[:7] if globals_alone else TABLES:
            assert MARK not in answer(f"SELECT x::text FROM {columns(table)} x"), table
        assert answer("SELECT name FROM companies_user") == "[('rens achterberg',)]"


def columns(table: str) -> str:
    """A table by the columns that the operator may read, as a subselect."""
    readable = [
        row[0]
        for row in ask(
            "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
            "AND NOT attisdropped AND has_column_privilege(attrelid, attnum, 'select')",
            [table],
        )
    ]
    return f"(SELECT {', '.join(readable)} FROM {table})"


def answer(statement: str) -> str:
    """What a statement gives, or the words of its refusal."""
    try:
        with transaction.atomic():
            return str(ask(statement, [])).lower()
    except DatabaseError as error:
        return str(error).lower()


def test_mails_about_windows_go_to_the_administrators_alone(
    window: Window, company: Company, chief: Membership, op: Any
) -> None:
    page = lived(company, window, chief)
    page.post("/duinhaven/office/access/", {"step": "close", "window": window.pk})
    given.work(company)
    to = {address for message in mail.outbox for address in [*message.to, *message.cc, *message.bcc]}
    written = [message for message in mail.outbox if "rekencentrum" in message.subject.lower()]
    assert len(written) == 4 and "op@centre.example" not in to
    assert {address for message in written for address in message.to} == {
        f"{who}.{MARK}@duinhaven.example" for who in ("chief", "first")
    }


def test_an_error_of_the_console_names_nobody(
    window: Window, company: Company, chief: Membership, op: Any, caplog: Any
) -> None:
    op.raise_request_exception = False
    lived(company, window, chief)
    for path in ("/operator/companies/nowhere/", f"/operator/companies/{MARK}x/", "/duinhaven/office/people/"):
        op.get(path)
    assert f"chief.{MARK}" not in caplog.text.lower() and MARK not in caplog.text.lower().replace(f"{MARK}x", "")


def test_while_he_administers_he_reads_the_names_he_gives_rights_to(op: Any) -> None:
    company = given.company()
    given.member(company, f"clerk.{MARK}@duinhaven.example")
    assert MARK in told(op.get(CONSOLE))
