"""document_prove ID --company C [--json]: whether a paper's bytes are those that were sent, and print the same anew."""

import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db.models import QuerySet

from companies.management.base import CompanyReport
from companies.models import Company
from documents.models import Document
from documents.services.prove import prove_document


class Command(CompanyReport):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("id", metavar="ID", help="the document's public id, as in its address, or its row's number")

    def report_on(self, company: Company, **options: Any) -> tuple[dict[str, Any], bool]:
        document = named(Document.objects.select_related("file", "source"), options["id"]).first()
        if document is None:
            raise CommandError(f"Expected a document of {company.slug}, found {options['id']!r}.", returncode=2)
        proof = prove_document(document)
        return proof.told(), proof.proven


def named(documents: QuerySet[Document], told: str) -> QuerySet[Document]:
    """The document that somebody names; none where it can't be a name of one."""
    if told.isascii() and told.isdigit() and len(told) <= 18:
        return documents.filter(pk=int(told))
    try:
        return documents.filter(public_id=uuid.UUID(told))
    except ValueError:
        return documents.none()
