"""Files on their own page: added, taken out, and given back to the link that brought them (S0-06, threats A6)."""

import uuid
from hashlib import sha256
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from applications.files import file_response, size_in_words
from applications.list_forms import FilesForm
from applications.models import Draft, Upload
from applications.quota import MOST_AT_ONCE, TOO_LARGE
from applications.services.uploads import add_file, confirm_files, most_files, take_out, uploads_of
from applications.steps import Step
from applications.views.base import LinkView
from applications.views.draft import DraftView
from common.errors import BusinessError
from documents.intake.take import LARGEST, FileRefused, take_file
from products.language import Product
from products.selectors import compiled, with_product


def take_files(view: DraftView, form: FilesForm, step: Step, draft: Draft) -> Draft | None:
    """Do what the page's button asks; the draft that goes on, or None where the page is shown again."""
    key: dict[str, Any] = {"case_id": view.case_id, "page": step.slug, "key": step.keys[0], "on": view.today}
    if form.removed is not None:
        take_out(public_id=form.removed, **key)
        return None
    sent = view.request.FILES.getlist("files")
    for file in sent[:MOST_AT_ONCE]:
        add_one(view, form, file, key, draft)
    if len(sent) > MOST_AT_ONCE or view.request.META.get(TOO_LARGE):
        said = _("That was too much at once. Expected at most %(count)s files of 10 MB.") % {"count": MOST_AT_ONCE}
        form.add_error(None, said)
    if form.data.get("go") == "add" or form.errors:
        return None
    if form.data.get("go"):  # the page is left, which confirms nothing
        return with_product(Draft.objects.all(), "version__product").get(pk=draft.pk)
    return confirm_files(**key)


def add_one(view: DraftView, form: FilesForm, file: Any, key: dict[str, Any], draft: Draft) -> None:
    """Take one file, or say why not."""
    part = next(part for part in compiled(draft.version).questions if part.spec.key == key["key"])
    media = frozenset(part.spec.media) or frozenset({"pdf", "image"})
    try:
        content = file.read() if file.size <= LARGEST else b"x" * (LARGEST + 1)
        taken = take_file(content, name=file.name or "", media=frozenset(str(kind) for kind in media))
        add_file(taken=taken, digest=sha256(taken.content).hexdigest(), **key)
    except (FileRefused, BusinessError) as error:
        form.add_error(None, str(error))


def files_context(view: DraftView, product: Product, step: Step) -> dict[str, Any]:
    """What the page of a question for files shows."""
    key = step.keys[0]
    part = next(part for part in product.questions if part.spec.key == key)
    spoken, most = product.language(view.language), most_files(product, key)
    uploads = uploads_of(view.case_id, key)
    return {
        "files": [shown_file(view, row) for row in uploads],
        "most": most,
        "errors_title": _("Not everything is as it is needed.") if uploads else "",
        "full": len(uploads) >= most,
        "accept": ",".join(ACCEPT[kind] for kind in part.spec.media or ACCEPT),
        "may_be_empty": part.spec.optional or not int(str(part.least or 0)),
        "help": (part.spec.help or {}).get(spoken, ""),
        "why": (part.spec.why or {}).get(spoken, ""),
    }


ACCEPT = {"pdf": "application/pdf", "image": "image/jpeg,image/png"}


def shown_file(view: DraftView, row: Upload) -> dict[str, Any]:
    url = view.url_of("file", public_id=row.public_id)
    return {"name": row.name, "size": size_in_words(row.file), "id": row.public_id, "url": url}


class FileView(LinkView):
    """A file for the link that brought it; the wall shows no other."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        public_id: uuid.UUID = kwargs["public_id"]
        found = (
            Upload.objects.select_related("file")
            .filter(case=self.case_id, public_id=public_id, removed_at=None)
            .first()
        )
        if found is None:
            raise Http404
        return file_response(found)
