"""The demo's mail pages: what left by mail, with its links and papers; and the codes of its authenticators. They exist
in a demo only.
"""

import time
from pathlib import Path

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from companies.factors.codes import code_now
from portal.mailbox import find, newest

SHOWN_INLINE = {"application/pdf", "text/plain"}


def folder() -> Path:
    """The mailbox of this demo; 404 where this is no demo."""
    mailbox: Path | None = settings.MAILBOX
    if not settings.DEMO or mailbox is None:
        raise Http404
    return mailbox


@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """All mails, newest first."""
    return render(request, "portal/mails.html", {"mails": newest(folder())})


@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail with its headers, text and papers."""
    found = find(folder(), name)
    if found is None:
        raise Http404
    return render(request, "portal/mail.html", {"mail": found})


@require_safe
def attachment(request: HttpRequest, name: str, place: str) -> HttpResponse:
    """One paper of a mail, shown but never run."""
    found = find(folder(), name)
    if found is None or not 1 <= int(place) <= len(found.attachments):
        raise Http404
    paper = found.attachments[int(place) - 1]
    inline = paper.media_type in SHOWN_INLINE
    response = HttpResponse(paper.content, content_type=paper.media_type if inline else "application/octet-stream")
    safe_name = "".join(letter for letter in paper.name if letter.isalnum() or letter in "._- ")[:100] or "file"
    response["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{safe_name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    return response


@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """What the authenticators of this demo show now; the page asks anew when they change."""
    folder()
    rows = Authenticator.objects.filter(type=Authenticator.Type.TOTP).select_related("user").order_by("user__email")
    left = 30 - int(time.time()) % 30
    shown = [(row.user, code_now(row)) for row in rows]
    response = render(request, "portal/codes.html", {"codes": shown, "left": left})
    response["Refresh"] = str(left)
    return response
