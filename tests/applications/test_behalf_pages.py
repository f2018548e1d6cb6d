"""Lists, files, follow-up questions, kept entries and a changed product, filled in for a client behind a login
(S0-05 to S0-08, S2-36).
"""

import re
from contextlib import nullcontext
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from applications import limits
from applications.models import Application, Draft, Upload
from applications.tasks import tidy_all
from companies.actor import Actor
from companies.doors import Door
from companies.limits import Limit
from companies.models import Command, Company
from documents.models import File
from tests import given
from tests.applications.test_by_hand import Clerk
from tests.applications.test_lists import DAMAGE, THEFT
from tests.applications.test_on_behalf import Adviser, mailed
from tests.applications.test_stale import newer, other_words
from tests.applications.test_steps import BICYCLE, FIRST, SECOND
from tests.applications.test_uploads import sent
from tests.applications.walk import DETAILS, Visitor, named
from tests.hostile.files import pdf

pytestmark = pytest.mark.django_db
NEW = "list-losses/new/"


@pytest.fixture(autouse=True)
def every_door(settings: Any) -> None:
    settings.ROOT_URLCONF = "config.urls.everything"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }


@pytest.fixture
def company() -> Company:
    made = given.provider("duinhaven", BICYCLE)
    given.adviser(made)
    given.member(made, "nora@duinhaven.example", "policy-clerk")
    given.member(made, "otto@duinhaven.example", "policy-clerk")
    return made


@pytest.fixture(params=["adviser", "office"])
def filler(request: Any, company: Company) -> Any:
    """Who fills in, on the first page."""
    found: Any = Adviser() if request.param == "adviser" else Clerk()
    found.begin("bicycle")
    return found


def at(filler: Any, page: str = "") -> str:
    """The address of one of the draft's pages."""
    found = re.match(r"(.*/C-[0-9-]+/)", filler.url)
    assert found is not None, filler.url
    return found[1] + page


def to_list(filler: Any, **changes: Any) -> None:
    filler.send(**{**FIRST, "value": "4,000.00", **changes})
    filler.send(**SECOND)
    assert filler.url == at(filler, "list-losses/")


def add(filler: Any, **record: Any) -> None:
    filler.get(at(filler, NEW))
    filler.send(**record)


def draft(company: Company) -> Draft:
    with given.inside(company):
        return Draft.objects.get()


def uploads(company: Company) -> list[Upload]:
    with given.inside(company):
        return list(Upload.objects.select_related("file").filter(removed_at=None).order_by("pk"))


def test_a_list_and_a_file_are_filled_in_for_a_client_and_sent(company: Company, filler: Any) -> None:
    to_list(filler)
    add(filler, **DAMAGE)
    add(filler, **THEFT)
    assert filler.url == at(filler, NEW) and "one more question necessary" in filler.text
    filler.send(**THEFT, asked="reported", reported="yes")
    filler.get(at(filler, "list-losses/1/"))
    filler.send(**{**DAMAGE, "amount": "99"})
    assert filler.url == at(filler, "list-losses/") and "€99.00" in filler.text
    filler.send(remove="2")
    filler.send()
    filler.send(files=sent(pdf(), "invoice.pdf"), go="add")
    assert filler.url == at(filler, "file-photos/") and "invoice.pdf" in filler.text
    (row,) = uploads(company)
    page = filler.client.get(at(filler, f"files/{row.public_id}/"))
    assert page["Content-Type"] == "application/pdf" and "sandbox" in page["Content-Security-Policy"]
    filler.send()
    assert "Details of the client" in filler.text and "Your details" not in filler.text
    filler.send(**DETAILS)
    assert filler.url == at(filler, "review/")
    assert "€99.00" in filler.text and "invoice.pdf" in filler.text
    filler.send(declared="on")
    given.work(company)
    with given.inside(company):
        application = Application.objects.get()
    assert application.answers["losses"] == [{"loss_date": "2024-03-03", "cause": "damage", "amount": "99.00"}]
    assert application.answers["photos"][0]["name"] == "invoice.pdf"


def test_an_empty_list_is_an_answer_here_too(company: Company, filler: Any) -> None:
    to_list(filler)
    filler.send()
    assert draft(company).answers["losses"] == []


