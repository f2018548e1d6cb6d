"""Terms and service documents of a version: uploaded in a draft, approved with it, sent with each quotation of it."""

import io
from datetime import date
from typing import Any

import pikepdf
from django.utils.translation import gettext as _

from common.db import step
from common.errors import BusinessError
from companies.actor import Actor
from companies.trail import record
from documents.intake.take import Taken
from documents.models import File
from documents.store import fetch, keep
from products.models import PaperKind, ProductVersion, VersionPaper
from products.services.drafting import check_draft


@step
def add_paper(*, version_id: int, kind: PaperKind, language: str, taken: Taken, actor: Actor, on: date) -> VersionPaper:
    """Put a harmless PDF beside a draft, in place of the one of its kind and language.

    Raises BusinessError where the draft is another's or none, and for a language that the product doesn't speak.
    """
    version = locked(version_id, actor)
    if language not in version.definition["languages"]:
        raise BusinessError(_("Expected one of the product's languages."), field="language")
    VersionPaper.objects.filter(version=version, kind=kind, language=language).delete()
    paper = VersionPaper.objects.create(
        version=version,
        kind=kind,
        language=language,
        file=kept(taken.content, version.company_id),
        pages=pages_in(taken.content),
    )
    record(version, "product.paper_added", actor=actor, on=on, **told(paper))
    return paper


@step
def remove_paper(*, version_id: int, kind: str, language: str, actor: Actor, on: date) -> None:
    """Take a paper out of a draft. Raises BusinessError where there is none, or the draft is another's or none."""
    version = locked(version_id, actor)
    paper = VersionPaper.objects.select_related("file").filter(version=version, kind=kind, language=language).first()
    if paper is None:
        raise BusinessError(_("That paper isn't there any more."))
    paper.delete()
    record(version, "product.paper_removed", actor=actor, on=on, **told(paper))


def copy_papers(*, old: ProductVersion, new: ProductVersion) -> None:
    """The papers of a version stand beside the draft that follows it, until somebody replaces them."""
    rows = VersionPaper.objects.filter(version=old)
    VersionPaper.objects.bulk_create(
        [VersionPaper(version=new, kind=r.kind, language=r.language, file_id=r.file_id, pages=r.pages) for r in rows]
    )


Carried = list[tuple[str, str, int, bytes]]


def papers_in_hand(version: ProductVersion) -> Carried:
    """Kind, language, pages and bytes of a version's papers, to be carried into the twin."""
    rows = VersionPaper.objects.select_related("file").filter(version=version)
    return [(row.kind, row.language, row.pages, fetch(row.file)) for row in rows]


def put_papers(version: ProductVersion, papers: Carried) -> None:
    """These papers beside a draft in the twin, in place of what it took over from the version before."""
    VersionPaper.objects.filter(version=version).delete()
    for kind, language, pages, content in papers:
        VersionPaper.objects.create(
            version=version, kind=kind, language=language, pages=pages, file=kept(content, version.company_id)
        )


def locked(version_id: int, actor: Actor) -> ProductVersion:
    """The actor's own draft, locked. Raises BusinessError."""
    version = ProductVersion.objects.select_for_update(of=("self",)).select_related("product").get(pk=version_id)
    check_draft(version, actor)
    return version


def told(paper: VersionPaper) -> dict[str, Any]:
    """A paper as the trail tells it."""
    return {
        "number": paper.version.number, "kind": paper.kind, "language": paper.language, "sha256": paper.file.sha256,
    }  # fmt: skip


def kept(content: bytes, company_id: int) -> File:
    """A PDF in the store."""
    [file] = keep([(content, "application/pdf")], company_id=company_id)
    return file


def pages_in(content: bytes) -> int:
    """How many pages a PDF has."""
    with pikepdf.open(io.BytesIO(content)) as file:
        return len(file.pages)
