"""Papers of a Case as they were sent, byte for byte (S0-21)."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from companies.models import PartCode, Right
from companies.views import RoomView
from documents.intake.take import clean_name
from documents.models import Document, DocumentKind
from documents.selectors import documents_visible_to
from documents.store import fetch

K = DocumentKind
PART_OF = {
    K.APPLICATION: PartCode.APPLICATIONS,
    K.QUOTATION: PartCode.QUOTATIONS,
    K.IPID: PartCode.QUOTATIONS,
    K.SUMMARY: PartCode.QUOTATIONS,
    K.POLICY: PartCode.POLICIES,
    K.INVOICE: PartCode.INVOICES,
    K.DECISION: PartCode.ACCEPTANCE,
    K.WITHDRAWAL: PartCode.POLICIES,
    K.TERMS: PartCode.QUOTATIONS,
    K.SERVICE: PartCode.QUOTATIONS,
}
CASE_PARTS = (PartCode.APPLICATIONS, PartCode.QUOTATIONS, PartCode.POLICIES)


def sees_cases(rights: frozenset[tuple[str, str]]) -> bool:
    """Whether an employee may open a Case: who may view applications, quotations or policies."""
    return any((part.value, Right.VIEW.value) in rights for part in CASE_PARTS)


def paper_response(document: Document) -> HttpResponse:
    """A paper's bytes as they were kept, shown but never run, whole, not streamed."""
    return shown_file(fetch(document.file), document.file.media_type, document.filename)


def shown_file(content: bytes, media_type: str, name: str) -> HttpResponse:
    """Bytes of the store in the browser: no sniffing, a sandbox around them."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(False, clean_name(name)) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    return response


def papers_for(rights: frozenset[tuple[str, str]]) -> set[str]:
    """The kinds of paper an employee with these rights may open."""
    return {kind.value for kind, part in PART_OF.items() if (part.value, Right.VIEW.value) in rights}


class PaperView(RoomView):
    """One paper in the office; each kind goes with the part it belongs to."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        public_id: uuid.UUID = kwargs["public_id"]
        known = set(PART_OF.values())
        if not any(self.may(part, Right.VIEW) for part in known):
            raise PermissionDenied(_("This page needs a right to view applications, quotations, policies or invoices."))
        document = documents_visible_to(self.actor).filter(public_id=public_id).first()
        if document is None:
            raise Http404
        part = PART_OF[DocumentKind(document.kind)]
        if not self.may(part, Right.VIEW):
            raise PermissionDenied(
                _("This page needs “%(part)s: %(right)s”. Ask your administrator.")
                % {"part": part.label, "right": Right.VIEW.label}
            )
        return paper_response(document)