def test_with_script_a_field_appears_in_place_and_nothing_is_kept(company: Company, filler: Any) -> None:
    to_list(filler)
    before = draft(company).updated_at
    filler.get(at(filler, NEW))
    looked = filler.client.post(filler.url, {"q-cause": "theft"}, headers={"HX-Request": "true"}).content.decode()
    assert 'name="q-reported"' in looked and 'name="q-cause"' not in looked
    looked = filler.client.post(at(filler, "questions/"), named(FIRST), headers={"HX-Request": "true"})
    assert looked.status_code == 200 and draft(company).updated_at == before


def test_what_was_typed_stays_when_one_goes_back_or_to_the_list_of_drafts(company: Company, filler: Any) -> None:
    to_list(filler)
    filler.send()
    filler.send(go="back")
    assert filler.url == at(filler, "list-losses/")
    filler.send()
    filler.send(files=sent())
    filler.send(**{**DETAILS, "postcode": "wrong"}, go="later")
    assert "C-20" in filler.text and "/drafts/" in filler.url or filler.url.endswith("/applications/")
    number = draft(company).case_id
    with given.inside(company):
        case = Draft.objects.select_related("case").get(case=number).case.number
    filler.get(filler.url + f"{case}/details/")
    assert 'value="wrong"' in filler.text


