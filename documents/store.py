"""The archive: bytes by their hash, through Django's storage, so that any S3-compatible store can hold them."""

from collections.abc import Sequence
from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from documents.models import File


class Damaged(Exception):
    """The store gives back other bytes than were kept, or none."""


def path_of(digest: str, company_id: int) -> str:
    """Where the bytes of a hash lie."""
    return f"{company_id}/{digest[:2]}/{digest}"


def put(content: bytes, *, company_id: int) -> str:
    """Write bytes once; their SHA-256."""
    digest = sha256(content).hexdigest()
    path = path_of(digest, company_id)
    if not default_storage.exists(path) or default_storage.size(path) != len(content):
        discard(digest, company_id)
        default_storage.save(path, ContentFile(content))
    return digest


def discard(digest: str, company_id: int) -> None:
    """Remove bytes that no row names."""
    path = path_of(digest, company_id)
    if default_storage.exists(path):
        default_storage.delete(path)


def keep(contents: Sequence[tuple[bytes, str]], *, company_id: int) -> list[File]:
    """Write bytes, each with its media type, once, and the rows that name them; the rows in their order. A crash
    between the two leaves bytes nobody refers to, never the reverse.
    """
    digests = [put(content, company_id=company_id) for content, _media_type in contents]
    named = sorted(zip(digests, contents, strict=True))  # in one order, so that no two wait for each other
    rows = [File(sha256=digest, media_type=kind, size=len(content)) for digest, (content, kind) in named]
    File.objects.bulk_create(rows, ignore_conflicts=True)
    found = {file.sha256: file for file in File.objects.filter(sha256__in=digests)}
    return [found[digest] for digest in digests]


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
