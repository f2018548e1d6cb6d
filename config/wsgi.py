"""The web process: which doors it opens is told by POLISDESK_PROCESS."""

import os
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.wsgi import get_wsgi_application


class Request(WSGIRequest):
    """Reads a Content-Type that can't be read as none. Django makes the request before any refusal of its own or ours
    holds, and counts its parameters where a charset is named: one that is no alphabet (`hex`), that says its own in an
    unknown one, or stands beside too many parameters would be a fault of ours (status 500).
    """

    def _set_content_type_params(self, meta: Any) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]
        except (ValueError, LookupError, SuspiciousOperation):
            self.content_type, self.content_params = "", {}


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application: WSGIHandler = get_wsgi_application()
application.request_class = Request
