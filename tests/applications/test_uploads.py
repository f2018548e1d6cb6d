"""Files of an application: added, taken out, submitted, given back to whom they belong (S0-06, threats A6)."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from applications import quota
from applications.models import Application, Draft, Upload
from companies.actor import Actor, ActorKind
from companies.doors import Door
from documents.models import File
from documents.store import fetch
from tests import given
from tests.applications.test_steps import BICYCLE, FIRST, SECOND
from tests.applications.walk import DETAILS, Visitor
from tests.hostile.files import MARK, pdf, picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    return tmp_path


@pytest.fixture
def company():
    return given.provider("duinhaven", BICYCLE)


def visitor_at_files():
    found = Visitor(language="en")
    found.get("/duinhaven/apply/bicycle/")
    found.send(**{**FIRST, "value": "4,000.00"})
    found.send(**SECOND)
    found.send()  # no losses
    assert found.url.endswith("/file-photos/")
    return found


@pytest.fixture
def visitor(company):
    return visitor_at_files()


def sent(content=None, name="photo.png", kind="image/png"):
    return SimpleUploadedFile(name, picture() if content is None else content, kind)


def uploads(company):
    with given.inside(company):
        return list(Upload.objects.select_related("file").filter(removed_at=None).order_by("pk"))


def draft(company):
    with given.inside(company):
        return Draft.objects.latest("pk")


def test_a_file_is_added_shown_and_given_back(company, visitor):
    visitor.send(files=sent(), go="add")
    assert visitor.url.endswith("/file-photos/") and "photo.png" in visitor.text
    (row,) = uploads(company)
    page = visitor.client.get(f"/duinhaven/apply/a/{visitor.secret}/files/{row.public_id}/")
    assert page["Content-Type"] == "image/png" and page["Content-Disposition"] == 'attachment; filename="photo.png"'
    assert page["X-Content-Type-Options"] == "nosniff" and "sandbox" in page["Content-Security-Policy"]
    with given.inside(company):
        assert page.content == fetch(row.file)
    (told,) = draft(company).answers["photos"]
    assert told == {
        "sha256": row.file.sha256,
        "name": "photo.png",
        "media_type": "image/png",
        "size": len(page.content),
    }


def test_going_on_with_a_file_chosen_takes_it_along(company, visitor):
    visitor.send(files=sent(pdf(), "invoice.pdf"))
    assert visitor.url.endswith("/details/")
    assert [row.name for row in uploads(company)] == ["invoice.pdf"]


def test_going_on_without_the_file_that_is_asked_says_so(company, visitor):
    visitor.send()
    assert "Expected a file here, found none." in visitor.text and visitor.url.endswith("/file-photos/")


def test_leaving_the_page_keeps_the_file_and_confirms_nothing(company, visitor):
    visitor.send(files=sent(), go="later")
    assert visitor.url.endswith("/later/") and len(uploads(company)) == 1
    visitor.get(f"/duinhaven/apply/a/{visitor.secret}/")
    assert visitor.url.endswith("/file-photos/")


def test_two_files_of_one_name_both_stay_and_one_file_twice_stays_once(company, visitor):
    visitor.send(files=[sent(), sent(picture(colour=(1, 2, 3)))], go="add")
    visitor.send(files=sent(), go="add")
    assert [row.name for row in uploads(company)] == ["photo.png", "photo.png"]


def test_a_file_is_taken_out(company, visitor):
    visitor.send(files=[sent(), sent(pdf(), "invoice.pdf")], go="add")
    first = uploads(company)[0]
    visitor.send(remove=str(first.public_id))
    assert [row.name for row in uploads(company)] == ["invoice.pdf"]
    assert len(draft(company).answers["photos"]) == 1
    assert visitor.client.get(f"/duinhaven/apply/a/{visitor.secret}/files/{first.public_id}/").status_code == 404


def test_no_more_than_the_question_takes(company, visitor):
    for shade in range(4):
        visitor.send(files=sent(picture(colour=(shade, 0, 0))), go="add")
    assert "At most 3" in visitor.text and len(uploads(company)) == 3


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "empty.pdf", "is empty"),
        (MARK, "photo.png", "another kind"),
        (b"<svg>" + MARK + b"</svg>", "drawing.svg", "another kind"),
        (b"%PDF-1.7" + b"\0" * 10_000_001, "big.pdf", "too large"),
    ],
)
def test_what_is_not_taken_is_said_and_keeps_what_was(company, visitor, content, name, said):
    visitor.send(files=sent(), go="add")
    visitor.send(files=[sent(content, name), sent(pdf(), "invoice.pdf")], go="add")
    assert f"“{name}”" in visitor.text and said in visitor.text
    assert [row.name for row in uploads(company)] == ["photo.png", "invoice.pdf"]


def test_a_form_beyond_all_bounds_is_not_read(company, visitor, monkeypatch):
    monkeypatch.setattr(quota, "LARGEST_FORM", 1000)
    visitor.send(files=sent(b"%PDF-1.7" + b"\0" * 5000, "big.pdf"), go="add")
    assert "too much at once" in visitor.text and not uploads(company)


def test_another_link_gets_no_file(company, visitor):
    visitor.send(files=sent(), go="add")
    (row,) = uploads(company)
    other = visitor_at_files()
    assert other.client.get(f"/duinhaven/apply/a/{other.secret}/files/{row.public_id}/").status_code == 404
    other.send(remove=str(row.public_id))
    assert len(uploads(company)) == 1


def walk_on(visitor):
    visitor.send(files=[sent(), sent(pdf(), "invoice.pdf")])
    visitor.send(**DETAILS)
    visitor.send(declared="on")


def test_what_was_submitted_holds_the_files_and_keeps_them(company, visitor):
    visitor.send(files=sent(), go="add")
    visitor.get(visitor.url)
    walk_on(visitor)
    given.work(company)
    with given.inside(company):
        application = Application.objects.get()
        assert [file["name"] for file in application.answers["photos"]] == ["photo.png", "invoice.pdf"]
        with pytest.raises(Exception, match="stays"), transaction.atomic():
            Upload.objects.all().delete()
        assert Upload.objects.count() == 2


def test_the_application_tells_the_files_there_are_whatever_the_draft_says(company, visitor):
    visitor.send(files=sent())
    visitor.send(**DETAILS)
    visitor.send(declared="on")
    row = draft(company)
    forged = [{"sha256": "0" * 64, "name": "forged.pdf", "media_type": "application/pdf", "size": 1}]
    with as_visitor(company, row.case_id):
        Draft.objects.filter(pk=row.pk).update(answers={**row.answers, "photos": forged})
    given.work(company)
    with given.inside(company):
        assert [file["name"] for file in Application.objects.get().answers["photos"]] == ["photo.png"]


class as_visitor:  # noqa: N801 reads as a phrase
    """Past the pages, as the public process could run it."""

    def __init__(self, company, case_id):
        actor = Actor(kind=ActorKind.VISITOR, door=Door.FRONT, case_id=case_id)
        self.scope = given.inside(company, actor)

    def __enter__(self):
        given.become("bo_public")
        self.scope.__enter__()

    def __exit__(self, *error):
        self.scope.__exit__(*error)
        given.become("bo_app")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (("photos", "a", "x" * 64, "image/png", 1), "no such file"),
        (("photos", "a", "a" * 64, "text/html", 1), "no such file"),
        (("photos", "a", "a" * 64, "image/png", 0), "no such file"),
        (("photos", "a", "a" * 64, "image/png", 10_000_001), "no such file"),
        (("photos", "", "a" * 64, "image/png", 1), "no such file"),
    ],
)
def test_the_database_takes_no_other_file(company, visitor, values, said):
    case = draft(company).case_id
    with as_visitor(company, case), pytest.raises(Exception, match=said), transaction.atomic():
        connection.cursor().execute("SELECT sec.add_upload(%s, %s, %s, %s, %s, %s)", [case, *values])


def test_a_public_door_writes_no_file_by_itself(company, visitor):
    visitor.send(files=sent(), go="add")
    statements = (
        "INSERT INTO documents_file (sha256, media_type, size) VALUES (repeat('a', 64), 'image/png', 1)",
        "DELETE FROM documents_file",
        "UPDATE documents_file SET size = 2",
        "UPDATE applications_upload SET name = 'x'",
        "SELECT sec.drop_file(repeat('a', 64))",
    )
    for statement in statements:
        with (
            as_visitor(company, draft(company).case_id),
            pytest.raises(Exception, match="denied"),
            transaction.atomic(),
        ):
            connection.cursor().execute(statement)
    with as_visitor(company, 0):
        assert not Upload.objects.exists() and not File.objects.exists()


@pytest.mark.parametrize(
    ("name", "served"),
    [('a".png', "a.png"), ("../b;c=d.png", "b;c=d.png")],
)
def test_a_hostile_name_stays_inside_its_header(company, visitor, name, served):
    visitor.send(files=sent(name=name), go="add")
    (row,) = uploads(company)
    page = visitor.client.get(f"/duinhaven/apply/a/{visitor.secret}/files/{row.public_id}/")
    assert page["Content-Disposition"] == f'attachment; filename="{served}"' and not page.cookies


def test_bytes_lie_outside_the_web_root_under_their_hash(company, visitor, files):
    visitor.send(files=sent(name="../../photo.png"), go="add")
    (row,) = uploads(company)
    found = [path for path in Path(files).rglob("*") if path.is_file()]
    assert [path.name for path in found] == [row.file.sha256]
