"""The operator imports while he administers a company, and from then on only under a window that an administrator
opened for it (S2-09, S2-13, threat A25).
"""

import json
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from companies.imports import carrying
from companies.imports.scope import inside
from companies.models import Company, Import, ImportRow, Job, Look, Membership, TrailEntry, Window
from companies.signing import ask, prove
from companies.trail import signed
from relations.imports import RELATIONS
from relations.models import Address, Party
from tests import factors, given
from tests.conftest import role_connection
from tests.contexts import browser_of
from tests.imports import scenes
from tests.operators import as_operator

pytestmark = pytest.mark.django_db(transaction=True)
CONSOLE = "/operator/companies/duinhaven/"
IMPORTS = f"{CONSOLE}imports/"
ACCESS = "/duinhaven/office/access/"
ROWS = [scenes.a_relation(n) for n in range(1, 7)]


def taken_over(company: Company) -> tuple[Membership, Membership]:
    """Two administrators of a company that administers itself."""
    first = given.handed_over(company, given.member(company, f"first@{company.slug}.example", administrator=True))
    second = given.member(company, f"second@{company.slug}.example", administrator=True)
    factors.with_authenticator(second.user, "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU")
    return first, second


@pytest.fixture
def company(db: None) -> Company:
    return given.provider()


@pytest.fixture
def chiefs(company: Company) -> tuple[Membership, Membership]:
    return taken_over(company)


@pytest.fixture
def op(user: Any, client_of: Any) -> Any:
    return client_of(user)


def window_of(
    op: Any, company: Company, chief: Membership, *modules: str, imports: bool = True, minutes: str = "30"
) -> Window:
    """A window asked for and opened."""
    flag = {"imports": "on"} if imports else {}
    asked = {"step": "ask", "reason": "Conversion", "modules": list(modules), "minutes": minutes, **flag}
    assert op.post(f"/operator/companies/{company.slug}/", asked).status_code == 302
    factors.next_step()
    with given.inside(company):
        window = Window.objects.latest("pk")
    sent = asked | {"step": "open", "window": window.pk, "code": factors.code_of(chief.user)}
    assert browser_of(chief.user).post(f"/{company.slug}/office/access/", sent).status_code == 302
    with given.inside(company):
        return Window.objects.get(pk=window.pk)


