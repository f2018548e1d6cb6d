"""A paper that proves itself, and the evidence of a whole Case as one file."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from common.db import step
from common.errors import BusinessError
from companies.models import PartCode, Right
from companies.trail import record
from documents.models import Document
from documents.services.prove import Proof, prove_document
from documents.views import papers_for
from portal.evidence import Bundle, bundle_of
from portal.views.case import CaseView


class CaseProof(CaseView):
    """One paper of a file with what it was made of and with; the button prints it anew and compares."""

    tab, template_name = "case_documents", "portal/case_proof.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.open_file()
        return self.render_to_response(self.get_context_data(document=self.document))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.open_file()
        proof = prove_document(self.document)
        return self.render_to_response(
            self.get_context_data(document=self.document, proof=proof, verdict=verdict_on(proof))
        )

    @cached_property
    def document(self) -> Document:
        papers = Document.objects.select_related("file", "source").filter(case=self.file.case)
        found = papers.filter(public_id=self.kwargs["public_id"]).first()
        if found is None:
            raise Http404
        if found.kind not in papers_for(self.rights):
            raise PermissionDenied(_("This paper belongs to a part that you may not view. Ask your administrator."))
        return found


def verdict_on(proof: Proof) -> tuple[str, str]:
    """The result of a proof: how it is marked, and what it says in a sentence."""
    if not proof.archived_hash_ok:
        return "bad", _("The archive holds other bytes than were sent.")
    if proof.rendered_equal:
        return "ok", _("Proven: the archive holds what was sent, and printed anew it is the same, byte for byte.")
    if proof.renderer_equal:
        return "warn", _("The archive holds the bytes that were sent. Printed anew it isn’t the same:")
    return "warn", _("The archive holds the bytes that were sent. It was printed by another renderer than today’s:")


class CaseEvidence(CaseView):
    """The evidence bundle of a file, made at once, as far as the reader's rights go; making it is trailed."""

    right = (PartCode.APPLICATIONS, Right.VIEW)
    or_rights = ((PartCode.QUOTATIONS, Right.VIEW), (PartCode.POLICIES, Right.VIEW))
    http_method_names = ["post", "options"]  # noqa: RUF012 as Django declares it

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.open_file()
        try:
            bundle = self.made()
        except BusinessError as error:
            messages.error(request, str(error))
            place = {"company": self.company.slug, "number": self.file.case.number}
            return redirect(reverse("office:case_documents", kwargs=place))
        response = HttpResponse(bundle.content, content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="evidence-{self.file.case.number}.zip"'
        response["X-Content-Type-Options"] = "nosniff"
        return response

    @step
    def made(self) -> Bundle:
        """The bundle, and the sentence in the trail that says who made it and how its chain ends."""
        case, user = self.file.case, self.request.user
        now = timezone.now().replace(microsecond=0)
        bundle = bundle_of(case, company=self.company, rights=self.rights, made_by=str(user), made_at=now)
        record(
            case, "case.bundled", actor=self.actor, on=self.today, case_id=case.pk, head=bundle.head,
            left_out=bundle.left_out,
        )  # fmt: skip
        return bundle
