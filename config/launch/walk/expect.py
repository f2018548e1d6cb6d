"""What a step of the walk says when it finds something else than it expected."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class StepFailed(Exception):
    """A step found something else than it expected; the message tells both."""


def expect(what: str, expected: object, found: object) -> None:
    """Refuse to go on where the two differ."""
    if expected != found:
        raise StepFailed(f"Expected {what} to be {expected!r}; found {found!r}.")


def expect_text(text: str, where: str, *wanted: str) -> None:
    """Refuse to go on where one of the wanted texts isn't there."""
    for part in wanted:
        if part not in text:
            raise StepFailed(f"Expected “{part}” in {where}; it isn't there.")


def wait_for(what: str, look: Callable[[], Found | None], *, seconds: float = 30, every: float = 0.1) -> Found:
    """Look again and again until something is there."""
    until = time.monotonic() + seconds
    while (found := look()) is None:
        if time.monotonic() > until:
            raise StepFailed(f"Expected {what} within {seconds:.0f} seconds; found none.")
        time.sleep(every)
    return found