def bring(op: Any, kind: str, rows: list[dict[str, str]]) -> Import:
    """A file sent by the console's form."""
    file = SimpleUploadedFile(f"{kind}.csv", scenes.file_of(rows), content_type="text/csv")
    response = op.post(f"{IMPORTS}new/", {"kind": kind, "file": file})
    assert response.status_code == 302, response.content.decode()
    company = Company.objects.get(slug="duinhaven")
    with given.inside(company):
        return Import.objects.get(public_id=response["Location"].rstrip("/").rpartition("/")[2])


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of two lines."""
    monkeypatch.setattr(carrying, "BLOCK_OF_CHECK", 2)
    monkeypatch.setattr(carrying, "BLOCK_OF_RUN", 2)


def work_again(company: Company) -> None:
    """What was put off is due."""
    with given.inside(company):
        Job.objects.filter(state="open").update(due_at=timezone.now())
    given.work(company)


def report_of(found: Import) -> str:
    return f"{IMPORTS}{found.public_id}/"


def close(window: Window, *, seconds: float | None = None) -> None:
    """An administrator closes a window, or its time is up after so many seconds, in a transaction of its own."""
    with role_connection("bo_owner") as owner, owner.transaction():
        owner.execute("set local role sec_guard")
        if seconds is None:
            owner.execute("update companies_window set closed_at = clock_timestamp() where id = %s", [window.pk])
        else:
            owner.execute(
                "update companies_window set expires_at = clock_timestamp() + %s where id = %s",
                [timedelta(seconds=seconds), window.pk],
            )


def outcomes(company: Company, found: Import) -> list[str]:
    with given.inside(company):
        return list(ImportRow.objects.filter(source=found).order_by("line").values_list("outcome", flat=True))


def names(company: Company) -> list[str]:
    with given.inside(company):
        return list(
            Party.objects.filter(family_name__startswith="Naam").order_by("pk").values_list("family_name", flat=True)
        )


@pytest.fixture
def window(op: Any, company: Company, chiefs: tuple[Membership, Membership]) -> Window:
    """A window with everything in it, imports too."""
    return window_of(op, company, chiefs[0], "policies", "ledger")


def test_under_a_window_a_file_is_tried_imported_and_told_to_the_company(
    op: Any, company: Company, chiefs: tuple[Membership, Membership], window: Window
) -> None:
    assert b"/operator/companies/duinhaven/imports/" in op.get(CONSOLE).content
    found = bring(op, "relations", [*ROWS, scenes.a_relation(7, country="Holland")])
    given.work(company)
    page = op.get(report_of(found)).content.decode()
    assert "Import these 6 lines" in page and "Expected two letters" in page
    assert names(company) == []
    assert op.post(report_of(found)).status_code == 302
    given.work(company)
    found = scenes.fresh(company, found)
    assert (found.state, found.reconciled, found.counts["imported"]) == ("done", True, 6)
    page = op.get(report_of(found)).content.decode()
    assert "Reconciled" in page and "Before" not in page
    with given.inside(company):
        entries = TrailEntry.objects.filter(code="party.registered", subject_id__in=found.lines.values("row"))
        assert {(entry.actor_kind, signed(entry), entry.user_id) for entry in entries} == {
            ("operator", "Operator", found.user_id)
        }
        history = ask("SELECT DISTINCT pgh_context ->> 'kind', pgh_context ->> 'user_id' FROM relations_partyevent", [])
        assert ("operator", str(found.user_id)) in history
        acts = Look.objects.filter(window=window.pk, act="import").values_list("path", flat=True)
        assert list(acts) == [f"/duinhaven/office/imports/{found.public_id}/"] * 2
    clerk = browser_of(given.member(company, "clerk@duinhaven.example", "policy-clerk").user)
    told = clerk.get(f"/duinhaven/office/imports/{found.public_id}/").content.decode()
    assert "Computing centre" in told and "Before" in told and "Expected two letters" in told
    told = browser_of(chiefs[0].user).get(f"{ACCESS}1/").content.decode()
    assert f"/duinhaven/office/imports/{found.public_id}/" in told
    assert op.get(f"/duinhaven/office/imports/{found.public_id}/").status_code == 200  # his own, inside the window


@pytest.mark.parametrize("way", ["closed", "time is up"])
@pytest.mark.parametrize("moment", ["before it is written", "after it was written"])
def test_a_window_that_ends_while_a_line_is_made_takes_its_block_back_and_stops(
    op: Any, company: Company, window: Window, monkeypatch: pytest.MonkeyPatch, moment: str, way: str
) -> None:
    found = bring(op, "relations", ROWS)
    given.work(company)
    make, made = RELATIONS.make, []

    def end() -> None:
        close(window, seconds=None if way == "closed" else 0.2)
        time.sleep(0 if way == "closed" else 0.3)

    def closing(told: Any, prepared: Any, row: ImportRow, place: Any) -> Any:
        made.append(row.line)
        if len(made) == 4 and moment.startswith("before"):
            end()
        became = make(told, prepared, row, place)
        if len(made) == 4 and moment.startswith("after"):
            end()
        return became

    monkeypatch.setattr(RELATIONS, "make", closing)
    op.post(report_of(found))
    given.work(company)
    assert names(company) == ["Naam 1", "Naam 2"], "what was committed before stays; the third line was not"
    assert outcomes(company, found) == ["imported"] * 2 + ["would"] * 4
    with given.inside(company):
        assert Address.objects.filter(house_number__in=["3", "4", "5", "6"]).count() == 0
        assert not Job.objects.filter(kind__startswith="import", state="open").exists()
    found = scenes.fresh(company, found)
    assert (found.state, found.why, found.counts["would"], made) == ("stopped", "window", 4, [2, 3, 4, 5])
    assert op.get(report_of(found)).status_code == 404
    assert given.work(company) == 0 and len(names(company)) == 2


@pytest.mark.parametrize("way", ["closed", "time is up"])
def test_a_block_whose_last_line_was_made_before_the_end_is_not_committed_after_it(
    op: Any, company: Company, window: Window, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    found = bring(op, "relations", ROWS)
    given.work(company)
    keep, counted = carrying.keep_progress, []

    def late(*told: Any) -> None:
        keep(*told)
        counted.append(Party.objects.filter(family_name__startswith="Naam").count())
        if len(counted) == 2:
            close(window, seconds=None if way == "closed" else 0)

    monkeypatch.setattr(carrying, "keep_progress", late)
    op.post(report_of(found))
    given.work(company)
    assert counted == [2, 4], "both lines stood there when the window ended"
    assert names(company) == ["Naam 1", "Naam 2"]
    work_again(company)
    found = scenes.fresh(company, found)
    assert (found.state, found.why, found.counts["would"]) == ("stopped", "window", 4)
    assert names(company) == ["Naam 1", "Naam 2"] and len(counted) == 2, "the block was not begun anew"


def test_the_database_refuses_at_the_commit_what_the_operator_may_no_more(
    op: Any, company: Company, window: Window
) -> None:
    clerk = scenes.clerk_of(company)
    theirs, found = scenes.staged(company, clerk, "relations", ROWS), bring(op, "relations", ROWS)
    count = (
        "UPDATE companies_import SET counts = counts || jsonb_build_object('imported', %s::integer) "
        "WHERE id = %s RETURNING id"
    )
    with given.inside(company):
        assert ask(count, [1, found.pk]) == [(found.pk,)]
    close(window)
    with pytest.raises(DatabaseError, match="has ended"), given.inside(company):
        assert ask(count, [2, found.pk]) == [(found.pk,)]
    with given.inside(company):
        assert ask(count, [2, theirs.pk]) == [(theirs.pk,)], "an employee's import needs no window"
    assert scenes.fresh(company, found).counts["imported"] == 1


def test_it_goes_on_in_a_new_window_where_it_stood(
    op: Any, company: Company, chiefs: tuple[Membership, Membership], window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = bring(op, "relations", ROWS)
    given.work(company)
    make, made = RELATIONS.make, []

    def closing(told: Any, prepared: Any, row: ImportRow, place: Any) -> Any:
        made.append(row.line)
        if len(made) == 3:
            close(window)
        return make(told, prepared, row, place)

    monkeypatch.setattr(RELATIONS, "make", closing)
    op.post(report_of(found))
    given.work(company)
    assert len(names(company)) == 2
    again = window_of(op, company, chiefs[1])
    assert b"Go on in this window" in op.get(report_of(found)).content
    op.post(report_of(found))
    given.work(company)
    assert names(company) == [f"Naam {n}" for n in range(1, 7)]
    found = scenes.fresh(company, found)
    assert (found.state, found.window_id, found.reconciled, found.counts["imported"]) == ("done", again.pk, True, 6)


def test_a_window_that_ends_during_the_check_stops_it_and_a_new_one_goes_on_checking(
    op: Any, company: Company, chiefs: tuple[Membership, Membership], window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = bring(op, "relations", ROWS)
    prepare, tried = RELATIONS.prepare, []

    def closing(told: Any, place: Any) -> Any:
        tried.append(told["number"])
        if len(tried) == 3:
            close(window)
        return prepare(told, place)

    monkeypatch.setattr(RELATIONS, "prepare", closing)
    given.work(company)
    assert outcomes(company, found) == ["would"] * 2 + ["waiting"] * 4
    assert scenes.fresh(company, found).why == "window"
    window_of(op, company, chiefs[1])
    op.post(report_of(found))
    given.work(company)
    assert (scenes.fresh(company, found).state, outcomes(company, found)) == ("checked", ["would"] * 6)


def test_nothing_of_the_context_survives_the_window(op: Any, company: Company, window: Window) -> None:
    found = bring(op, "relations", ROWS)
    with given.inside(company), inside(found, job_id=0, writes=True) as place:
        assert place is not None and Party.objects.count() == 0
        assert ask('SELECT sec.company(), sec.door(), sec."window"()', []) == [(company.pk, "worker", window.pk)]
        assert ImportRow.objects.count() == 6
        close(window)
        assert ask("SELECT sec.company()", []) == [(None,)]
        assert ImportRow.objects.count() == Import.objects.count() == 0
        assert ImportRow.objects.update(outcome="rejected") == 0
        for statement in (
            'INSERT INTO companies_trailentry (code, "on", subject_kind, changed, details, actor_kind) '
            "VALUES ('x', now(), 'x', '[]', '{}', 'robot')",
            f'INSERT INTO companies_trailentry (company_id, code, "on", subject_kind, changed, details, actor_kind) '
            f"VALUES ({company.pk}, 'x', now(), 'x', '[]', '{{}}', 'robot')",
            "SELECT sec.post('[]', '{}', '{}', '{}')",
            "SELECT sec.loose_number('party', 2026)",
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                ask(statement, [])
    with given.inside(company), inside(found, job_id=0, writes=True) as place:
        assert place is None


STAGE = "SELECT * FROM sec.stage_import(%s, 'x.csv', 'x', 1, %s)"
LINE = json.dumps([[2, {"number": "1"}]])


def as_operator_at(op: Any, user: Any, slug: str, statement: str, values: list[Any]) -> Any:
    """A statement of the operator's own login, standing at a company; its answer or the error."""
    from django.conf import settings

    key = op.cookies[settings.SESSION_COOKIE_NAME].value
    with as_operator(), transaction.atomic():
        ask("SELECT * FROM sec.enter_window(%s, %s, %s)", [slug, key, user.pk])
        try:
            with transaction.atomic():
                return ask(statement, values)
        except DatabaseError as error:
            return str(error)


