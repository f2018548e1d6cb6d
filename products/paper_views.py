"""Terms and service documents of a version: shown, added to and taken out of its author's draft."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from common.errors import BusinessError
from companies.models import PartCode, Right
from companies.views import show_error
from documents.store import fetch
from documents.views import shown_file
from products.models import PaperKind, VersionPaper
from products.paper_forms import PaperForm
from products.services import papers
from products.views import OneVersion, address_of, name_of


class NewPaperView(OneVersion):
    """A paper for the author's own draft."""

    right = (PartCode.PRODUCTS, Right.EDIT)
    template_name = "products/paper.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = self.version()
        return self.shown(version, PaperForm(languages=version.definition["languages"]))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = self.version()
        form = PaperForm(request.POST, request.FILES, languages=version.definition["languages"])
        if form.is_valid():
            asked = form.cleaned_data
            try:
                with transaction.atomic():
                    papers.add_paper(
                        version_id=version.pk, kind=PaperKind(asked["kind"]), language=asked["language"],
                        taken=asked["file"], actor=self.actor, on=self.today,
                    )  # fmt: skip
            except BusinessError as error:
                show_error(form, error)
            else:
                messages.success(request, _("The paper is with version %(number)s.") % {"number": version.number})
                return redirect(address_of(self.company.slug, version))
        return self.shown(version, form, status=422)

    def shown(self, version: Any, form: PaperForm, status: int = 200) -> HttpResponse:
        context = self.get_context_data(version=version, form=form, product_name=name_of(version))
        return self.render_to_response(context, status=status)


class PaperView(OneVersion):
    """One paper of a version, byte for byte as customers get it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = VersionPaper.objects.select_related("file").filter(version=self.version())
        found = rows.filter(kind=self.kwargs["kind"], language=self.kwargs["language"]).first()
        if found is None:
            raise Http404
        name = f"{found.kind}-{self.kwargs['slug']}-{self.kwargs['number']}-{found.language}.pdf"
        return shown_file(fetch(found.file), found.file.media_type, name)


class RemovePaperView(OneVersion):
    """Take a paper out of the author's own draft, by POST."""

    right = (PartCode.PRODUCTS, Right.EDIT)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = self.version()
        asked = {"kind": self.kwargs["kind"], "language": self.kwargs["language"]}
        try:
            with transaction.atomic():
                papers.remove_paper(version_id=version.pk, actor=self.actor, on=self.today, **asked)
        except BusinessError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The paper is taken out."))
        return redirect(address_of(self.company.slug, version))
