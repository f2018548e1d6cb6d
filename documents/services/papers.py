"""Rendering and filing the papers of a Case: made once, kept by hash, never changed."""

import gzip
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from companies.actor import Actor
from companies.models import Company
from companies.rows import insert_rows
from companies.trail import Note, record_many
from documents.models import Case, Document, DocumentKind, File
from documents.rendering.brands import brand_of
from documents.rendering.contents import Binding, Paper
from documents.rendering.errors import PaperError
from documents.rendering.plain import to_plain
from documents.rendering.render import LANGUAGES, Rendered, render
from documents.rendering.renderer import pattern, programs
from documents.store import keep

log = logging.getLogger("polisdesk.papers")


@dataclass(frozen=True, slots=True)
class Print:
    """What is to be printed: of which kind and number, with which content; `key` says what it is the paper of.

    A translation is printed in its `language` beside the paper it `translates`; others in the case's language.
    """

    kind: DocumentKind
    key: str
    reference: str
    content: Any
    language: str = ""
    translates: Document | None = None


def other_languages(language: str, spoken: Iterable[str]) -> list[str]:
    """In which languages a paper can be told beside its own, of those that its product speaks."""
    return sorted({*spoken} & LANGUAGES - {language})


def translation_of(document: Document, content: Any, language: str) -> Print:
    """A filed paper's content told in another language; it names by language and hash the paper that counts."""
    binding = Binding(language=document.language, sha256=document.file.sha256)
    return Print(
        DocumentKind(document.kind), f"{document.key}:{language}", document.reference,
        replace(content, translates=binding), language, document,
    )  # fmt: skip


def file_papers(*, case: Case, company: Company, prints: Sequence[Print], on: date, actor: Actor) -> list[Document]:
    """Render papers and file them; those already filed under their keys are given back unrendered."""
    filed = filed_under(case, [each.key for each in prints])
    made = print_papers(case, company, [each for each in prints if each.key not in filed], on)
    filed |= told(made, actor=actor)
    return [filed[each.key] for each in prints]


def file_told(
    *, case: Case, company: Company, papers: Sequence[Document], language: str, spoken: Iterable[str],
    tell: Callable[[str], Mapping[DocumentKind, Paper]], on: date, actor: Actor,
) -> list[Document]:  # fmt: skip
    """Printed papers once more in a reader's own language, where that is another one that their product speaks; `tell`
    says what each kind holds in it. None where they can't be printed so: the papers that count go out all the same.
    """
    if language not in other_languages(case.language, spoken):
        return []
    try:
        contents = tell(language)
        prints = [
            translation_of(row, contents[DocumentKind(row.kind)], language) for row in papers if row.kind in contents
        ]
        return file_papers(case=case, company=company, prints=prints, on=on, actor=actor)
    except PaperError as error:
        log.warning("The papers of case %s can't be told in %s: %s", case.pk, language, type(error).__name__)
        return []


def file_enclosed(*, case: Case, enclosed: Sequence[Document], actor: Actor) -> list[Document]:
    """Put papers that aren't printed here, of a kind in ENCLOSED, into a case as they are; each once."""
    filed = filed_under(case, [row.key for row in enclosed])
    filed |= told(insert_rows([row for row in enclosed if row.key not in filed]), actor=actor)
    return [filed[row.key] for row in enclosed]


def filed_under(case: Case, keys: list[str]) -> dict[str, Document]:
    """The papers of a case that are filed under these keys."""
    return {row.key: row for row in Document.objects.filter(case=case, key__in=keys)} if keys else {}


def told(documents: Sequence[Document], *, actor: Actor) -> dict[str, Document]:
    """Papers just filed by their keys, each with its line in the trail."""
    record_many([Note(row, "document.filed", row.on, details=details_of(row)) for row in documents], actor=actor)
    return {row.key: row for row in documents}


def details_of(document: Document) -> dict[str, str]:
    """What the trail keeps of a paper: kind and reference, of a translation its language."""
    language = {"language": document.language} if document.translates_id else {}
    return {"kind": str(document.kind), "reference": document.reference, **language}


def print_papers(case: Case, company: Company, prints: Sequence[Print], on: date) -> list[Document]:
    """Papers that weren't filed before, as their rows; bytes, sources and the company's look are kept at once."""
    if not prints:
        return []
    brand = brand_of(company)
    printed = [
        render(each.kind.value, each.content, language=each.language or case.language, brand=brand) for each in prints
    ]
    sources = [gzip.compress(rendered.source.encode(), mtime=0) for rendered in printed]
    look, *files = keep(
        [
            (brand.kept(), "application/json"),
            *((rendered.pdf, "application/pdf") for rendered in printed),
            *((source, "application/gzip") for source in sources),
        ],
        company_id=company.pk,
    )
    count = len(prints)
    return insert_rows(
        [
            document_of(case, each, rendered, (file, source, look), on)
            for each, rendered, file, source in zip(prints, printed, files[:count], files[count:], strict=True)
        ]
    )


def document_of(case: Case, each: Print, rendered: Rendered, kept: tuple[File, File, File], on: date) -> Document:
    """The row of a printed paper, with its file, source and look."""
    file, source, look = kept
    return Document(
        case=case,
        kind=each.kind,
        key=each.key,
        reference=each.reference,
        language=each.language or case.language,
        translates=each.translates,
        file=file,
        source=source,
        pages=rendered.pages,
        source_sha256=rendered.source_sha256,
        fingerprint=rendered.fingerprint,
        content=to_plain(each.content),
        made_with={"renderer": programs(), "template": pattern(each.kind.value), "look": look.sha256},
        on=on,
    )
