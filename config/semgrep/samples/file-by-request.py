import os
from pathlib import Path

from django.core.files.storage import default_storage

FOLDER = Path("/srv/files")


def bad(request):
    open(request.GET["file"])  # bad
    default_storage.open(request.POST["file"])  # bad
    os.path.join("/srv", request.headers["X-File"])  # bad
    name = request.GET.get("file", "").strip()
    return (FOLDER / name).read_bytes()  # bad


class Page:
    def get(self, request):
        return Path(self.kwargs["name"])  # bad


def good(document):
    return default_storage.open(document.file.path)
