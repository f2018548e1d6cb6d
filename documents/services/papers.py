"""Rendering and filing the papers of a Case: made once, kept by hash, never changed."""

import gzip
from datetime import date
from typing import Any

from companies.actor import Actor
from companies.models import Company
from companies.trail import record
from documents.models import Case, Document, DocumentKind, File
from documents.rendering.brands import brand_of
from documents.rendering.plain import to_plain
from documents.rendering.render import render
from documents.rendering.renderer import pattern, programs
from documents.store import keep


def file_paper(
    *, case: Case, company: Company, kind: DocumentKind, key: str, reference: str, content: Any, on: date, actor: Actor
) -> Document:
    """Render a paper in the case's language and file it; the one already filed under the key is given back
    unrendered.
    """
    if (found := Document.objects.filter(case=case, key=key).first()) is not None:
        return found
    brand = brand_of(company)
    rendered = render(kind.value, content, language=case.language, brand=brand)
    look = keep(brand.kept(), media_type="application/json", company_id=company.pk)
    file = keep(rendered.pdf, media_type="application/pdf", company_id=company.pk)
    source = keep(
        gzip.compress(rendered.source.encode(), mtime=0), media_type="application/gzip", company_id=company.pk
    )
    document = Document.objects.create(
        case=case,
        kind=kind,
        key=key,
        reference=reference,
        language=case.language,
        file=file,
        source=source,
        pages=rendered.pages,
        source_sha256=rendered.source_sha256,
        fingerprint=rendered.fingerprint,
        content=to_plain(content),
        made_with={"renderer": programs(), "template": pattern(kind.value), "look": look.sha256},
        on=on,
    )
    return filed(document, actor)


def file_enclosed(
    *, case: Case, kind: DocumentKind, reference: str, file: File, pages: int, language: str, on: date, actor: Actor
) -> Document:
    """Put a paper that isn't printed here, of a kind in ENCLOSED, into a case as it is; once for each reference."""
    key = f"{kind.value}:{reference}"
    if (found := Document.objects.filter(case=case, key=key).first()) is not None:
        return found
    document = Document.objects.create(
        case=case, kind=kind, key=key, reference=reference, language=language, file=file, source=file, pages=pages,
        source_sha256=file.sha256, fingerprint="", content={}, on=on,
    )  # fmt: skip
    return filed(document, actor)


def filed(document: Document, actor: Actor) -> Document:
    """The document, with its line in the trail."""
    record(document, "document.filed", actor=actor, on=document.on, kind=document.kind, reference=document.reference)
    return document