def test_a_window_without_imports_lets_nothing_in(
    op: Any, user: Any, company: Company, chiefs: tuple[Membership, Membership]
) -> None:
    window_of(op, company, chiefs[0], "policies", "ledger", imports=False)
    for address in (IMPORTS, f"{IMPORTS}new/", f"{IMPORTS}files/relations/", f"{IMPORTS}{uuid4()}/"):
        assert op.get(address).status_code == op.post(address).status_code == 404
    assert b"imports/" not in op.get(CONSOLE).content
    for statement, values in ((STAGE, ["relations", LINE]), ("SELECT sec.run_import(%s)", [uuid4()])):
        assert "no " in as_operator_at(op, user, "duinhaven", statement, values)
    with given.inside(company):
        assert not Import.objects.exists() and not ImportRow.objects.exists()


def test_a_window_lets_in_what_its_modules_hold(
    op: Any, user: Any, company: Company, chiefs: tuple[Membership, Membership]
) -> None:
    window_of(op, company, chiefs[0], "policies")
    assert "no window" in as_operator_at(op, user, "duinhaven", STAGE, ["balances", LINE])
    assert "no window" in as_operator_at(op, user, "duinhaven", STAGE, ["anything", LINE])
    assert len(as_operator_at(op, user, "duinhaven", STAGE, ["policies", LINE])) == 1
    page = op.get(f"{IMPORTS}new/").content.decode()
    assert 'value="policies"' in page and 'value="balances"' not in page
    assert "expected 1 to 50000 rows" in as_operator_at(op, user, "duinhaven", STAGE, ["policies", "[]"])


