"""A file of an application as an answer of HTTP, and in words."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from applications.models import Upload
from common.formats import number
from documents.intake.take import clean_name
from documents.models import File
from documents.store import fetch

KINDS = {"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG"}


def size_in_words(file: File) -> str:
    """How large a file is, in whole kilobytes."""
    return _("%(size)s kB") % {"size": number(max(1, round(file.size / 1000)))}


def kind_and_size(file: File) -> str:
    """What a file is and how large: PNG, 12 kB."""
    return f"{KINDS.get(file.media_type, file.media_type)}, {size_in_words(file)}"


def file_response(upload: Upload) -> HttpResponse:
    """The bytes to be saved, never shown or run by the browser: no sniffing, a sandbox around them."""
    response = HttpResponse(fetch(upload.file), content_type=upload.file.media_type)
    response["Content-Disposition"] = content_disposition_header(True, clean_name(upload.name)) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    return response
