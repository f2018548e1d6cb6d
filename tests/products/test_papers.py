"""Terms and service documents of a version: added in a draft, approved with it, sent with each quotation."""

import json
import threading
import time

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, connection, transaction

from common.errors import BusinessError
from companies.models import Company, Membership, TrailEntry, User
from correspondence.models import Message
from documents.intake.take import Taken
from documents.models import Document
from documents.services.prove import prove_document
from documents.store import fetch
from products.models import PaperKind, ProductVersion, VersionPaper
from products.selectors import papers_for
from products.services import life
from products.services.papers import add_paper, remove_paper
from products.views import address_of
from tests import given
from tests.conftest import role_connection
from tests.contexts import browser_of, set_context

pytestmark = pytest.mark.django_db
DEFINITION = json.loads((given.ROOT / given.TRAILER).read_text(encoding="utf-8"))


@pytest.fixture
def company():
    return given.provider(papers=True)


@pytest.fixture
def author(company):
    with given.inside(company):
        return given.actor_of(Membership.objects.get(user__email="author@duinhaven.example"))


@pytest.fixture
def draft(company, author):
    with given.inside(company, author):
        return life.draft_version(definition=DEFINITION, company=company, actor=author, on=given.DAY)


def add(draft, author, kind=PaperKind.SERVICE, language="nl", content=b"", pages=1):
    taken = Taken(content or given.blank_pdf(pages), "application/pdf", "paper.pdf")
    return add_paper(version_id=draft.pk, kind=kind, language=language, taken=taken, actor=author, on=given.DAY)


def test_a_new_draft_has_the_papers_of_the_version_before(company, draft):
    with given.inside(company):
        live = ProductVersion.objects.get(state="live")
        assert [(row.kind, row.language) for row in VersionPaper.objects.filter(version=draft)] == [("terms", "nl")]
        assert VersionPaper.objects.filter(version=live).count() == 1


def test_a_paper_takes_the_place_of_the_one_of_its_kind_and_language(company, draft, author):
    with given.inside(company, author):
        add(draft, author, PaperKind.TERMS, pages=3)
        add(draft, author, PaperKind.TERMS, language="en", pages=2)
        found = {row.language: row.pages for row in VersionPaper.objects.filter(version=draft)}
        assert found == {"nl": 3, "en": 2}
        remove_paper(version_id=draft.pk, kind="terms", language="en", actor=author, on=given.DAY)
        told = [row.code for row in TrailEntry.objects.order_by("pk") if row.code.startswith("product.paper")]
        assert told[-3:] == ["product.paper_added", "product.paper_added", "product.paper_removed"]


def test_a_language_that_the_product_does_not_speak_is_refused(company, draft, author):
    with given.inside(company, author), pytest.raises(BusinessError) as error:
        add(draft, author, language="fr")
    assert error.value.field == "language"


def test_nothing_is_changed_beside_a_submitted_version_or_anothers_draft(company, draft, author):
    other = given.actor_of(given.member(company, "second@duinhaven.example", "product-developer"))
    with given.inside(company, other), pytest.raises(BusinessError):
        add(draft, other)
    with given.inside(company, author):
        life.submit_version(version=draft, actor=author, on=given.DAY)
        with pytest.raises(BusinessError):
            add(draft, author)
        with pytest.raises(BusinessError):
            remove_paper(version_id=draft.pk, kind="terms", language="nl", actor=author, on=given.DAY)


@pytest.mark.parametrize(
    "statement",
    [
        "insert into products_versionpaper (version_id, kind, language, file_id, pages) "
        "select version_id, 'service', language, file_id, pages from products_versionpaper",
        "delete from products_versionpaper",
        "update products_versionpaper set pages = 9",
    ],
)
def test_the_database_refuses_a_change_beside_a_live_version(company, statement):
    with given.inside(company), pytest.raises((IntegrityError, ProgrammingError)) as error, transaction.atomic():
        connection.cursor().execute(statement)
    assert isinstance(error.value.__cause__, (psycopg.errors.IntegrityError, psycopg.errors.InsufficientPrivilege))


def test_they_travel_with_the_quotation_as_they_were_uploaded_and_prove_themselves(company):
    quotation = given.quotation(company)
    with given.inside(company):
        paper = VersionPaper.objects.select_related("file").get(version__state="live")
        document = Document.objects.select_related("file", "source").get(case=quotation.case_id, kind="terms")
        assert fetch(document.file) == fetch(paper.file) == given.blank_pdf()
        assert (document.pages, document.language, document.filename) == (1, "nl", f"terms-{document.reference}.pdf")
        mail = Message.objects.get(case=quotation.case_id, addressee="customer")
        assert [row.document.kind for row in mail.enclosures.order_by("position")] == [
            "quotation", "ipid", "application", "terms",
        ]  # fmt: skip
        assert prove_document(document).told() == {
            "archived_hash_ok": True, "renderer_equal": True, "rendered_equal": True, "difference": None,
        }  # fmt: skip


