"""What nobody submitted goes, and nothing else (DESIGN section 6: drafts may be deleted, with trail)."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from applications.models import Application, Draft, Upload
from applications.services.behalf import knock_by_login
from applications.tasks import tidy_all
from companies.links import open_link
from companies.models import LinkKind, TrailEntry
from companies.trail import words
from documents.models import Case, File
from tests import given, world
from tests.applications.test_steps import BICYCLE
from tests.applications.test_uploads import files, sent, visitor_at_files, walk_on  # noqa: F401 the fixture
from tests.hostile.files import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return given.provider("duinhaven", BICYCLE)


def counted(company, *models):
    with given.inside(company):
        return [model.objects.count() for model in models]


def stored(folder):
    return sorted(path.name for path in Path(folder).rglob("*") if path.is_file())


def tidy(company):
    removed = tidy_all()
    given.work(company)
    return removed


def test_an_application_whose_address_ended_goes_with_its_files(company, files, monkeypatch):  # noqa: F811
    visitor = visitor_at_files()
    visitor.send(files=[sent(), sent(pdf(), "invoice.pdf")], go="add")
    assert tidy(company) == 0
    later = timezone.now() + timedelta(days=31)
    monkeypatch.setattr("applications.services.tidy.timezone.now", lambda: later)
    assert tidy(company) == 1
    assert counted(company, Draft, Upload, File, Case) == [0, 0, 0, 1] and stored(files) == []
    with given.inside(company):
        assert TrailEntry.objects.filter(code="application.draft_removed").count() == 1


def test_a_file_taken_out_goes_and_the_others_stay(company, files):  # noqa: F811
    visitor = visitor_at_files()
    visitor.send(files=[sent(), sent(pdf(), "invoice.pdf")], go="add")
    with given.inside(company):
        first, second = Upload.objects.select_related("file").order_by("pk")
    visitor.send(remove=str(first.public_id))
    assert tidy(company) == 1
    assert counted(company, Upload, File) == [1, 1] and stored(files) == [second.file.sha256]


def test_a_file_taken_out_and_added_again_stays(company, files):  # noqa: F811
    visitor = visitor_at_files()
    visitor.send(files=sent(), go="add")
    with given.inside(company):
        (row,) = Upload.objects.all()
    visitor.send(remove=str(row.public_id))
    visitor.send(files=sent(name="again.png"), go="add")
    assert tidy(company) == 0 and len(stored(files)) == 1
    with given.inside(company):
        assert Upload.objects.get().name == "again.png"


def test_a_file_that_another_application_has_stays(company, files):  # noqa: F811
    first, second = visitor_at_files(), visitor_at_files()
    for visitor in (first, second):
        visitor.send(files=sent(), go="add")
    with given.inside(company):
        row = Upload.objects.order_by("pk")[0]
    first.send(remove=str(row.public_id))
    assert tidy(company) == 1
    assert counted(company, Upload, File) == [1, 1] and len(stored(files)) == 1


def test_what_was_submitted_stays_whatever_day_it_is(company, files, monkeypatch, settings):  # noqa: F811
    visitor = visitor_at_files()
    walk_on(visitor)
    later = timezone.now() + timedelta(days=400)
    monkeypatch.setattr("applications.services.tidy.timezone.now", lambda: later)
    assert tidy_all() == 0  # it waits for the worker
    given.work(company)
    assert tidy(company) == 0
    assert counted(company, Application, Upload) == [1, 2] and len(stored(files)) >= 2
    settings.ROOT_URLCONF = "config.urls.everything"
    world.employee(company, "clerk@duinhaven.example", *world.ALL_RIGHTS)
    world.employee(company, "blind@duinhaven.example")
    with given.inside(company):
        row, case = Upload.objects.order_by("pk")[0], Case.objects.get()
    url = f"/duinhaven/office/applications/files/{row.public_id}/"
    clerk = world.client_of("clerk@duinhaven.example")
    page = clerk.get(url)
    assert (
        page["Content-Disposition"] == 'attachment; filename="photo.png"'
        and "sandbox" in page["Content-Security-Policy"]
    )
    assert world.client_of("blind@duinhaven.example").get(url).status_code == 403
    assert url in clerk.get(f"/duinhaven/office/cases/{case.number}/answers/").content.decode()


def test_the_office_sees_no_file_of_an_application_in_the_making(company, files, settings):  # noqa: F811
    visitor = visitor_at_files()
    visitor.send(files=sent(), go="add")
    settings.ROOT_URLCONF = "config.urls.everything"
    world.employee(company, "clerk@duinhaven.example", *world.ALL_RIGHTS)
    with given.inside(company):
        row = Upload.objects.get()
    clerk = world.client_of("clerk@duinhaven.example")
    assert clerk.get(f"/duinhaven/office/applications/files/{row.public_id}/").status_code == 404


def forgotten(company, *, clerk):
    """One draft of an adviser and one of the office, neither sent in."""
    ilse = given.adviser(company)
    return [
        given.draft_on_behalf(company, adviser=ilse, answers={"electric": False}),
        given.draft_on_behalf(company, clerk=clerk, answers={"electric": False}),
    ]


@pytest.fixture
def clerk(company):
    return given.actor_of(given.member(company, "nora@duinhaven.example", "policy-clerk"))


def in_days(monkeypatch, days):
    later = timezone.now() + timedelta(days=days)
    monkeypatch.setattr("applications.services.tidy.timezone.now", lambda: later)


def test_what_a_login_filled_in_and_forgot_is_erased_and_counted(company, clerk, monkeypatch):
    drafts = forgotten(company, clerk=clerk)
    in_days(monkeypatch, 89)
    assert tidy(company) == 0
    in_days(monkeypatch, 3)  # after the 89 days that have gone by
    assert tidy(company) == 2 and tidy(company) == 0
    with given.inside(company):
        for draft in Draft.objects.order_by("pk"):
            assert (draft.answers, draft.parties) == ({}, {}) and draft.discarded_at is not None
        assert TrailEntry.objects.filter(code="draft.lapsed").count() == len(drafts)
        told = TrailEntry.objects.get(code="drafts.tidied")
        assert told.details == {"visitors": 0, "filled_in": 2, "files": 0}
        assert "2 filled in for clients" in words(told)


def test_the_days_are_a_setting(company, clerk, monkeypatch, settings):
    forgotten(company, clerk=clerk)
    settings.UNSENT_DAYS = 10
    in_days(monkeypatch, 11)
    assert tidy(company) == 2


def test_what_the_client_can_still_continue_or_the_worker_has_stays(company, clerk, monkeypatch):
    with_client, sent_in = forgotten(company, clerk=clerk)
    given.draft(company, answers={"electric": False})  # its address lasts 30 days
    with given.inside(company):
        open_link(kind=LinkKind.APPLICATION, case_id=with_client.case_id, addressee="customer",
                  expires_at=timezone.now() + timedelta(days=200))  # fmt: skip
    with given.inside(company, clerk):
        knock_by_login(case_id=sent_in.case_id, kind="apply", command_id=uuid.uuid4(), payload={}, address=None)
    in_days(monkeypatch, 100)
    assert tidy_all() == 1  # the visitor's own
    with given.inside(company):
        assert Draft.objects.filter(discarded_at=None).count() == 2
