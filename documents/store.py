"""The archive: bytes by their hash, through Django's storage, so that any S3-compatible store can hold them."""

from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from documents.models import File


class Damaged(Exception):
    """The store gives back other bytes than were kept, or none."""


def keep(content: bytes, *, media_type: str, company_id: int) -> File:
    """Write bytes once and the row that names them. A crash between the two leaves bytes nobody refers to, never the
    reverse.
    """
    digest = sha256(content).hexdigest()
    path = f"{company_id}/{digest[:2]}/{digest}"
    if not default_storage.exists(path) or default_storage.size(path) != len(content):
        if default_storage.exists(path):
            default_storage.delete(path)
        default_storage.save(path, ContentFile(content))
    file, _created = File.objects.get_or_create(
        sha256=digest, defaults={"media_type": media_type, "size": len(content)}
    )
    return file


def fetch(file: File) -> bytes:
    """The bytes as they were kept; raises Damaged where they aren't."""
    try:
        with default_storage.open(file.path) as stream:
            content: bytes = stream.read()
    except FileNotFoundError:
        raise Damaged(f"File {file.sha256} isn't in the store.") from None
    if sha256(content).hexdigest() != file.sha256:
        raise Damaged(f"File {file.sha256} has other bytes than were kept.")
    return content
