"""A folder for servers that drop to an account of their own, which pytest's closed folders would keep out."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def servers_folder(name: str) -> Iterator[Path]:
    """An empty folder that every account may pass through; gone at the end."""
    with tempfile.TemporaryDirectory(prefix=f"polisdesk-{name}-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        folder.chmod(0o755)
        yield folder