def test_save_and_go_on_later_is_not_offered_and_no_frame_may_show_it(filler: Any) -> None:
    to_list(filler)
    for page in ("questions/", "list-losses/", NEW):
        filler.get(at(filler, page))
        assert "Save and continue later" not in filler.text and "your list" in filler.text
        assert filler.page["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in filler.page["Content-Security-Policy"]


def test_a_form_without_the_logins_own_token_is_refused(company: Company, filler: Any) -> None:
    to_list(filler)
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    strict.cookies = filler.client.cookies
    for page in ("list-losses/", NEW, "questions/"):
        shown = strict.get(at(filler, page)).content.decode()
        (token,) = set(re.findall(r'<form method="post" id="step".*?name="csrfmiddlewaretoken" value="(\w+)"', shown))
        signed = re.search(r'name="token" value="([^"]+)"', shown)
        assert signed is not None
        assert strict.post(at(filler, page), {"token": signed[1]}).status_code == 403
        both = {"token": signed[1], "csrfmiddlewaretoken": token}
        assert strict.post(at(filler, page), both).status_code in {200, 302}


def test_visitors_pages_set_no_cookie_and_carry_no_token_of_a_login(company: Company) -> None:
    visitor = Visitor(language="en")
    visitor.get("/duinhaven/apply/bicycle/")
    visitor.send(**{**FIRST, "value": "4,000.00"})
    assert "csrfmiddlewaretoken" not in re.sub(r"<form[^>]*language.*?</form>", "", visitor.text, flags=re.S)


def test_the_limits_of_the_visitors_door_hold_nobody_up_who_has_a_login(
    company: Company, filler: Any, monkeypatch: Any
) -> None:
    none = (Limit("send", 0, 600), Limit("send-all", 0, 600))
    monkeypatch.setattr(limits, "LIMITS", dict.fromkeys(limits.LIMITS, none))
    to_list(filler)
    add(filler, **DAMAGE)
    assert draft(company).answers["losses"]


def test_a_changed_product_is_told_and_the_draft_goes_on_with_it(company: Company, filler: Any) -> None:
    to_list(filler)
    version = newer(company, other_words)
    filler.get(at(filler, "questions/"))
    assert "This insurance has changed since you began" in filler.text
    filler.send(at(filler, "renew/"))
    assert draft(company).version_id == version.pk


def test_who_wrote_last_in_the_office_fills_in(company: Company) -> None:
    nora, otto = Clerk(), Clerk("otto@duinhaven.example")
    nora.begin("bicycle")
    to_list(nora)
    otto.get(nora.url)
    assert filled_in_by(company) == "nora@duinhaven.example"
    add(otto, **DAMAGE)
    assert filled_in_by(company) == "otto@duinhaven.example"
    nora.get(at(nora, "list-losses/"))
    nora.send()
    otto.get(at(nora, "file-photos/"))
    otto.send(files=sent(), go="add")
    assert filled_in_by(company) == "otto@duinhaven.example"


def filled_in_by(company: Company) -> str:
    with given.inside(company):
        found = Draft.objects.select_related("membership__user").get().membership
    assert found is not None
    return str(found.user.email)


def with_file(filler: Any) -> None:
    to_list(filler)
    filler.send()
    filler.send(files=sent(), go="add")


def test_files_and_unfinished_entries_go_with_what_is_thrown_away(company: Company, filler: Any) -> None:
    with_file(filler)
    filler.get(at(filler, "throw-away/"))
    filler.send()
    given.work(company)
    found = draft(company)
    assert (found.answers, found.parties, found.unfinished) == ({}, {}, {}) and uploads(company) == []
    assert tidy_all() == 1  # the file; the mark that it was thrown away stays
    with given.inside(company):
        assert not File.objects.exists() and Draft.objects.filter(discarded_at=None).count() == 0


def test_what_the_office_took_over_from_a_client_is_no_lapsed_draft(company: Company) -> None:
    ilse = Adviser()
    ilse.begin("bicycle")
    with_file(ilse)
    ilse.send()
    ilse.send(**DETAILS)
    ilse.press("hand-over")
    given.work(company)
    nora = Clerk()
    nora.get(f"/duinhaven/office/applications/drafts/{ilse.number}/take-over/")
    nora.send(token=None)
    tidy_all()
    assert draft(company).filled_in_by == "employee" and len(uploads(company)) == 1


def test_a_handed_over_file_is_the_clients_and_no_more_the_advisers(company: Company) -> None:
    ilse = Adviser()
    ilse.begin("bicycle")
    with_file(ilse)
    ilse.send()
    ilse.send(**DETAILS)
    ilse.press("hand-over")
    given.work(company)
    (row,) = uploads(company)
    assert ilse.client.get(ilse.address(f"files/{row.public_id}/")).status_code == 404
    ilse.get(ilse.address("file-photos/"))
    assert "The application is with the client" in ilse.text
    client = Visitor(language="en")
    client.get(mailed())
    assert "photo.png" in client.text
    client.send(declared="on")
    given.work(company)
    with given.inside(company):
        assert Application.objects.get().answers["photos"][0]["name"] == "photo.png"


def raw(company: Company, actor: Actor, sql: str, *values: Any, refused: str = "") -> int:
    """SQL past the pages, at the actor's door: how many rows it met, or that it is refused."""
    given.become("bo_public" if actor.door == Door.ADVISERS else "bo_app")
    try:
        expected: Any = pytest.raises(Exception, match=refused) if refused else nullcontext()
        with given.inside(company, actor), expected, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            met = int(cursor.rowcount)
        return 0 if refused else met
    finally:
        given.become("bo_app")


def test_the_database_shows_and_takes_files_of_ones_own_drafts_only(company: Company) -> None:
    ilse = Adviser()
    rami = given.adviser_actor(given.adviser(company, "rami-bos", "rami@bos.example"))
    ilse.begin("bicycle")
    with_file(ilse)
    case = draft(company).case_id
    with given.inside(company):
        adviser = Draft.objects.select_related("adviser").get().adviser
    assert adviser is not None
    own = given.adviser_actor(adviser)
    clerk = given.actor_of(given.member(company, "piet@duinhaven.example", "policy-clerk"))
    assert raw(company, own, "SELECT 1 FROM applications_upload") == 1
    assert raw(company, rami, "SELECT 1 FROM applications_upload") == 0
    assert raw(company, rami, "UPDATE applications_upload SET removed_at = now()") == 0
    raw(company, own, "DELETE FROM applications_upload", refused="permission denied")
    for actor in (rami, clerk):  # the office takes an adviser's draft over before it writes in it
        added = "SELECT sec.add_upload(%s, 'photos', 'a', %s, 'image/png', 1)"
        raw(company, actor, added, case, "a" * 64, refused="own draft")
        raw(company, actor, "SELECT sec.renew_draft(%s, 1)", case, refused="by who fills it in")
    visitor = Visitor(language="en")
    visitor.get("/duinhaven/apply/bicycle/")
    visitor.send(**{**FIRST, "value": "4,000.00"})
    visitor.send(**SECOND)
    visitor.send()
    visitor.send(files=sent(pdf(), "own.pdf"), go="add")
    assert raw(company, clerk, "SELECT 1 FROM applications_upload") == 1  # the adviser's, not the visitor's
    with given.inside(company):
        assert File.objects.count() >= 2 and not Command.objects.exists()


def test_the_office_process_alone_serves_the_pages(company: Company, settings: Any) -> None:
    nora = Clerk()
    settings.ROOT_URLCONF = "config.urls.office"
    nora.begin("bicycle")
    with_file(nora)
    nora.send()
    nora.send(**DETAILS)
    assert nora.url == at(nora, "review/")