def test_a_window_of_one_company_opens_no_other(op: Any, user: Any, company: Company, window: Window) -> None:
    other = given.company("zandwijk")
    taken_over(other)
    found = bring(op, "relations", ROWS)
    for statement, values in ((STAGE, ["relations", LINE]), ("SELECT sec.run_import(%s)", [found.public_id])):
        assert "no " in as_operator_at(op, user, "zandwijk", statement, values)
    with given.inside(other):
        assert not Import.objects.exists()


def test_while_he_administers_a_company_he_imports_without_a_window(op: Any, user: Any, company: Company) -> None:
    assert IMPORTS.encode() in op.get(CONSOLE).content
    page = op.get(IMPORTS).content.decode()
    assert "until its own administrator takes over" in page and "Window open" not in page
    found = bring(op, "relations", [*ROWS, scenes.a_relation(7, country="Holland")])
    given.work(company)
    page = op.get(report_of(found)).content.decode()
    assert "Import these 6 lines" in page and "Expected two letters" in page and names(company) == []
    assert b"a worker imports the lines now" in op.post(report_of(found), follow=True).content
    given.work(company)
    found = scenes.fresh(company, found)
    assert (found.state, found.reconciled, found.window_id, found.counts["imported"]) == ("done", True, None, 6)
    assert "Before" not in op.get(report_of(found)).content.decode()
    with given.inside(company):
        entries = TrailEntry.objects.filter(code="party.registered", subject_id__in=found.lines.values("row"))
        assert {(signed(entry), entry.user_id) for entry in entries} == {("Operator", user.pk)}
        assert Look.objects.filter(act="import", window=None).count() == 2
    clerk = browser_of(given.member(company, "clerk@duinhaven.example", "policy-clerk").user)
    told = clerk.get(f"/duinhaven/office/imports/{found.public_id}/").content.decode()
    assert "Computing centre" in told and "Before" in told
    assert "Computing centre" in clerk.get("/duinhaven/office/imports/").content.decode()
    clerk.post(f"/duinhaven/office/imports/{found.public_id}/run/")
    assert "no window" in as_operator_at(op, user, "duinhaven", STAGE, ["anything", LINE])


