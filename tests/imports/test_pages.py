"""The office's pages of imports, with what an imported policy looks like in lists, file, extranet and folder."""

import csv
import io
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from companies.imports.kinds import KINDS
from companies.models import Import, PartCode, Right
from documents.models import Case
from relations.models import Party
from tests import given, world
from tests.contexts import browser_of
from tests.imports import scenes

pytestmark = pytest.mark.django_db
IMPORTS = "/duinhaven/office/imports/"
ACCOUNTS = ("0500", "1000", "1090", "4700", "8000")
DOCS = given.ROOT / "docs"


@pytest.fixture
def browser(company, clerk):
    from companies.models import User

    return browser_of(User.objects.get(pk=clerk.user_id))


def sent(browser, kind, content, name="old.csv"):
    return browser.post(f"{IMPORTS}new/", {"kind": kind, "file": SimpleUploadedFile(name, content)})


def test_a_clerk_brings_a_file_looks_and_has_it_imported(company, browser):
    rows = [scenes.a_relation(1), scenes.a_relation(2, country="Holland")]
    response = sent(browser, "relations", scenes.file_of(rows))
    assert response.status_code == 302
    report = response["Location"]
    assert "Not known yet" in browser.get(report).content.decode()
    given.work(company)
    page = browser.get(report).content.decode()
    assert "Import this line" in page and "Expected two letters" in page and "Holland" in page
    assert browser.post(f"{report}run/").status_code == 302
    given.work(company)
    page = browser.get(report).content.decode()
    assert "Reconciled" in page and "Import this line" not in page
    listed = browser.get(IMPORTS).content.decode()
    assert "old.csv" in listed and "Done" in listed


def test_the_work_list_comes_back_as_it_is_and_is_harmless_to_a_spreadsheet(company, browser):
    rows = [scenes.a_relation(1, phone="+31 118 000000", country="Holland"), scenes.a_relation(2)]
    report = sent(browser, "relations", scenes.file_of(rows))["Location"]
    given.work(company)
    response = browser.get(f"{report}?export=csv")
    cells = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert cells[0][:3] == ["import_line", "import_errors", "number"] and cells[1][:1] == ["2"]
    assert cells[1][1].startswith("country: Expected two letters")
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in cells for cell in row)
    again = sent(browser, "relations", response.content.replace(b"Holland", b"NL"))
    given.work(company)
    assert again.status_code == 302
    with given.inside(company):
        assert Import.objects.latest("pk").counts == {"waiting": 0, "would": 1}


def test_a_hostile_file_comes_back_with_line_and_column_and_keeps_nothing(company, browser):
    response = sent(browser, "relations", b"number;family_name\n1;=cmd()")
    page = response.content.decode()
    assert response.status_code == 422 and "street" in page and "This column is missing" in page
    response = sent(browser, "policies", scenes.file_of([scenes.POLICY | {"insured": "=cmd()"}]))
    assert (
        response.status_code == 422
        and "Line 2, insured: Expected a value, found a formula" in response.content.decode()
    )
    assert sent(browser, "nothing", b"x").status_code == 422
    with given.inside(company):
        assert not Import.objects.exists()


def test_kinds_go_with_the_rights_on_what_comes_in(company):
    world.employee(company, "r@x.example", (PartCode.IMPORT, Right.INPUT), (PartCode.RELATIONS, Right.INPUT))
    world.employee(company, "b@x.example", *[(PartCode.IMPORT, right) for right in Right],
                   (PartCode.LEDGER_INPUT, Right.INPUT), (PartCode.LEDGER_INPUT, Right.VIEW))  # fmt: skip
    relations, books = world.client_of("r@x.example"), world.client_of("b@x.example")
    page = relations.get(f"{IMPORTS}new/").content.decode()
    assert 'value="relations"' in page and 'value="policies"' not in page and 'value="balances"' not in page
    assert sent(relations, "balances", scenes.file_of([scenes.BALANCE])).status_code == 422
    assert sent(relations, "relations", scenes.file_of([scenes.RELATION])).status_code == 302
    given.work(company)
    with given.inside(company):
        address = f"{IMPORTS}{Import.objects.get().public_id}/"
    assert books.get(address).status_code == 403 and relations.get(address).status_code == 403
    for step in ("run", "stop", "resume"):
        assert books.post(f"{address}{step}/").status_code == 403
    assert "old.csv" not in books.get(IMPORTS).content.decode()
    assert sent(books, "balances", scenes.file_of([scenes.BALANCE])).status_code == 302


def queries(browser, path):
    assert browser.get(path).status_code == 200
    with CaptureQueriesContext(connection) as found:
        assert browser.get(path).status_code == 200
    return len(found)


