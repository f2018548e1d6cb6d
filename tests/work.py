"""Work counted instead of timed: a busy machine makes it slower, never more."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def calls_at_most(most: int) -> Iterator[None]:
    """Fail as soon as what runs inside makes more calls of functions than that, its own and the interpreter's."""
    made, before = 0, sys.getprofile()

    def count(_frame: Any, event: str, _called: Any) -> None:
        nonlocal made
        if event in {"call", "c_call"}:
            made += 1
            assert made <= most, f"more than {most:,} calls"

    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(before)
