"""A file of an application as an answer of HTTP."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from applications.models import Upload
from documents.store import fetch


def file_response(upload: Upload) -> HttpResponse:
    """The bytes to be saved, never shown or run by the browser: no sniffing, a sandbox around them."""
    response = HttpResponse(fetch(upload.file), content_type=upload.file.media_type)
    response["Content-Disposition"] = content_disposition_header(True, upload.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    return response
