"""A paper told in another language: the same data, beside the paper that counts, which it names by its hash."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from common.errors import BusinessError
from companies.actor import ROBOT
from companies.models import Company
from correspondence.models import Message
from documents.models import Document
from documents.rendering.errors import PaperTooLarge
from documents.rendering.plain import from_plain
from documents.rendering.render import render
from documents.rendering.text import pages_of
from documents.services.prove import prove_document
from documents.store import fetch
from policies.models import Policy
from policies.services.translate import translate_paper
from quotations.models import Quotation
from relations.models import Party
from tests import given

pytestmark = pytest.mark.django_db
PRINTED = ["application", "invoice", "ipid", "policy", "quotation"]


@pytest.fixture(scope="module")
def english(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Company]:
    """A Dutch policy that an English-speaking adviser brought."""
    with django_db_blocker.unblock(), transaction.atomic():
        company = given.provider("duinzicht")
        given.adviser(company, language="en")
        given.policy(company, code="ilse-markus")
        yield company
        transaction.set_rollback(True)


def paper(kind: str, language: str = "nl") -> Document:
    """The one paper of a kind in a language; called inside the company."""
    return Document.objects.select_related("file", "source", "case").get(kind=kind, language=language)


def text_of(document: Document) -> str:
    """Its signs without blanks."""
    return "".join("".join(pages_of(fetch(document.file))).split())


def told(document: Document, company: Company, language: str = "en") -> Document:
    return translate_paper(document=document, language=language, company=company, actor=ROBOT, on=given.DAY)


@pytest.mark.parametrize("kind", PRINTED)
def test_same_paper_in_english_names_the_dutch_one_by_its_hash(issued: tuple[Company, Policy], kind: str) -> None:
    company, _policy = issued
    with given.inside(company):
        dutch, english = paper(kind), told(paper(kind), company)
        assert (english.translates_id, english.language, english.reference) == (dutch.pk, "en", dutch.reference)
        text = text_of(english)
        assert f"Thisisatranslation.ThepaperinDutchistheonethatcounts(SHA-256{dutch.file.sha256})" in text
        assert prove_document(paper(kind, "en")).proven
        assert told(dutch, company).pk == english.pk, "told twice it is the same"
        assert "vertaling" not in text_of(dutch)


def test_the_translation_has_the_same_amounts_and_days(issued: tuple[Company, Policy]) -> None:
    company, _policy = issued
    with given.inside(company):
        dutch = paper("policy")
        one, other = (from_plain("policy", row.content) for row in (dutch, told(dutch, company)))
    for name in ("number", "premium", "plan", "valid_from", "term_until", "currency"):
        mine, its = getattr(one, name), getattr(other, name)
        if name == "premium":
            mine, its = (mine.net, mine.total, mine.rounding), (its.net, its.total, its.rounding)
        if name == "plan":
            mine, its = (mine.instalments, mine.total), (its.instalments, its.total)
        assert mine == its, name


@pytest.mark.parametrize("language", ["nl", "de", "fr", "xx", ""])
def test_no_language_that_the_product_does_not_speak(issued: tuple[Company, Policy], language: str) -> None:
    company, _policy = issued
    with given.inside(company), pytest.raises(BusinessError, match="doesn’t speak it"):
        told(paper("policy"), company, language)


def test_a_translation_is_not_translated(issued: tuple[Company, Policy]) -> None:
    company, _policy = issued
    with given.inside(company):
        english = told(paper("policy"), company)
        with pytest.raises(BusinessError, match="doesn’t speak it"):
            told(english, company, "nl")


def test_what_has_changed_since_is_not_told_as_if_it_had_been_sent(issued: tuple[Company, Policy]) -> None:
    company, policy = issued
    with given.inside(company):
        Party.objects.filter(pk=policy.adviser_id or 0).update(phone="0118 99 99 99")
        with pytest.raises(BusinessError, match="has changed since it was sent"):
            told(paper("policy"), company)
        assert Document.objects.exclude(translates=None).count() == 0


def test_an_adviser_has_the_papers_in_his_own_language_too(english: Company) -> None:
    with given.inside(english):
        translations = Document.objects.exclude(translates=None)
        assert sorted(translations.values_list("kind", flat=True)) == PRINTED
        assert {row.language for row in translations} == {"en"}
        for message in Message.objects.exclude(key__startswith="access"):
            enclosed = [enclosure.document for enclosure in message.enclosures.select_related("document")]
            both = {document.language for document in enclosed}
            assert both == ({"nl", "en"} if message.addressee == "adviser" else {"nl"}), message.key
        assert Quotation.objects.get().state == "ordered", "the papers that count were those before the customer’s eyes"


@pytest.fixture
def no_room_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """An English paper has more lines than its page."""

    def printed(*args: Any, language: str, **options: Any) -> Any:
        if language == "en":
            raise PaperTooLarge("The lines are too many.")
        return render(*args, language=language, **options)

    monkeypatch.setattr("documents.services.papers.render", printed)


def test_a_translation_that_has_no_room_is_refused_in_words(
    issued: tuple[Company, Policy], no_room_in_english: None
) -> None:
    company, _policy = issued
    with given.inside(company), pytest.raises(BusinessError, match=r"can’t be printed in that language: The lines"):
        told(paper("ipid"), company)


def test_the_papers_that_count_go_out_where_the_advisers_language_has_no_room(no_room_in_english: None) -> None:
    company = given.provider("duinrand")
    given.adviser(company, language="en")
    given.policy(company, code="ilse-markus")
    with given.inside(company):
        assert not Document.objects.exclude(translates=None).exists()
        sent = [(row.addressee, row.enclosures.count()) for row in Message.objects.exclude(key__startswith="access")]
    assert sorted(sent) == [("adviser", 3), ("adviser", 3), ("customer", 3), ("customer", 3)]


def test_a_mail_says_in_which_language_it_is_written(english: Company) -> None:
    with given.inside(english):
        spoken = {(row.addressee, row.language) for row in Message.objects.exclude(key__startswith="access")}
    assert spoken == {("customer", "nl"), ("adviser", "en")}


WRONG = {
    "another kind": "kind = 'invoice'",
    "another number": "reference = 'O-2026-999999'",
    "the same language": "language = 'nl'",
}


@pytest.mark.parametrize("change", WRONG)
def test_the_database_takes_no_translation_of_another_paper(issued: tuple[Company, Policy], change: str) -> None:
    company, _policy = issued
    column, value = WRONG[change].split(" = ")
    columns = {field.column: f'"{field.column}"' for field in Document._meta.concrete_fields if field.name != "id"}
    columns |= {"public_id": "gen_random_uuid()", "key": "key || ':en'", "language": "'en'", "translates_id": "id"}
    names = ", ".join(f'"{name}"' for name in columns)
    copy = f"INSERT INTO documents_document ({names}) SELECT %s FROM documents_document WHERE kind = 'policy'"
    with given.inside(company), connection.cursor() as cursor:
        with transaction.atomic():
            cursor.execute(copy % ", ".join(columns.values()))
            transaction.set_rollback(True)
        with pytest.raises(IntegrityError, match="in another language"), transaction.atomic():
            cursor.execute(copy % ", ".join((columns | {column: value}).values()))
