"""How much one form of the front office may send."""

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from documents.intake.take import LARGEST

MOST_AT_ONCE = 5  # files
LARGEST_FORM = MOST_AT_ONCE * LARGEST + 100_000  # bytes
TOO_LARGE = "polisdesk.too_large"


class Quota(FileUploadHandler):
    """Stops reading files at a size no form of ours has; what was read before counts as not sent."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.asked, self.left = request, LARGEST_FORM

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.left -= len(raw_data)
        if self.left < 0:
            self.asked.META[TOO_LARGE] = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers behind keep it."""