def test_list_and_report_take_the_same_queries_however_long_they_are(company, clerk, browser):
    few = scenes.checked(company, clerk, "relations", [scenes.a_relation(n, country="Holland") for n in range(1, 3)])
    counted = queries(browser, IMPORTS), queries(browser, f"{IMPORTS}{few.public_id}/")
    many = scenes.checked(company, clerk, "relations", [scenes.a_relation(n, country="Holland") for n in range(1, 121)])
    for n in range(200, 260):
        scenes.staged(company, clerk, "relations", [scenes.a_relation(n)])
    assert (queries(browser, IMPORTS), queries(browser, f"{IMPORTS}{many.public_id}/")) == counted
    one, many_accounts = ([scenes.a_balance(1)], [{"day": "31-12-2025", "account": a, "amount": "1"} for a in ACCOUNTS])
    scenes.imported(company, clerk, "relations", [scenes.a_relation(1)])
    books = [scenes.imported(company, clerk, "balances", rows) for rows in (one, many_accounts)]
    assert len({queries(browser, f"{IMPORTS}{found.public_id}/") for found in books}) == 1
    second = browser.get(f"{IMPORTS}{many.public_id}/?page=2").context["page"]
    assert (len(second.object_list), second.object_list[0]["line"], second.paginator.count) == (50, 52, 120)


@pytest.mark.parametrize("kind", ["relations", "policies", "balances"])
def test_a_file_to_fill_in_fits_its_own_reader(company, clerk, browser, kind):
    response = browser.get(f"{IMPORTS}files/{kind}/")
    assert response["Content-Type"].startswith("text/csv")
    assert browser.get(f"{IMPORTS}files/nothing/").status_code == 404
    if kind != "relations":
        scenes.imported(company, clerk, "relations", [scenes.RELATION])
    assert sent(browser, kind, response.content).status_code == 302
    given.work(company)
    with given.inside(company):
        found = Import.objects.latest("pk")
    assert scenes.rejected(company, found) == []


def test_the_clerk_s_guide_names_the_columns_as_they_are():
    told = (DOCS / "imports.md").read_text(encoding="utf-8")
    for code, kind in KINDS.items():
        [table] = re.findall(rf"<!-- columns: {code} -->\n((?:\|.*\n)+)", told)
        rows = [f"| `{c.name}` | {'yes' if c.needed else ''} | {c.meaning} | {c.example} |" for c in kind.columns]
        assert table.splitlines()[2:] == rows, "\n".join(rows)


def test_the_examples_beside_the_guide_come_in_and_leave_nothing_open(company, clerk, browser):
    for kind in ("relations", "policies", "balances"):
        content = Path(DOCS / "imports" / f"{kind}.csv").read_bytes()
        report = sent(browser, kind, content, f"{kind}.csv")["Location"]
        given.work(company)
        assert browser.post(f"{report}run/").status_code == 302
        given.work(company)
        page = browser.get(report).content.decode()
        assert "Reconciled" in page and "No line is rejected" in page, kind
    assert "It is zero when all balances are in" not in page
    more = scenes.BALANCE | {"relation": "10482", "reference": "later", "amount": "1,00"}
    wrong = scenes.imported(company, clerk, "balances", [more])
    assert "stands at \u22121.00" in browser.get(f"{IMPORTS}{wrong.public_id}/").content.decode()


def test_an_imported_policy_is_shown_wherever_a_policy_is(company, clerk):
    adviser = given.adviser(company)
    scenes.imported(company, clerk, "relations", [scenes.RELATION])
    scenes.imported(company, clerk, "policies", [scenes.POLICY | {"adviser": "ilse-markus"}])
    world.employee(company, "all@duinhaven.example", *world.ALL_RIGHTS)
    office = world.client_of("all@duinhaven.example")
    with given.inside(company):
        case = Case.objects.get()
        holder = Party.objects.get(family_name="Verbruggen")
    assert "PT-20931" in office.get("/duinhaven/office/policies/").content.decode()
    assert "PT-20931" in office.get(f"/duinhaven/office/relations/{holder.number}/").content.decode()
    page = office.get(f"/duinhaven/office/cases/{case.number}/").content.decode()
    for words in ("263.50", "Taken over", "Böckmann Duo", "As it stood in the old system", "44.60", "Yearly",
                  adviser.name):  # fmt: skip
        assert words in page, words
    for tab in ("answers", "documents", "messages", "decision", "timeline", "compare"):
        assert office.get(f"/duinhaven/office/cases/{case.number}/{tab}/").status_code == 200, tab
    assert f"/cases/{case.number}/compare/" not in page
    assert office.post(f"/duinhaven/office/cases/{case.number}/evidence/")["Content-Type"] == "application/zip"
    assert (
        "Nothing is submitted yet" not in office.get(f"/duinhaven/office/cases/{case.number}/answers/").content.decode()
    )
    extranet = world.client_of("ilse@kroonlaan.example")
    listed = extranet.get("/duinhaven/advisers/").content.decode()
    assert "PT-20931" in listed and "Verbruggen" in listed and "263.50" in listed
    assert "Böckmann Duo" in extranet.get(f"/duinhaven/advisers/cases/{case.number}/").content.decode()
    given.folder(company, holder.pk, "sanne@verbruggen.example")
    folder = world.client_of("sanne@verbruggen.example")
    assert "263.50" in folder.get("/duinhaven/folder/").content.decode()
    shown = folder.get("/duinhaven/folder/policies/PT-20931/")
    assert shown.status_code == 200 and "263.50" in shown.content.decode()
