"""A paper proves itself: its bytes in the archive, and the same bytes from content, look and template."""

import io
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction

from companies.models import Company
from documents.models import Document, DocumentKind
from documents.rendering import render as rendering
from documents.rendering import renderer
from documents.rendering.text import pages_of
from documents.services.prove import prove_document
from documents.store import fetch
from tests import given
from tests.chain import scenes
from tests.chain.test_american import KIND as AMERICAN
from tests.chain.test_german_refusal import GLASS_ALONE
from tests.policies import withdrawing

pytestmark = pytest.mark.django_db
CHAIN = {"quotation", "ipid", "application", "policy", "invoice", "withdrawal"}


@pytest.fixture(scope="module")
def filed(django_db_setup: Any, django_db_blocker: Any) -> Iterator[tuple[Company, Any]]:
    """A policy with its papers, built once; what a test writes is rolled back, and the store is put in order again."""
    with django_db_blocker.unblock(), transaction.atomic():
        company = given.provider()
        yield company, given.policy(company)
        transaction.set_rollback(True)


@contextmanager
def in_store(document: Document, content: bytes | None) -> Iterator[None]:
    """Other bytes in the store, or none, for a while."""
    path, whole = document.file.path, fetch(document.file)
    default_storage.delete(path)
    if content is not None:
        default_storage.save(path, ContentFile(content))
    try:
        yield
    finally:
        if content is not None:
            default_storage.delete(path)
        default_storage.save(path, ContentFile(whole))


def paper(kind: str) -> Document:
    """The one paper of a kind; called inside the company."""
    return Document.objects.select_related("file", "source").get(kind=kind)


def printed(*arguments: str) -> tuple[int, dict[str, Any]]:
    """What the command prints, and how it ends."""
    out = io.StringIO()
    with redirect_stdout(out):
        try:
            call_command("document_prove", *arguments, "--json", stdout=out)
            code = 0
        except SystemExit as end:
            code = int(str(end.code))
    return code, json.loads(out.getvalue())


