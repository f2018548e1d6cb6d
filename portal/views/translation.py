"""A paper of a file in another language, by whoever edits what the file holds."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from common.errors import BusinessError
from common.formats import language_name
from policies.services.translate import translate_paper
from portal.views.case import SendAgain
from portal.views.evidence import CaseProof


class CaseTranslation(CaseProof):
    """One paper is printed once more in another language that its product speaks, and stands beside it."""

    right, or_rights = SendAgain.right, SendAgain.or_rights
    http_method_names = ["post", "options"]  # noqa: RUF012 as Django declares it

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.open_file()
        language = request.POST.get("language", "")
        try:
            with transaction.atomic():
                translate_paper(
                    document=self.document, language=language, company=self.company, actor=self.actor, on=self.today
                )
            told = _("The translation into %(language)s stands beside the paper.")
            messages.success(request, told % {"language": language_name(language)})
        except BusinessError as error:
            messages.error(request, str(error))
        place = {"company": self.company.slug, "number": self.file.case.number}
        return redirect(reverse("office:case_documents", kwargs=place))
