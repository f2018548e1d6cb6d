"""What ends a calculation, and what a value that isn't there raises."""

from typing import Any


class Fault(Exception):
    """An error of a calculation; the innermost place that knows its path writes it down."""

    def __init__(self, code: str, path: str = "") -> None:
        super().__init__(code)
        self.code, self.path = code, path


class Missing(Exception):
    """A name that has no value (here, or yet)."""


class EmptyList(Fault):
    """`min` or `max` of no record; `default` gives the other value."""

    def __init__(self) -> None:
        super().__init__("empty_list")


Tree = tuple[Any, ...]