@pytest.fixture
def other_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Templates of a later day, in a folder that a test may change; what a process keeps of the old is forgotten."""
    folder = tmp_path / "documents"
    shutil.copytree(renderer.TEMPLATES, folder)
    kept = (renderer.pattern, renderer.ingredients, renderer.fingerprint, rendering._engine)
    monkeypatch.setattr(renderer, "TEMPLATES", folder)
    monkeypatch.setattr(rendering, "TEMPLATES", folder)
    for cached in kept:
        cached.cache_clear()
    yield folder
    for cached in kept:
        cached.cache_clear()


@pytest.mark.parametrize(
    ("language", "slug", "product", "at", "facts"),
    [
        ("nl", "kustwacht", given.TRAILER, given.DUTCH, {}),
        ("en", "kustwacht", given.TRAILER, given.DUTCH, {}),
        ("de", "lindenquell", "products/catalogue/de-contents-glass.json", given.GERMAN,
         {"answers": withdrawing.GERMAN_ANSWERS, "holder": withdrawing.GERMAN_HOLDER}),
    ],
)  # fmt: skip
def test_every_paper_of_the_chain_is_proven(language, slug, product, at, facts):
    company = given.provider(slug, product, at=at)
    policy = given.policy(company, language=language, **facts)
    assert withdrawing.withdrawn(company, policy).state == "done"
    given.work(company)
    with given.inside(company):
        found = list(Document.objects.select_related("file", "source").filter(case=policy.case_id))
        assert {row.kind for row in found} == CHAIN
        for row in found:
            assert row.language == language
            proof = prove_document(row)
            assert proof.told() == {
                "archived_hash_ok": True, "renderer_equal": True, "rendered_equal": True, "difference": None,
            }, row.kind  # fmt: skip
            assert proof.proven


def test_a_summary_of_cover_is_proven():
    company = given.provider("bluestem-test", "tests/products/us-test.json", at=given.AMERICAN)
    quotation = given.quotation(company, **AMERICAN)
    with given.inside(company):
        kinds = {row.kind: prove_document(row).proven for row in Document.objects.filter(case=quotation.case_id)}
    assert kinds == {"quotation": True, "summary": True, "application": True}


def test_a_letter_of_refusal_is_proven():
    company = given.provider("zandwijk", "products/catalogue/de-contents-glass.json", at=given.GERMAN)
    draft = given.draft(company, answers=GLASS_ALONE, holder=withdrawing.GERMAN_HOLDER, language="de")
    assert scenes.applied(company, draft).outcome["outcome"] == "decline"
    given.work(company)
    with given.inside(company):
        assert prove_document(paper("decision")).proven
    assert {kind.value for kind in DocumentKind} == CHAIN | {
        "summary",
        "decision",
        "terms",
        "service",
    }  # no kind is left out; the last two: products/test_papers


def test_the_command_prints_the_shape_and_ends_with_0(filed):
    company, _policy = filed
    with given.inside(company):
        document = paper("policy")
    for name in (str(document.public_id), str(document.pk)):
        code, told = printed(name, "--company", company.slug)
        assert code == 0
        assert list(told) == ["archived_hash_ok", "renderer_equal", "rendered_equal", "difference"]
        assert told == {"archived_hash_ok": True, "renderer_equal": True, "rendered_equal": True, "difference": None}


@pytest.mark.parametrize(("name", "slug"), [("0", "duinhaven"), ("nonsense", "duinhaven"), ("1", "nowhere")])
def test_a_name_of_nothing_is_wrong_use(filed, name, slug):
    with pytest.raises(CommandError) as error:
        call_command("document_prove", name, "--company", slug, "--json")
    assert error.value.returncode == 2


def test_a_document_of_another_company_is_none(filed):
    company, _policy = filed
    with given.inside(company):
        document = paper("policy")
    given.company("zandwijk")
    with pytest.raises(CommandError):
        call_command("document_prove", str(document.public_id), "--company", "zandwijk")


def test_a_changed_byte_in_the_store_is_found(filed):
    company, _policy = filed
    with given.inside(company):
        document = paper("policy")
        content = bytearray(fetch(document.file))
    content[len(content) // 2] ^= 1
    with in_store(document, bytes(content)):
        code, told = printed(str(document.public_id), "--company", company.slug)
    assert code == 1
    assert told["archived_hash_ok"] is False and document.file.sha256 in told["difference"]
    # and: what was sent can still be printed from what it was made of
    assert told["rendered_equal"] is True


def test_missing_bytes_are_found(filed):
    company, _policy = filed
    with given.inside(company):
        document = paper("invoice")
    with in_store(document, None):
        code, told = printed(str(document.public_id), "--company", company.slug)
    assert code == 1 and told["archived_hash_ok"] is False and "isn't in the store" in told["difference"]


def test_a_changed_template_is_named(filed, other_templates):
    company, _policy = filed
    page = other_templates / "policy.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("<h1>", "<h1>Old: ", 1), encoding="utf-8")
    with given.inside(company):
        document, other = paper("policy"), paper("invoice")
    code, told = printed(str(document.public_id), "--company", company.slug)
    assert code == 1
    assert (told["archived_hash_ok"], told["renderer_equal"], told["rendered_equal"]) == (True, True, False)
    assert "Changed since it was printed: policy.html." in told["difference"]
    assert "Old: " in told["difference"] and "From its kept source it prints the same bytes." in told["difference"]
    # but: a paper that isn't made of it is proven as before
    assert printed(str(other.public_id), "--company", company.slug)[0] == 0


def test_a_lost_source_is_told_beside_what_differs(filed, other_templates):
    company, _policy = filed
    page = other_templates / "policy.html"
    page.write_text(page.read_text(encoding="utf-8").replace("<h1>", "<h1>Old: ", 1), encoding="utf-8")
    with given.inside(company):
        document = paper("policy")
        path, whole = document.source.path, fetch(document.source)
        default_storage.delete(path)
        try:
            proof = prove_document(document)
        finally:
            default_storage.save(path, ContentFile(whole))
    assert (proof.archived_hash_ok, proof.rendered_equal) == (True, False)
    assert proof.difference is not None
    assert f"Archive: File {document.source.sha256} isn't in the store." in proof.difference
    assert "Text of page 1: expected " in proof.difference


def test_another_renderer_is_named_and_the_text_compared(filed, monkeypatch):
    company, _policy = filed
    monkeypatch.setattr("documents.services.prove.programs", lambda: {**renderer.programs(), "weasyprint": "71.0"})
    with given.inside(company):
        same = prove_document(paper("policy"))
    assert (same.renderer_equal, same.rendered_equal, same.difference) == (False, True, None)
    # and: where it prints other bytes too, text and pages are compared
    monkeypatch.setattr(renderer, "VARIANT", "pdf/ua-2")
    with given.inside(company):
        other = prove_document(paper("policy"))
    assert (other.archived_hash_ok, other.renderer_equal, other.rendered_equal) == (True, False, False)
    assert other.difference is not None
    assert "Printed with weasyprint 70.0, here is 71.0." in other.difference
    assert "Text and number of pages are the same." in other.difference


def test_changed_content_is_found_with_its_place(filed):
    company, _policy = filed
    with given.inside(company):
        document = paper("policy")
        document.content["product"] = "Somebody Else"  # as if the row had been written otherwise
        proof = prove_document(document)
    assert proof.archived_hash_ok and not proof.rendered_equal
    assert proof.difference is not None
    assert "Line " in proof.difference and "Somebody Else" in proof.difference


def test_the_text_that_is_compared_is_what_another_reader_finds(filed):
    company, _policy = filed
    with given.inside(company):
        for row in Document.objects.select_related("file"):
            content = fetch(row.file)
            ours = "".join(pages_of(content))
            theirs = "".join(scenes.text_of(content).split())
            assert len(pages_of(content)) == row.pages
            assert sorted(ours) == sorted(theirs), row.kind
