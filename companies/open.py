"""What is open in a module and what it holds, as its rooms count it: said to whoever wants to switch it off (S1-32)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from companies.models import ModuleCode


@dataclass(frozen=True, slots=True)
class Counted:
    """One kind of thing in a module, and how many there are in the current company."""

    module: ModuleCode
    title: "str | Promise"
    count: Callable[[], int]


OPEN: list[Counted] = []
HELD: list[Counted] = []


def waits(*kinds: Counted) -> None:
    """What somebody must still do; called by a room's navigation.py."""
    OPEN.extend(kinds)


def holds(*kinds: Counted) -> None:
    """What stands there, done or not; called by a room's navigation.py."""
    HELD.extend(kinds)