def test_a_company_that_takes_over_ends_his_import_and_a_window_lets_it_go_on(
    op: Any, user: Any, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = bring(op, "relations", ROWS)
    given.work(company)
    make, made = RELATIONS.make, []

    def taking(told: Any, prepared: Any, row: ImportRow, place: Any) -> Any:
        made.append(row.line)
        if len(made) == 3:
            with role_connection("bo_owner") as owner, owner.transaction():
                owner.execute("set local role sec_guard")
                owner.execute("update companies_company set own_administrator_at = now() where id = %s", [company.pk])
        return make(told, prepared, row, place)

    monkeypatch.setattr(RELATIONS, "make", taking)
    op.post(report_of(found))
    given.work(company)
    assert names(company) == ["Naam 1", "Naam 2"]
    work_again(company)
    assert (found := scenes.fresh(company, found)).why == "takeover" and found.state == "stopped"
    assert names(company) == ["Naam 1", "Naam 2"]
    assert op.get(IMPORTS).status_code == op.post(report_of(found)).status_code == 404
    assert "no " in as_operator_at(op, user, "duinhaven", "SELECT sec.run_import(%s)", [found.public_id])
    clerk = browser_of(given.member(company, "clerk@duinhaven.example", "policy-clerk").user)
    assert "administers itself now" in clerk.get(f"/duinhaven/office/imports/{found.public_id}/").content.decode()
    chief = given.member(company, "chief@duinhaven.example", administrator=True)
    factors.with_authenticator(chief.user)
    window = window_of(op, company, chief)
    op.post(report_of(found))
    given.work(company)
    found = scenes.fresh(company, found)
    assert (found.state, found.window_id, len(names(company))) == ("done", window.pk, 6)


def test_a_ticket_enters_with_the_worker_s_proof_alone(op: Any, company: Company, window: Window) -> None:
    found = bring(op, "relations", ROWS)
    enter = "SELECT login FROM sec.enter_import(%s, %s, %s)"
    with transaction.atomic():
        for proof in (prove("entrance", "import", found.ticket), prove("service", "import", uuid4()), (None, None)):
            with pytest.raises(DatabaseError, match="no proof"), transaction.atomic():
                ask(enter, [found.ticket, *proof])
        unknown = uuid4()
        assert ask(enter, [unknown, *prove("service", "import", unknown)]) == []
        assert ask(enter, [found.ticket, *prove("service", "import", found.ticket)]) != []
    for role in ("bo_operator", "bo_public"):
        with role_connection(role) as login, pytest.raises(Exception, match="permission denied"):
            login.execute(enter, [found.ticket, *prove("service", "import", found.ticket)])


def test_nobody_writes_a_window_into_an_import(op: Any, company: Company, window: Window) -> None:
    clerk = scenes.clerk_of(company)
    found = scenes.staged(company, clerk, "relations", ROWS)
    insert = (
        "INSERT INTO companies_import (public_id, kind, file_name, sha256, size, rows, window_id, user_id, "
        "membership_id, state, why, run, ticket, counts, told, made, totals_before, totals_after) "
        "VALUES (gen_random_uuid(), 'relations', 'x', 'x', 1, 1, {window}, {user}, {member}, 'staged', '', 0, "
        "gen_random_uuid(), '{{}}', '{{}}', '{{}}', '{{}}', '{{}}')"
    )
    mine = {"user": clerk.user_id, "member": clerk.membership_id}
    forged = [
        insert.format(window=window.pk, user=window.asked_by_id, member="NULL"),
        insert.format(window=window.pk, **mine),
        insert.format(window="NULL", user=window.asked_by_id, member=clerk.membership_id),
        f"UPDATE companies_import SET window_id = {window.pk} WHERE id = {found.pk}",
        f"UPDATE companies_import SET ticket = gen_random_uuid() WHERE id = {found.pk}",
        f"UPDATE companies_import SET state = 'done' WHERE id = {found.pk}",
    ]
    with given.inside(company, clerk):
        for statement in forged:
            with pytest.raises(DatabaseError), transaction.atomic():
                ask(statement, [])
        ask(insert.format(window="NULL", **mine), [])


def test_the_operator_reads_his_own_files_and_not_what_the_company_holds(
    op: Any, user: Any, company: Company, window: Window
) -> None:
    clerk = scenes.clerk_of(company)
    theirs = scenes.imported(company, clerk, "relations", [scenes.a_relation(1, phone="0118 11 22 33")])
    assert op.get(report_of(theirs)).status_code == 404
    assert b"relations.csv" not in op.get("/duinhaven/office/imports/").content
    twin = scenes.a_relation(1, number="900", phone="")
    found = bring(op, "relations", [scenes.a_relation(1, phone="020 1"), twin, scenes.a_relation(3)])
    given.work(company)
    page = op.get(report_of(found)).content.decode()
    with given.inside(company):
        number = Party.objects.get(family_name="Naam 1").number
    assert "other values: phone." in page and "The same stands" not in page
    assert "known already" in page and number not in page and "0118 11 22 33" not in page
    for column in ("totals_before", "totals_after", "ticket"):
        assert "denied" in as_operator_at(op, user, "duinhaven", f"SELECT {column} FROM companies_import", [])


def test_an_employee_lets_no_import_of_the_operator_go_on(op: Any, company: Company, window: Window) -> None:
    found = bring(op, "relations", ROWS)
    given.work(company)
    clerk = browser_of(given.member(company, "clerk@duinhaven.example", "policy-clerk").user)
    assert clerk.post(f"/duinhaven/office/imports/{found.public_id}/run/").status_code == 302
    assert scenes.fresh(company, found).state == "checked"
    assert "Import these" not in clerk.get(f"/duinhaven/office/imports/{found.public_id}/").content.decode()
