"""Random passwords and keys, each in a file of its own that only its owner can read."""

import os
import secrets
from pathlib import Path


def password(folder: Path, name: str, *, size: int = 32) -> str:
    """The secret `name` of a cluster, made at the first call from `size` random bytes in a file with mode 0600."""
    path = folder / name
    try:
        found = path.read_text().strip()
    except FileNotFoundError:
        found = ""
    if not found:
        found = secrets.token_urlsafe(size)
        write_private(path, found + "\n")
    return found


def write_private(path: Path, text: str) -> None:
    """Write a file with mode 0600 so that a reader finds the old content or the new, never a part."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)