def test_the_order_keeps_which_terms_were_shown(company):
    policy = given.policy(company)
    with given.inside(company):
        shown = {row["kind"] for row in policy.order.documents}
    assert shown == {"quotation", "ipid", "application", "terms"}


def test_terms_in_another_language_go_out_rather_than_none(company):
    quotation = given.quotation(company, language="en")
    with given.inside(company):
        assert Document.objects.get(case=quotation.case_id, kind="terms").language == "nl"


def test_of_each_kind_the_reader_gets_one_in_his_language_else_in_english(company, draft, author):
    with given.inside(company, author):
        add(draft, author, PaperKind.TERMS, language="en")
        add(draft, author, PaperKind.SERVICE, language="nl")
        assert [(row.kind, row.language) for row in papers_for(draft, "nl")] == [("terms", "nl"), ("service", "nl")]
        assert [(row.kind, row.language) for row in papers_for(draft, "de")] == [("terms", "en"), ("service", "nl")]


def test_the_twin_gets_them_too(company):
    with given.inside(Company.objects.get(rehearsal_of=company)):
        paper = VersionPaper.objects.select_related("file").get(version__state="live")
        assert fetch(paper.file) == given.blank_pdf()


def test_an_author_adds_opens_and_takes_out_a_paper(company, draft, author):
    browser, base = browser_of(User.objects.get(pk=author.user_id)), address_of("duinhaven", draft)
    file = SimpleUploadedFile("terms.pdf", given.blank_pdf(2), "application/pdf")
    done = browser.post(f"{base}papers/new/", {"kind": "service", "language": "nl", "file": file})
    assert (done.status_code, done["Location"]) == (302, base)
    page = browser.get(base).content.decode()
    assert "Service document" in page and "2 pages" in page
    opened = browser.get(f"{base}papers/service/nl/")
    assert opened["Content-Type"] == "application/pdf" and "sandbox" in opened["Content-Security-Policy"]
    browser.post(f"{base}papers/service/nl/remove/")
    assert browser.get(f"{base}papers/service/nl/").status_code == 404


@pytest.mark.parametrize("content", [b"", b"MZ no pdf", b"%PDF-1.7 broken", b"\x89PNG\r\n\x1a\n"])
def test_another_file_than_a_pdf_is_refused_in_words(company, draft, author, content):
    browser, base = browser_of(User.objects.get(pk=author.user_id)), address_of("duinhaven", draft)
    file = SimpleUploadedFile("terms.pdf", content, "application/pdf")
    done = browser.post(f"{base}papers/new/", {"kind": "terms", "language": "nl", "file": file})
    assert done.status_code == 422
    assert any(word in done.content.decode() for word in ("is empty", "is damaged", "of another kind"))


def raw_papers_and_state(company, draft, first, second):
    """Two raw logins at once: the second one's statement meets the first one's, which isn't committed yet. What the
    second was told, or that it was done.
    """
    told, started = [], threading.Event()

    def meet() -> None:
        with role_connection("bo_app") as late:
            try:
                with late.transaction():
                    set_context(late, company=company.pk, door="worker")
                    started.set()
                    late.execute(second, {"draft": draft.pk})
                told.append("done")
            except psycopg.Error as error:
                told.append(str(error.diag.message_primary))

    other = threading.Thread(target=meet)
    with role_connection("bo_app") as early, role_connection("bo_app") as watching, early.transaction():
        set_context(early, company=company.pk, door="worker")
        early.execute(first, {"draft": draft.pk})
        other.start()
        assert started.wait(20)
        until = time.monotonic() + 20
        while not told and time.monotonic() < until:
            if watching.execute("select exists (select from pg_locks where not granted)").fetchone() == (True,):
                break
            time.sleep(0.01)
        assert told == [], "the second waits"
    other.join(20)
    return told


HAND_IN = "update products_productversion set state = 'submitted' where id = %(draft)s"
PUT = (
    "insert into products_versionpaper (version_id, kind, language, file_id, pages) "
    "select version_id, 'service', 'nl', file_id, pages from products_versionpaper where version_id = %(draft)s"
)
TAKE_OUT = "delete from products_versionpaper where version_id = %(draft)s"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("first", "second", "said", "papers"),
    [
        (HAND_IN, PUT, "papers are added to and taken out of a draft", 1),
        (HAND_IN, TAKE_OUT, "papers are added to and taken out of a draft", 1),
        (PUT, HAND_IN, "done", 2),
    ],
    ids=["put beside it", "taken out", "handed in"],
)
def test_no_paper_comes_or_goes_beside_a_draft_that_is_handed_in_at_that_moment(
    company, draft, first, second, said, papers
):
    assert raw_papers_and_state(company, draft, first, second) == [said]
    with given.inside(company):
        assert ProductVersion.objects.get(pk=draft.pk).state == "submitted"
        assert VersionPaper.objects.filter(version=draft).count() == papers
