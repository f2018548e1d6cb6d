"""What is open in a module, as its rooms count it: said to whoever wants to switch it off (S1-32)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from companies.models import ModuleCode


@dataclass(frozen=True, slots=True)
class Open:
    """One kind of thing that is open in a module, and how many there are in the current company."""

    module: ModuleCode
    title: "str | Promise"
    count: Callable[[], int]


COUNTED: list[Open] = []


def counts(*kinds: Open) -> None:
    """Called by a room's navigation.py."""
    COUNTED.extend(kinds)
